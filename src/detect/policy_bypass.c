/* One session with a greeting is enough: what answered was reached. The rule is
 * site.allowed_servers; the site's own mail servers and smarthosts are allowed without being named
 * twice, and its mail servers may reach anybody. Submission elsewhere has its own switch and is a
 * notice only: it can be a private mailbox. */
#include "detect/policy_bypass.h"

#define BROKEN 0.95
#define SUBMISSION 0.50
#define RULE_SHOWN 3 /* prefixes quoted */

static bool may_reach_all(const struct site *site, const struct address *client)
{
	return prefixes_has(&site->mail_servers, client) || prefixes_has(&site->smarthosts, client);
}

static bool is_allowed(const struct site *site, const struct address *server)
{
	return prefixes_has(&site->allowed_servers, server) ||
	       prefixes_has(&site->smarthosts, server) ||
	       prefixes_has(&site->mail_servers, server) || site_is_inside(site, server);
}

static bool has_rule(const struct site *site)
{
	return site->allowed_servers.count > 0;
}

static void measure(
	struct finding *out, const char *name, uint32_t value, double threshold, const char *unit)
{
	out->measure[out->measures++] = (struct alert_measure){
		.name = name,
		.kind = ALERT_POLICY_BYPASS,
		.value = value,
		.threshold = threshold,
		.unit = unit,
	};
}

/* A session that was seen in full is the rule's breach; one seen in part can be no more than a hint
 * beside it. */
static void note(struct host_policy *policy, const struct session *session, bool relay, bool full)
{
	if (session->part <= 1)
		*(relay ? &policy->sessions : &policy->submissions) += 1;
	if (full || !policy->fact)
		policy->peer = session->server;
	policy->fact = policy->fact || full;
	if (!policy->last || session->start > policy->last + DAY || session->start < policy->first)
		policy->first = session->start;
	if (session->end > policy->last)
		policy->last = session->end;
}

static enum detector_says weigh(const struct watch *watch, struct host *client, struct finding *out)
{
	struct host_policy total = hosts_policy_total(watch->hosts, client);
	if (!total.sessions && !total.submissions)
		return DETECTOR_NOTHING;
	out->first = total.first;
	out->last = total.last;
	out->peer = total.peer;
	out->fact = total.fact;
	out->confidence = out->fact ? BROKEN : SUBMISSION;
	if (total.sessions && !total.fact)
		out->why_capped = detector_why_marked;
	if (total.sessions)
		measure(out, "forbidden", total.sessions, 1,
			"sessions with servers that are not allowed");
	else
		measure(out, "submission", total.submissions, 1,
			"submission sessions with servers that are not allowed");
	if (total.denied)
		measure(out, "denied", total.denied, 0,
			"connections to port 25 that were not answered");
	return DETECTOR_FIRED;
}

static bool is_breach(const struct watch *watch, const struct encounter *encounter)
{
	const struct session *session = encounter->session;
	const struct site *site = watch->site;
	bool relay = encounter->relay && encounter->greeted && has_rule(site);
	bool submission = !encounter->relay && watch->settings->foreign_submission &&
			  (encounter->greeted || session->tls);
	return (relay || submission) && encounter->proven && !encounter->disputed &&
	       !may_reach_all(site, &session->client.ip) && !is_allowed(site, &session->server.ip);
}

static enum detector_says on_session(const struct watch *watch, struct host *client,
	const struct encounter *encounter, struct finding *out)
{
	bool relay = encounter->relay;
	if (!is_breach(watch, encounter))
		return DETECTOR_NOTHING;
	struct host_policy *policy = hosts_policy(watch->hosts, client);
	if (!policy)
		return DETECTOR_NOTHING;
	note(policy, encounter->session, relay, relay && !encounter->marked);
	return weigh(watch, client, out);
}

/* What the firewall stopped is shown, and no breach. */
static bool counts_try(const struct watch *watch, const struct attempt *attempt)
{
	return false;
}

bool policy_bypass_denies(const struct site *site, const struct attempt *attempt)
{
	return has_rule(site) && attempt->server.port == 25 &&
	       !may_reach_all(site, &attempt->client.ip) && !is_allowed(site, &attempt->server.ip);
}

/* Only counted: what the firewall stopped is no breach. */
static enum detector_says on_tried(const struct watch *watch, struct host *client,
	const struct attempt *attempt, struct finding *out)
{
	if (!attempt || !policy_bypass_denies(watch->site, attempt))
		return DETECTOR_NOTHING;
	struct host_policy *policy = hosts_policy(watch->hosts, client);
	if (policy)
		policy->denied++;
	return DETECTOR_NOTHING;
}

static void quote_rule(const struct site *site, struct sentence *out)
{
	const struct prefixes *rule = &site->allowed_servers;
	char text[PREFIX_TEXT];
	for (size_t i = 0; i < rule->count && i < RULE_SHOWN; i++) {
		const struct prefix *at = &rule->at[i];
		sentence_add(out, "%s%s", i ? ", " : "",
			at->length == 128 ? address_text(&at->address, text)
					  : prefix_text(at, text));
	}
	if (rule->count > RULE_SHOWN)
		sentence_add(out, " and %zu more", rule->count - RULE_SHOWN);
	if (!rule->count)
		sentence_add(out, "none");
}

static void describe(const struct watch *watch, const struct host *client,
	const struct role_view *role, const struct finding *finding, struct sentence *out)
{
	char peer[ADDRESS_TEXT];
	uint32_t sessions = (uint32_t)finding->measure[0].value;
	address_text(&finding->peer.ip, peer);
	sentence_add(out,
		" used a mail server that the site's rule does not allow: %s port %u (%u %s; "
		"site.allowed_servers: ",
		peer, finding->peer.port, sessions, sessions == 1 ? "session" : "sessions");
	quote_rule(watch->site, out);
	sentence_add(out, "). If it may be used, add it there: --allowed-server %s.", peer);
}

const struct detector policy_bypass = {
	.kind = ALERT_POLICY_BYPASS,
	.family = FAMILY_ROUTE,
	.session = on_session,
	.tried = on_tried,
	.again = weigh,
	.counts = is_breach,
	.counts_try = counts_try,
	.describe = describe,
	.innocent_if = "the rule is out of date: add the server to site.allowed_servers "
		       "(--allowed-server), or the machine to site.mail_servers (--mail-server)",
};
