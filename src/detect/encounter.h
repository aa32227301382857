/* What one session means to the detectors: read once, judged by all. Says what is evidence and what
 * never is (docs/detection.md, "What counts"): null senders, sessions without MAIL, disputed
 * pieces. Pure functions over a session. */
#ifndef MW_DETECT_ENCOUNTER_H
#define MW_DETECT_ENCOUNTER_H

#include "model/session.h"
#include "model/site.h"

#define ENCOUNTER_TLS_MAIL 512 /* bytes of application data: less is a greeting and a good-bye */

struct encounter {
	const struct session *session;
	int64_t time, final; /* last packet; when the session was certain */
	bool client_inside, server_inside;
	bool proven;      /* the client's address is its own */
	bool disputed;    /* conflicting overlaps: never evidence */
	bool marked;      /* seen in part, or the other end never answered MAIL: weaker evidence */
	bool relay;       /* port 25, or an odd port that greets as SMTP; false: submission */
	bool greeted;     /* or one side only was seen and that side went on to MAIL */
	bool mail;        /* MAIL with a sender, in the clear */
	bool tls_mail;    /* encrypted, and enough of it for a message */
	bool login;       /* the server took a login: submission to a provider, whatever the port */
	uint64_t network; /* of the server */
	uint64_t peer;    /* the server itself */
	uint32_t messages, accepted, refused, recipients; /* null senders left out */
	uint64_t helo, sender_domain;                     /* keys; 0: none seen */
	bool helo_full;                                   /* a full domain name */
	bool helo_changed, sender_changed;                /* within the session */
};

void encounter_read(struct encounter *out, const struct session *session, int64_t final,
	const struct site *site);

bool encounter_is_submission(uint16_t port); /* 465, 587, 2525 */

/* Mail was handed over, or very likely: what makes a server somebody's mail server. */
bool encounter_gave_mail(const struct encounter *encounter);

bool transaction_is_null(const struct transaction *transaction);    /* a bounce: MAIL FROM:<> */
bool transaction_is_refused(const struct transaction *transaction); /* for good, by a 5xx */

#endif
