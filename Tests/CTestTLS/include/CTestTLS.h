#pragma once
/* The server's side of TLS for tests, by the OpenSSL that libcurl has loaded: no headers and no program of its own. */

/* A server with that certificate and key (PEM files); with `authority` it asks for a client that this vouches for, and
   refuses others. NULL where one of the files cannot be used. */
void *mds_tls_server(const char *certificate, const char *key, const char *authority);
void mds_tls_server_free(void *server);
/* Agrees on TLS with the client at the other end of `socket`, which stays the caller's. NULL where that fails. */
void *mds_tls_accept(void *server, int socket);
/* As recv and send: the number of bytes, 0 or less at the end. */
int mds_tls_read(void *session, void *bytes, int count);
int mds_tls_write(void *session, const void *bytes, int count);
/* Says goodbye and frees the session. */
void mds_tls_end(void *session);
