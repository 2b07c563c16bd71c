#define _GNU_SOURCE
#include "CTestTLS.h"

#include <dlfcn.h>
#include <stddef.h>

/* Of OpenSSL 3: SSL_FILETYPE_PEM, and SSL_VERIFY_PEER with SSL_VERIFY_FAIL_IF_NO_PEER_CERT. */
enum { PEM_FILE = 1, ASK_AND_REFUSE = 3 };

/* A function of OpenSSL; libcurl brought it into the process. */
#define FIND(result, name, ...) \
  result (*name)(__VA_ARGS__) = (result (*)(__VA_ARGS__))dlsym(RTLD_DEFAULT, #name)

void mds_tls_server_free(void *server) {
  FIND(void, SSL_CTX_free, void *);
  if (SSL_CTX_free != NULL) SSL_CTX_free(server);
}

void *mds_tls_server(const char *certificate, const char *key, const char *authority) {
  FIND(const void *, TLS_server_method, void);
  FIND(void *, SSL_CTX_new, const void *);
  FIND(int, SSL_CTX_use_certificate_chain_file, void *, const char *);
  FIND(int, SSL_CTX_use_PrivateKey_file, void *, const char *, int);
  FIND(int, SSL_CTX_load_verify_locations, void *, const char *, const char *);
  FIND(void, SSL_CTX_set_verify, void *, int, void *);
  if (TLS_server_method == NULL || SSL_CTX_new == NULL || SSL_CTX_use_certificate_chain_file == NULL ||
      SSL_CTX_use_PrivateKey_file == NULL || SSL_CTX_load_verify_locations == NULL || SSL_CTX_set_verify == NULL)
    return NULL;
  void *server = SSL_CTX_new(TLS_server_method());
  if (server == NULL) return NULL;
  if (SSL_CTX_use_certificate_chain_file(server, certificate) != 1 ||
      SSL_CTX_use_PrivateKey_file(server, key, PEM_FILE) != 1 ||
      (authority != NULL && SSL_CTX_load_verify_locations(server, authority, NULL) != 1)) {
    mds_tls_server_free(server);
    return NULL;
  }
  if (authority != NULL) SSL_CTX_set_verify(server, ASK_AND_REFUSE, NULL);
  return server;
}

void *mds_tls_accept(void *server, int socket) {
  FIND(void *, SSL_new, void *);
  FIND(int, SSL_set_fd, void *, int);
  FIND(int, SSL_accept, void *);
  FIND(void, SSL_free, void *);
  void *session = SSL_new(server);
  if (session == NULL) return NULL;
  if (SSL_set_fd(session, socket) == 1 && SSL_accept(session) == 1) return session;
  SSL_free(session);
  return NULL;
}

int mds_tls_read(void *session, void *bytes, int count) {
  FIND(int, SSL_read, void *, void *, int);
  return SSL_read(session, bytes, count);
}

int mds_tls_write(void *session, const void *bytes, int count) {
  FIND(int, SSL_write, void *, const void *, int);
  return SSL_write(session, bytes, count);
}

void mds_tls_end(void *session) {
  FIND(int, SSL_shutdown, void *);
  FIND(void, SSL_free, void *);
  SSL_shutdown(session);
  SSL_free(session);
}
