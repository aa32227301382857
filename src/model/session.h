/* An SMTP session: one TCP connection's dialogue, as evidence keeps it (no message text, no
 * password). All of it, and the struct itself, lives in one arena. Filled by session_item() from
 * what wire/smtp tells, and by the sensor (times, ends, marks, packets). Its line of JSON is an
 * interface: docs/sessions.md. */
#ifndef MW_MODEL_SESSION_H
#define MW_MODEL_SESSION_H

#include "base/address.h"
#include "base/arena.h"
#include "base/csv.h"
#include "base/json.h"
#include "model/message.h"
#include "model/tls_mark.h"
#include "wire/smtp.h"

#define UUID_TEXT 37
#define SESSION_MESSAGES_MAX 1000   /* transactions described; further ones are counted */
#define SESSION_RECIPIENTS_MAX 1000 /* described in one transaction */

enum witness { /* how sure we are that the client's address is its own: DETECTION.md section 1 */
	WITNESS_HANDSHAKE, /* the three-way handshake was seen */
	WITNESS_MIDSTREAM, /* not, but each side acknowledged the other's data */
	WITNESS_NONE       /* neither: proves nothing, accuses nobody */
};

enum mark { /* bits */
	MARK_ONE_SIDED = 1,
	MARK_OVERLAP_CONFLICT = 2,
	MARK_GAP = 4,
	MARK_CUT = 8 /* the capture begins or ends within the session, or packets are cut short */
};

struct endpoint {
	struct address ip;
	uint16_t port;
	bool has_mac;
	uint8_t mac[6];
};

struct session_helo {
	struct session_helo *next;
	enum smtp_verb verb;
	struct bytes argument;
	int code;
};

struct session_auth {
	struct session_auth *next;
	struct bytes mechanism, identity;
	int code; /* of the final outcome; 0: not seen */
};

struct session_recipient {
	struct session_recipient *next;
	struct bytes address, enhanced, text;
	int code;
	int64_t time;
};

struct transaction {
	struct transaction *next;
	int64_t time;              /* of the MAIL command */
	struct bytes reverse_path; /* present and empty: the null sender <> */
	int code;                  /* of MAIL */
	struct bytes enhanced, text;
	struct session_recipient *recipients, *recipients_last;
	uint32_t recipient_count; /* all, also those not described */
	int data_code;  /* of DATA; of the first refused BDAT chunk, else of the last non-final one;
			   0: never asked */
	int final_code; /* after the message; 0: none seen */
	struct bytes final_enhanced, final_text;
	bool has_message; /* its end was seen */
	bool reset;       /* given up by RSET, HELO or another MAIL before a message was sent */
	bool accepted;    /* final_code is 2xx */
	const struct message *message; /* what is in it; NULL: not looked into */
	uint64_t message_size;         /* bytes, dots unstuffed */
};

struct session_tls {                                  /* docs/tls.md */
	bool has_client, has_server, has_certificate; /* that hello was read, the certificate too */
	uint16_t version, cipher;                     /* chosen by the server */
	struct bytes sni, alpn_chosen;
	struct tls_names alpn; /* offered */
	struct tls_certificate certificate;
	struct tls_alert alert[2];
	char client_mark[TLS_CLIENT_MARK_TEXT], server_mark[TLS_SERVER_MARK_TEXT]; /* "": none */
};

struct session_counters {
	uint64_t packets_client, packets_server; /* of the connection, all parts so far */
	uint64_t bytes_client, bytes_server;     /* payload, each byte once */
	uint32_t commands, unknown_commands, noop, rset, vrfy, expn;
	uint32_t transactions, messages, messages_accepted;
	uint32_t recipients, recipients_accepted, recipients_deferred, recipients_rejected;
};

struct session {
	struct arena *arena;
	char id[UUID_TEXT];  /* UUIDv5 of the connection's ends and start */
	uint64_t connection; /* order among equal times: a hash of the connection's ends and start,
				the same in any split */
	unsigned part;  /* 1 when whole; a dialogue that outgrows its arena is handed on in parts 1,
			   2, ... */
	bool continues; /* another part follows */
	int64_t start, end, final; /* first and last packet; time final (DETECTION.md section 1) */
	enum witness witness;
	unsigned marks;
	uint16_t vlan[2];
	struct endpoint client, server;
	int greeting_code; /* 0: none seen */
	struct bytes greeting_text;
	struct session_helo *helo, *helo_last;
	struct session_auth *auth, *auth_last;
	int starttls_code; /* of the last STARTTLS; 0: never asked, or no answer seen */
	bool starttls_asked, tls, tls_implicit;
	int64_t tls_time;
	uint64_t tls_client_bytes, tls_server_bytes; /* TLS application data */
	const struct session_tls *tls_facts;         /* NULL: no side spoke TLS */
	bool quit;
	struct transaction *transactions, *transactions_last;
	struct session_counters counters;
	struct anomalies anomalies; /* what was odd in this connection */
	/* session_item() alone uses these: */
	struct transaction *current; /* NULL: none is open, or it is not described */
	bool open;                   /* a transaction is: MAIL came, its end did not */
	bool full;                   /* it was said to be, once */
	uint32_t described;          /* transactions */
	struct bytes last_text;      /* a reply text that comes again is kept once */
	struct bytes last_enhanced;
	struct message *read, *read_last; /* messages whose reply is awaited */
};

/* A session in a fresh arena of at most 256 KiB (SESSION_ARENA_MAX); NULL when there is no memory.
 */
#define SESSION_ARENA_MAX (256 * 1024)
struct session *session_new(struct anomaly_totals *totals);
void session_free(struct session *session); /* and all that it holds */

/* Takes in one item of the dialogue. false: the arena is full and nothing of the item was taken:
 * hand the session on as a part and give the item to the next. Where there is no next, the same
 * session takes it when asked again, and counts what it cannot describe. */
bool session_item(struct session *session, const struct smtp_item *item);

/* A message was read to its end: it belongs to the transaction that the next SMTP_MESSAGE item is
 * of. In the session's arena. */
void session_message(struct session *session, struct message *message);

/* The next part of the same connection: a new session with ends, id, witness, marks, anomalies,
 * counters' packets and bytes, greeting, the last HELO and AUTH and the open transaction carried
 * over, part + 1; the other counters begin at 0, so that parts add up. `session` then says that it
 * continues. NULL when there is no memory. */
struct session *session_continue(struct session *session);

/* Keeps what was seen of TLS; NULL: nothing was. */
void session_tls(struct session *session, const struct tls_facts *facts);
void session_tls_json(const struct session *session, struct json *json); /* keys, in an object */

/* Fills id and connection from the ends and the start. */
void session_identify(struct session *session, unsigned sensor);

/* Did it hold any sign of SMTP (greeting, helo, commands)? A mail-port connection without is only
 * an attempt. */
bool session_has_dialogue(const struct session *session);

/* One line without newline; `sensor` is its name ("file"). */
struct bytes session_json(const struct session *session, const char *sensor, struct json *json);
void session_csv_header(struct csv *csv);
struct bytes session_csv(const struct session *session, const char *sensor, struct csv *csv);

/* What its greeting's text is, for those who must not show names. */
enum pseudonym_kind session_greeting_kind(const struct session *session);

const char *witness_name(enum witness witness); /* "handshake" */
const char *mark_name(enum mark mark);          /* "one_sided" */

/* UUID version 5 (RFC 9562) of `name` in mailwarden's namespace, as lower-case text. */
void uuid5(const void *name, size_t size, char out[UUID_TEXT]);

#endif
