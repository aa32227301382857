/* The joint: takes activities in their order, keeps hosts and roles, runs the detectors, keeps the
 * book of alerts. Reads no clock: the same activities give the same alerts, ids included. One
 * thread at a time. */
#ifndef MW_ENGINE_ENGINE_H
#define MW_ENGINE_ENGINE_H

#include "detect/settings.h"
#include "model/activity.h"
#include "model/alert.h"
#include "model/exhibit.h"
#include "model/site.h"

struct engine;

/* NULL when there is no memory. `site`, `settings`, `seen` must live as long. */
struct engine *engine_new(
	const struct site *site, const struct detect_settings *settings, struct anomalies *seen);
void engine_free(struct engine *engine);

/* Takes one activity; it stays the caller's. */
void engine_take(struct engine *engine, const struct activity *activity);

/* The input ended: stories are closed and sorted, worst first. */
void engine_finish(struct engine *engine);

/* After finish: one story a host; worst first (level, confidence, networks, address). NULL behind
 * the last. */
const struct alert *engine_alert(const struct engine *engine, size_t index);

/* After finish: the labels of an alert; they are the caller's and must live as long. */
void engine_label(struct engine *engine, size_t index, const struct alert_labels *labels);

struct engine_role { /* what a host was taken for, and why; of hosts with a role other than client
			or unknown */
	struct address address;
	bool inside, configured;
	enum role role;
	const char *reason;
};

/* After finish: sorted by inside first, then role, then address. NULL behind the last. */
const struct engine_role *engine_role(const struct engine *engine, size_t index);

/* After finish: what a connection shows, for which kinds it counted among it. false: no connection.
 */
bool engine_exhibit(
	const struct engine *engine, const struct activity *activity, struct exhibit *out);

struct engine_summary {
	uint64_t sessions, attempts, messages, messages_accepted, recipients, recipients_rejected;
	uint64_t inside_clients, outside_servers; /* distinct hosts with a dialogue */
	uint64_t allowed; /* activities of allow-listed addresses: counted only */
	uint64_t denied;  /* tries on port 25 at servers that are not in allowed_servers */
	uint64_t sessions_tls, sessions_one_sided, sessions_marked;
	bool inside_seen; /* any inside address at all */
	bool policy_off;  /* no allowed_servers: policy-bypass did not run */
};

void engine_summary(const struct engine *engine, struct engine_summary *out);

#endif
