/* One connection that is shown to others as evidence: whose, when, and what became of it. Texts of
 * the network are fit to be shown, and hold no mail address; IP addresses are the true ones, for
 * the packets beside them hold those, too. Plain data; no ownership. */
#ifndef MW_MODEL_EXHIBIT_H
#define MW_MODEL_EXHIBIT_H

#include "model/alert.h"

#define EXHIBIT_NAME 80    /* bytes, with NUL */
#define EXHIBIT_ANSWER 160 /* the same */
#define EXHIBIT_TEXT 448   /* the same: more than exhibit_text() ever is */

enum exhibit_outcome {
	EXHIBIT_UNKNOWN,    /* opened at most */
	EXHIBIT_UNANSWERED, /* silence */
	EXHIBIT_REFUSED,    /* the connection itself */
	EXHIBIT_ENCRYPTED,
	EXHIBIT_ANSWERED, /* `code`, `answer` */
	EXHIBIT_SILENT    /* established, and not even greeted */
};

struct exhibit {
	struct endpoint client, server;
	int64_t start;
	enum exhibit_outcome outcome;
	unsigned kinds;          /* bits of enum alert_kind: it counted for */
	int code;                /* of the answer that tells most */
	char name[EXHIBIT_NAME]; /* of the server's greeting; "": none */
	char answer[EXHIBIT_ANSWER];
};

/* `text` as a person may see it, cut to `room` bytes with NUL; each word with an @ is "...". */
void exhibit_show(struct bytes text, char *out, size_t room);

/* "192.168.7.108 port 49200 to mx.heron.example (198.18.3.25, port 25): 554 no; counted for
 * direct-to-mx". */
const char *exhibit_text(const struct exhibit *exhibit, char text[EXHIBIT_TEXT]);

#endif
