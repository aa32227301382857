/* What is this machine? Configured, or learned from what it did as a server: who brought mail to
 * it, who handed mail over to it. A role always has a reason that a person can check. Bounded: the
 * server used longest ago is forgotten first, outside ones before ours. No clock. One thread at a
 * time. */
#ifndef MW_DETECT_ROLE_H
#define MW_DETECT_ROLE_H

#include "detect/encounter.h"
#include "detect/host.h"

#define ROLE_REASON 160

struct roles;

struct role_view {
	enum role role;
	bool configured;
	bool innocent; /* its route and failure evidence is not held against it */
	bool doubtful; /* it is held at half: a server or a bot */
	char reason[ROLE_REASON];
};

/* NULL when the system has no memory. All that is given must live as long. */
struct roles *roles_new(
	uint32_t max, const struct site *site, const struct hosts *hosts, struct anomalies *seen);
void roles_free(struct roles *roles);

/* Takes in a session; true: its server was not known yet. */
bool roles_learn(struct roles *roles, const struct encounter *encounter);

/* Is mail given to this server as it should be? Configured: always. Learned: from the 5-minute
 * bucket after the one in which it was learned. */
bool roles_is_smarthost(const struct roles *roles, const struct address *server, int64_t time);

/* By all that is known now; `span` is how long the data are. `out->reason` is never empty. */
void roles_view(const struct roles *roles, const struct address *address, int64_t span,
	struct role_view *out);

/* Of the machine that bears it: innocent or doubtful as soon as one of its addresses is. */
void roles_view_machine(
	const struct roles *roles, const struct host *host, int64_t span, struct role_view *out);

/* All servers, start with NULL; in an order that depends on their use only. */
const struct address *roles_next(const struct roles *roles, const struct address *after);

#endif
