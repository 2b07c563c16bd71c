#pragma once
#include <curl/curl.h>
#include <spawn.h>

/* curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt are variadic: one typed door per kind of argument. */
static inline CURLcode mds_set_long(CURL *h, CURLoption o, long v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode mds_set_offset(CURL *h, CURLoption o, curl_off_t v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode mds_set_string(CURL *h, CURLoption o, const char *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode mds_set_pointer(CURL *h, CURLoption o, void *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode mds_set_list(CURL *h, CURLoption o, struct curl_slist *v) { return curl_easy_setopt(h, o, v); }

/* Body and header bytes in, body bytes out: the three have one shape. */
typedef size_t (*mds_data_callback)(char *, size_t, size_t, void *);
static inline CURLcode mds_set_data_callback(CURL *h, CURLoption o, mds_data_callback f) { return curl_easy_setopt(h, o, f); }
static inline CURLcode mds_set_seek(CURL *h, curl_seek_callback f) { return curl_easy_setopt(h, CURLOPT_SEEKFUNCTION, f); }
static inline CURLcode mds_set_prerequest(CURL *h, curl_prereq_callback f) { return curl_easy_setopt(h, CURLOPT_PREREQFUNCTION, f); }
static inline CURLcode mds_set_socket_opened(CURL *h, curl_sockopt_callback f) { return curl_easy_setopt(h, CURLOPT_SOCKOPTFUNCTION, f); }
static inline CURLcode mds_set_socket_closed(CURL *h, curl_closesocket_callback f) { return curl_easy_setopt(h, CURLOPT_CLOSESOCKETFUNCTION, f); }

static inline CURLcode mds_get_long(CURL *h, CURLINFO i, long *v) { return curl_easy_getinfo(h, i, v); }
static inline CURLcode mds_get_offset(CURL *h, CURLINFO i, curl_off_t *v) { return curl_easy_getinfo(h, i, v); }
static inline CURLcode mds_get_string(CURL *h, CURLINFO i, char **v) { return curl_easy_getinfo(h, i, v); }
static inline CURLMcode mds_multi_set_long(CURLM *m, CURLMoption o, long v) { return curl_multi_setopt(m, o, v); }

static inline unsigned int mds_version(void) { return curl_version_info(CURLVERSION_NOW)->version_num; }

/* CURLMsg keeps its result in an anonymous union. */
static inline CURLcode mds_message_result(const CURLMsg *m) { return m->data.result; }

/* Macros with casts are not imported. */
static inline size_t mds_write_pause(void) { return CURL_WRITEFUNC_PAUSE; }
static inline size_t mds_read_pause(void) { return CURL_READFUNC_PAUSE; }
static inline size_t mds_read_abort(void) { return CURL_READFUNC_ABORT; }
static inline CURLcode mds_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

/* Swift 6 does not let a mutable global through; it is read once, for the command that prints a token. */
extern char **environ;
static inline char **mds_environment(void) { return environ; }

/* glibc shows it under _GNU_SOURCE only, which the importer does not define. */
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
static inline int mds_close_from(posix_spawn_file_actions_t *a, int first) {
  return posix_spawn_file_actions_addclosefrom_np(a, first);
}

enum {
  MDS_HTTP_1_1 = CURL_HTTP_VERSION_1_1,
  MDS_HTTP_2_OVER_TLS = CURL_HTTP_VERSION_2TLS,
  MDS_HTTP_2_PRIOR_KNOWLEDGE = CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE,
  MDS_TLS_1_2 = CURL_SSLVERSION_TLSv1_2,
  MDS_MULTIPLEX = CURLPIPE_MULTIPLEX,
  MDS_PAUSE_RECEIVING = CURLPAUSE_RECV,
  MDS_PAUSE_SENDING = CURLPAUSE_SEND,
  MDS_PAUSE_NOTHING = CURLPAUSE_CONT
};
