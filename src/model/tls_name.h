/* Names of what TLS writes as numbers (IANA, "TLS Parameters"). Pure. */
#ifndef MW_MODEL_TLS_NAME_H
#define MW_MODEL_TLS_NAME_H

#include <stdint.h>

#define TLS_NUMBER_TEXT 7 /* "0xC030" with NUL */

/* The name; of a number that has none here, "0xC030" written into `text`. */
const char *tls_version_name(uint16_t version, char text[TLS_NUMBER_TEXT]); /* "TLS 1.3" */
const char *tls_cipher_name(uint16_t cipher, char text[TLS_NUMBER_TEXT]);

const char *tls_alert_name(uint8_t code);        /* "handshake_failure"; NULL: none */
const char *tls_alert_level_name(uint8_t level); /* "fatal"; NULL: none */

#endif
