/* SMTP dialogue as spoken: RFC 5321, STARTTLS (3207), AUTH (4954), CHUNKING (3030), PIPELINING
 * (2920), enhanced codes (3463), and what is really sent. The bytes of one connection in, items
 * out; sniffer and honeypot share it. No I/O, no clock. Memory: the caller's arena (the parser
 * itself, cut lines, waiting commands). Threads: one at a time. Errors: what cannot be read is
 * counted in `seen`, and parsing goes on. Passwords never leave: AUTH arguments are read for the
 * identity only. */
#ifndef MW_WIRE_SMTP_H
#define MW_WIRE_SMTP_H

#include "base/anomaly.h"
#include "base/arena.h"
#include "wire/tls.h"

#define SMTP_LINE_MAX 4096 /* bytes of a command or reply line; the rest is skipped and counted */
#define SMTP_REPLY_LINES_MAX 256    /* of one reply */
#define SMTP_WAITING_MAX 1024       /* commands that wait for their reply */
#define SMTP_ARENA_MAX (256 * 1024) /* bytes of arena that a parser can ever use */

struct smtp; /* opaque: defined in smtp.c */

enum smtp_side { SMTP_CLIENT, SMTP_SERVER };

enum smtp_verb {
	SMTP_VERB_UNKNOWN,
	SMTP_VERB_HELO,
	SMTP_VERB_EHLO,
	SMTP_VERB_LHLO,
	SMTP_VERB_MAIL,
	SMTP_VERB_RCPT,
	SMTP_VERB_DATA,
	SMTP_VERB_BDAT,
	SMTP_VERB_RSET,
	SMTP_VERB_QUIT,
	SMTP_VERB_NOOP,
	SMTP_VERB_VRFY,
	SMTP_VERB_EXPN,
	SMTP_VERB_HELP,
	SMTP_VERB_AUTH,
	SMTP_VERB_STARTTLS,
	SMTP_VERB_ETRN,
	SMTP_VERB_XCLIENT,
	SMTP_VERB_XFORWARD,
	SMTP_VERB_COUNT
};

enum smtp_item_kind {
	SMTP_GREETING, /* the server's first reply: code, text */
	SMTP_COMMAND,  /* a command line was read, no reply yet: a server acts on it, the sniffer
			  waits for the reply */
	SMTP_REPLY, /* the reply to a command, with the command again; code 0: it never came (or was
		       lost) */
	SMTP_CONTENT, /* bytes of the message, dots unstuffed, as they lie; only when asked for with
			 smtp_want_content() */
	SMTP_MESSAGE, /* the message's last byte was read; its reply follows as SMTP_REPLY with
			 SMTP_PHASE_END, unless it came before (`late`) */
	SMTP_TLS /* the server agreed to STARTTLS, or both sides speak TLS from the first byte on:
		    all further bytes are encrypted */
};

/* What a reply answers, where the verb does not say it all. */
enum smtp_phase {
	SMTP_PHASE_COMMAND, /* the command line itself (of DATA: 354 or a refusal; of BDAT: the
			       chunk) */
	SMTP_PHASE_END      /* DATA: the end of the message; BDAT: the LAST chunk; AUTH: the final
			       outcome */
};

struct smtp_item {
	enum smtp_item_kind kind;
	enum smtp_verb verb;
	enum smtp_phase phase;
	bool tls_implicit;    /* TLS: without STARTTLS */
	bool last;            /* BDAT LAST */
	bool whole;           /* REPLY of the end of a message: its last byte was read, too */
	bool late;            /* MESSAGE: its reply came before its last byte */
	int code;             /* reply: 200..599; 0: none */
	int64_t time;         /* of the last byte of what this item tells */
	int64_t command_time; /* REPLY: when its command was complete */
	uint64_t size;        /* MESSAGE, and REPLY where it is `whole`: bytes after dot-unstuffing,
				 without the final dot's line. Else, of BDAT: the chunk's size */
	struct bytes argument;   /* HELO, EHLO: the domain. MAIL, RCPT: the address without brackets
				  * ("" for <>). AUTH: the mechanism in capitals. VRFY, EXPN: the
				  * argument. UNKNOWN: never given, it could be a password */
	struct bytes parameters; /* MAIL, RCPT: what follows the address */
	struct bytes identity; /* AUTH REPLY: the authentication identity, where the mechanism shows
				  it */
	struct bytes enhanced; /* reply: "5.1.1"; absent when there is none */
	struct bytes text;     /* reply: all its lines without codes, joined with "\n"; the enhanced
				* code stripped off. CONTENT: the bytes */
};

/* NULL when the arena is full. Lives until the arena is freed; `seen` must live as long. The arena
 * is the parser's alone, arena_new(SMTP_ARENA_MAX): a connection outlives each session that it is
 * handed on in (model/session.h), so what the parser keeps must not lie in one of those, nor may
 * `seen`. A quiet dialogue needs the first 1 KiB; what a long one needs does not grow with it. When
 * the arena is full, what had to be kept is lost, counted as SMTP_ARENA_FULL, and parsing goes on.
 */
struct smtp *smtp_init(struct arena *arena, struct anomalies *seen);

/* The connection was seen from the middle: do not expect a greeting, believe no line before a known
 * verb or a reply agrees. */
void smtp_middle(struct smtp *smtp);

/* Only one side will ever be seen: do not wait for replies. May be said at any time. */
void smtp_one_sided(struct smtp *smtp);

/* Ask for SMTP_CONTENT items; without it messages are skipped at full speed. */
void smtp_want_content(struct smtp *smtp);

/* The next bytes of one side, any slice of the stream. `in` must live until smtp_next() is false:
 * lines are read where they lie, only a cut line is copied. `time`: microseconds since 1970 UTC. */
void smtp_feed(struct smtp *smtp, enum smtp_side side, struct bytes in, int64_t time);

/* `size` bytes of that side are missing here (0: unknown). Parsing is resynchronised: RFC 5321
 * gives no help, replies do. */
void smtp_gap(struct smtp *smtp, enum smtp_side side, uint64_t size, int64_t time);

/* The next finished item, in wire order; false: feed more. Text is valid until the next call of any
 * function here. */
bool smtp_next(struct smtp *smtp, struct smtp_item *out);

/* The connection is over: what was half said is counted as cut; a reply without its end is taken as
 * it is, a command without one is none (no server acts on it), and each command without reply gives
 * its REPLY with code 0. Call smtp_next() until false afterwards. */
void smtp_finish(struct smtp *smtp, int64_t time);

/* Where those of the client's bytes last fed end that anybody may see: from their begin on whole
 * commands, understood for sure, that hold neither a login nor words of anybody's. NULL: none is
 * so, or smtp_want_public() was not called. Ask when smtp_next() is false. */
const uint8_t *smtp_public(const struct smtp *smtp);
void smtp_want_public(struct smtp *smtp);

bool smtp_is_tls(const struct smtp *smtp); /* everything from here on is encrypted */
/* Bytes of TLS application-data records of `side` so far (record headers are followed, nothing is
 * decrypted); 0 before TLS. */
uint64_t smtp_tls_bytes(const struct smtp *smtp, enum smtp_side side);
/* What the two sides showed of TLS so far, also where only the client spoke it (SMTP_TLS_TO_CLEAR);
 * NULL: no TLS. Lives as long as the arena. */
const struct tls_facts *smtp_tls_facts(const struct smtp *smtp);

/* Helpers that others need too. */
const char *smtp_verb_name(enum smtp_verb verb); /* "HELO" */
int smtp_reply_code(
	struct bytes line); /* 200..599 when the line is a reply (first digit 2-5), else 0 */
/* Do these first bytes of a server, on any port, begin an SMTP greeting? 1 yes ("220 " with SMTP in
 * it), 0 not yet known (220, but only the client's HELO/EHLO can tell), -1 no. */
int smtp_greeting(struct bytes first);

#endif
