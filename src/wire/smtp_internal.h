/* What the files of the SMTP parser share, and nobody else: the parser's state. Two streams meet in
 * it. The client's is read by what its next bytes are (enum smtp_reading), the server's line by
 * line; between them stands a queue of the commands that wait for their reply. smtp.c moves the
 * bytes, the others read one kind of them each. */
#ifndef MW_WIRE_SMTP_INTERNAL_H
#define MW_WIRE_SMTP_INTERNAL_H

#include "wire/smtp.h"

#define SMTP_HELD_MAX 4096       /* bytes kept while a reply decides what they are */
#define SMTP_REPLY_TEXT_MAX 2048 /* bytes kept of the text of a reply of several lines */
#define SMTP_WAITING_BYTES 32768 /* the most that waiting commands may take */
#define SMTP_DOUBTFUL_MAX 16     /* replies after a gap that may yet find their command */
#define SMTP_IDENTITY_MAX 256    /* bytes; a longer identity is not kept */
#define SMTP_MECHANISM_MAX 20    /* RFC 4422 3.1 */
#define SMTP_ENHANCED_MAX 10     /* "5.123.123" and one to spare */

enum smtp_reading {
	READING_COMMAND,
	READING_RESPONSE, /* the answer to a 334 of AUTH */
	READING_CONTENT,  /* after DATA, up to the dot */
	READING_CHUNK,    /* of BDAT */
	READING_HELD,     /* the reply to DATA, STARTTLS or AUTH decides: kept until then */
	READING_TLS,
	READING_NOTHING /* this client speaks what cannot be read */
};

enum smtp_content { /* where in a line of the message */
	CONTENT_INSIDE,
	CONTENT_BEGIN,     /* at its first byte, behind CRLF */
	CONTENT_BEGIN_LF,  /* the same, behind a bare LF */
	CONTENT_DOT,       /* behind a dot that came first */
	CONTENT_DOT_LF,    /* the same, where the line before ended with a bare LF */
	CONTENT_DOT_CR,    /* behind a dot and CR */
	CONTENT_DOT_CR_LF, /* the same, where the line before ended with a bare LF */
};

struct smtp_buffer { /* grows in the arena; what it outgrows is lost until the arena is freed */
	uint8_t *at;
	uint32_t size, room;
};

struct smtp_line { /* one side's line that is not complete yet */
	struct smtp_buffer cut;
	bool torn; /* its begin may be lost: it is read if it makes sense all the same */
	bool over; /* longer than SMTP_LINE_MAX */
};

struct smtp_command { /* as the line said it */
	enum smtp_verb verb;
	bool plausible; /* the verb is known and its argument looks as it should */
	bool last;      /* BDAT LAST */
	uint64_t size;  /* of BDAT */
	struct bytes argument, parameters;
};

struct smtp_waiting { /* a command that waits for its reply; its text follows it in the queue */
	int64_t time;
	uint64_t size;
	uint16_t argument, parameters; /* sizes */
	uint8_t verb, phase;
	uint8_t age; /* commands of one age follow each other without a gap between */
	bool has_argument : 1, has_parameters : 1, last : 1, whole : 1;
};

struct smtp {
	struct arena *arena;
	struct anomalies *seen;
	struct bytes in;           /* what smtp_feed() brought and was not read yet */
	const uint8_t *public_end; /* smtp_public() */
	int64_t fed, now;          /* time of it; time of the bytes that are read now */
	int64_t held_time;
	struct smtp_line line[2];
	struct tls *tls; /* NULL: no side speaks TLS */
	struct smtp_buffer held;
	struct smtp_buffer waiting;
	struct smtp_buffer reply; /* the text of a reply of several lines */
	struct bytes reply_line;  /* the text: of one line where it lies, of several in `reply` */
	uint8_t *identity;
	uint64_t size;         /* of the message so far, dots unstuffed */
	uint64_t end_size;     /* of it at the last place that may have been its end */
	uint64_t raw, end_raw; /* bytes as sent: so far, and up to behind that place */
	uint64_t chunk;        /* bytes left of the BDAT chunk */
	uint32_t held_read;    /* bytes of `held` that were read again */
	uint32_t waiting_head, waiting_last; /* where the oldest and the newest begin */
	uint32_t tail; /* the last four bytes of the line of content, newest lowest; UINT32_MAX:
			  none */
	uint16_t waiting_count;
	uint16_t waiting_sure; /* of them, from the oldest: complete before the gap, paired as ever
				*/
	uint16_t drain;        /* commands to answer from `doubtful`, or as lost */
	uint16_t abandoned;    /* commands given up at the limit whose replies will still come */
	uint16_t doubtful[SMTP_DOUBTFUL_MAX]; /* codes of replies after a gap, oldest first */
	uint16_t early_code; /* 2xx that came inside the message: its end was lost or comes late */
	uint16_t reply_lines;
	int16_t reply_code;
	uint16_t accepted; /* recipients of this transaction: LMTP answers each of them */
	uint8_t identity_size, doubtful_count, age;
	uint8_t enhanced_size;
	char enhanced[SMTP_ENHANCED_MAX];
	char mechanism[SMTP_MECHANISM_MAX];
	uint8_t mechanism_size, auth_step;
	uint8_t side;             /* enum smtp_side: whose `in` is */
	uint8_t reading, content; /* enum smtp_reading, enum smtp_content */
	uint8_t held_for;         /* enum smtp_verb */
	uint8_t last_verb;        /* the command before; UNKNOWN: a group may go on */
	bool middle : 1, one_sided : 1, want_content : 1, want_public : 1, finished : 1;
	bool began_client : 1, began_server : 1; /* that side said what is no TLS hello */
	bool began_reply : 1;                    /* a reply was seen */
	bool greeted : 1;                        /* the greeting was seen, or will not be */
	bool reply_ready : 1, tls_ready : 1, tls_implicit : 1;
	bool tls_asked : 1; /* the client speaks TLS, the server said nothing yet */
	bool unsure : 1;    /* of the client's lines: only known verbs are believed */
	bool doubt : 1;     /* of what a reply answers, behind `waiting_sure` commands */
	bool held_gap : 1;  /* something was lost of what is held */
	bool end_maybe : 1; /* `end_size` is set */
	bool presumed : 1;  /* content that no reply has agreed to */
	bool answered : 1;  /* the server refused the message before its end */
	bool chunk_last : 1, chunks : 1;   /* this chunk is the last; a message in chunks is open */
	bool pipelining : 1, lmtp : 1;     /* the server offered it; LHLO was said */
	bool mail : 1, rcpt : 1, quit : 1; /* said in this transaction; said at all */
	bool replaying : 1;                /* what is read now was held */
	bool anchored : 1; /* `drain` ends at a command that a reply surely answers */
	bool cut_counted : 1;
	bool hidden : 1; /* of what was fed, nothing more is public */
};

/* smtp.c */
bool smtp_buffer_add(struct smtp *smtp, struct smtp_buffer *buffer, struct bytes in, uint32_t max);
bool smtp_line_read(struct smtp *smtp, enum smtp_side side, struct bytes *in, struct bytes *line);
void smtp_resync(struct smtp *smtp);
void smtp_release(struct smtp *smtp, enum smtp_reading reading);
struct bytes smtp_trim(struct bytes text); /* blanks off both ends */

/* smtp_command.c */
struct smtp_command smtp_command_parse(struct bytes line);
bool smtp_client_command(struct smtp *smtp, struct bytes *in, struct smtp_item *out);
void smtp_client_held(struct smtp *smtp, struct bytes *in);
bool smtp_held_decide(struct smtp *smtp, bool now);

/* smtp_address.c */
bool smtp_address(struct bytes in, struct bytes *address, struct bytes *parameters);

/* smtp_waiting.c */
void smtp_waiting_push(
	struct smtp *smtp, const struct smtp_command *command, enum smtp_phase phase);
bool smtp_waiting_first(const struct smtp *smtp, struct smtp_waiting *out); /* false: none waits */
void smtp_waiting_pop(struct smtp *smtp, struct smtp_item *out);
void smtp_waiting_lose(struct smtp *smtp, struct smtp_item *out);
bool smtp_waiting_whole(struct smtp *smtp, uint64_t size);
uint16_t smtp_waiting_find(const struct smtp *smtp, enum smtp_verb verb, enum smtp_phase phase);

/* smtp_reply.c */
void smtp_server_read(struct smtp *smtp, struct bytes *in);
void smtp_reply_take(struct smtp *smtp, struct bytes line, bool torn);
bool smtp_reply_is_greeting(struct bytes text); /* of a 220: it names SMTP */
void smtp_reply_drop(struct smtp *smtp);

/* smtp_settle.c */
bool smtp_reply_settle(struct smtp *smtp, struct smtp_item *out);

/* smtp_content.c */
void smtp_content_begin(struct smtp *smtp);
bool smtp_client_content(struct smtp *smtp, struct bytes *in, struct smtp_item *out);
bool smtp_client_chunk(struct smtp *smtp, struct bytes *in, struct smtp_item *out);
bool smtp_content_decided(struct smtp *smtp, struct smtp_item *out);
void smtp_content_gap(struct smtp *smtp, uint64_t size);
void smtp_chunk_begin(struct smtp *smtp, const struct smtp_command *command);
bool smtp_chunk_end(struct smtp *smtp, struct smtp_item *out);
void smtp_chunk_gap(struct smtp *smtp, uint64_t size);

/* smtp_auth.c */
void smtp_auth_begin(struct smtp *smtp, struct smtp_command *command);
void smtp_client_response(struct smtp *smtp, struct bytes *in);
void smtp_auth_wipe(struct smtp *smtp);

/* smtp_tls.c */
bool smtp_tls_hello(struct smtp *smtp, enum smtp_side side, struct bytes *in);
void smtp_tls_start(struct smtp *smtp, bool implicit);
void smtp_tls_refused(struct smtp *smtp);
void smtp_tls_read(struct smtp *smtp, enum smtp_side side, struct bytes *in);
void smtp_tls_gap(struct smtp *smtp, enum smtp_side side, uint64_t size);

#endif
