/* TLS as far as it shows without a key: records, hellos, the server's certificate up to TLS 1.2,
 * alerts; SSL 3.0 to TLS 1.3 (RFC 6101, 2246, 4346, 5246, 8446), and the SSLv2 form of a first
 * hello (RFC 5246 E.2). The bytes of both sides in, facts out; nothing is decrypted. Pure: no I/O,
 * no clock, no digests (marks of a hello: model/tls_mark.h). Memory: the caller's arena. Threads:
 * one at a time. Errors: what cannot be read is counted in `seen`, and reading goes on. */
#ifndef MW_WIRE_TLS_H
#define MW_WIRE_TLS_H

#include "base/anomaly.h"
#include "base/arena.h"

#define TLS_MESSAGE_MAX                                                                            \
	16384            /* bytes of a hello, or of the server's own certificate, that is read */
#define TLS_NAMES_MAX 8  /* kept of a list of names; further ones are counted */
#define TLS_NAME_MAX 255 /* bytes kept of a name */

struct tls; /* opaque: defined in tls.c */

enum tls_side { TLS_CLIENT, TLS_SERVER };

struct tls_codes { /* as they were sent, in their order, without GREASE (RFC 8701) */
	const uint16_t *at;
	size_t count;
};

struct tls_names {
	struct bytes at[TLS_NAMES_MAX];
	unsigned count; /* all, also those not kept */
};

struct tls_client_hello {
	uint16_t version;                     /* the highest that is offered: 0x0303 is TLS 1.2 */
	struct bytes sni;                     /* the name asked for (RFC 6066 3); absent: none */
	struct tls_names alpn;                /* offered (RFC 7301) */
	struct tls_codes ciphers, extensions; /* extensions: their types */
	struct tls_codes signatures;          /* signature_algorithms */
};

struct tls_server_hello {
	uint16_t version, cipher; /* chosen */
	bool retry;               /* a HelloRetryRequest (RFC 8446 4.1.4): the real one follows */
	struct bytes alpn;        /* chosen; absent: none, or encrypted (TLS 1.3) */
	struct tls_codes extensions;
};

struct tls_certificate {        /* X.509 (RFC 5280); names are bytes as they lie in it */
	struct bytes subject;   /* its common name; absent: none */
	struct tls_names names; /* subjectAltName: dNSName */
	struct bytes issuer, issuer_organization; /* common name, organization */
	bool dated;                               /* both times could be read */
	int64_t not_before, not_after;
};

struct tls_alert {
	bool seen;
	uint8_t level, code; /* RFC 8446 6 */
};

struct tls_facts { /* what was not seen, or could not be read, is NULL */
	const struct tls_client_hello *client;     /* the first one */
	const struct tls_server_hello *server;     /* never a HelloRetryRequest */
	const struct tls_certificate *certificate; /* the server's own */
	bool retry;                                /* the server asked for another hello */
	struct tls_alert alert[2];                 /* of each side the last that is not encrypted */
};

/* NULL when the arena is full. Lives until the arena is freed; `seen` must live as long. A usual
 * handshake needs 2 KiB, the worst 160 KiB; what a long connection needs does not grow with it. */
struct tls *tls_init(struct arena *arena, struct anomalies *seen);

/* The next bytes of one side, any slice of its stream. false: the very first bytes of that side are
 * no TLS (not counted: the caller knows what that means), and nothing of the side is read any more.
 */
bool tls_feed(struct tls *tls, enum tls_side side, struct bytes in);

/* `size` bytes of that side are missing here (0: unknown). */
void tls_gap(struct tls *tls, enum tls_side side, uint64_t size);

const struct tls_facts *tls_facts(const struct tls *tls);      /* so far */
uint64_t tls_bytes(const struct tls *tls, enum tls_side side); /* of application-data records */

/* Do these first bytes of a side begin TLS? 1 yes, 0 not yet known, -1 no. `middle`: any record
 * will do, not only a handshake. At most 5 bytes tell. */
int tls_begins(struct bytes in, enum tls_side side, bool middle);

/* One whole message, without its header. NULL: it could not be read, or the arena is full; either
 * is counted. */
struct tls_client_hello *tls_client_hello_decode(
	struct bytes in, struct arena *arena, struct anomalies *seen);
struct tls_client_hello *tls_client_hello_decode_v2(/* from its type byte on */
	struct bytes in, struct arena *arena, struct anomalies *seen);
struct tls_server_hello *tls_server_hello_decode(
	struct bytes in, struct arena *arena, struct anomalies *seen);
struct tls_certificate *tls_certificate_decode(/* DER */
	struct bytes in, struct arena *arena, struct anomalies *seen);

bool tls_is_grease(uint16_t code); /* RFC 8701: 0x0a0a, 0x1a1a, ... */

/* A copy of a name, at most TLS_NAME_MAX bytes of it; absent at the arena's limit, which is
 * counted.
 */
struct bytes tls_name_keep(struct arena *arena, struct bytes name, struct anomalies *seen);

#endif
