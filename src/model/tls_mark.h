/* Marks of TLS hellos: short texts that are the same for the same software in the same setting, so
 * that machines can be told apart, and found again, although what they say is encrypted. The
 * client's is JA4 (FoxIO, BSD-3-Clause), the server's our own; docs/tls.md defines both. Pure. */
#ifndef MW_MODEL_TLS_MARK_H
#define MW_MODEL_TLS_MARK_H

#include "wire/tls.h"

#define TLS_CLIENT_MARK_TEXT 37 /* with NUL */
#define TLS_SERVER_MARK_TEXT 17

/* "t13d1516h2_8daaf6152771_e5627efa2ab1"; false: no memory, and `text` is empty. */
bool tls_client_mark(const struct tls_client_hello *hello, char text[TLS_CLIENT_MARK_TEXT]);

/* "s13-" and 12 digits. */
bool tls_server_mark(const struct tls_server_hello *hello, char text[TLS_SERVER_MARK_TEXT]);

#endif
