/* "This was seen": the noun that sensors make and the engine takes, in the total order (time final,
 * sensor, connection). */
#ifndef MW_MODEL_ACTIVITY_H
#define MW_MODEL_ACTIVITY_H

#include "model/session.h"

enum activity_kind {
	ACTIVITY_SESSION,  /* a connection to a mail port (or with an SMTP greeting) that was
			      established */
	ACTIVITY_ATTEMPT,  /* a SYN to a mail port that was never answered, or refused */
	ACTIVITY_HANDSHAKE /* a client completed a handshake with anybody on any port: it owns its
			      address */
};

struct attempt {
	struct endpoint client, server;
	int64_t start, end; /* first and last SYN or the RST */
	uint32_t syns;
	bool refused; /* by RST or ICMP-less closed port; false: silence */
};

struct sighting {
	struct endpoint client, server;
};

struct activity {
	enum activity_kind kind;
	unsigned sensor;
	int64_t final;       /* microseconds; activities of one sensor come in this order */
	uint64_t connection; /* breaks ties */
	union {
		struct session *session; /* owned by the activity */
		struct attempt attempt;
		struct sighting sighting;
	};
};

/* < 0, 0, > 0: the total order. */
int activity_compare(const struct activity *a, const struct activity *b);
void activity_free(struct activity *activity); /* what it owns */

#endif
