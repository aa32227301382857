/* A mail program speaks to one or two servers that it was told of; a bot speaks to the servers of
 * its recipients. So the number of different networks tells them apart, whatever the servers
 * answer: Whyte, van Oorschot and Kranakis 2006; Sperotto et al. 2009. A bot whose port 25 is shut
 * shows the same spread in its tries. What is evidence, and why: docs/detection.md. */
#include "detect/direct_to_mx.h"

#define LO 0.55
#define HI 0.80
#define TRIED_LO 0.50
#define TRIED_HI 0.60
#define NORMAL 1 /* networks of a client with one provider */

static const char *const window_names[] = { [MEMBERS_HOUR] = "1 h", [MEMBERS_DAY] = "24 h" };

static bool is_evidence(const struct watch *watch, const struct encounter *encounter)
{
	const struct address *server = &encounter->session->server.ip;
	return encounter->proven && !encounter->disputed && encounter->relay &&
	       encounter->greeted && !encounter->login && encounter_gave_mail(encounter) &&
	       !prefixes_has(&watch->site->allowed_servers, server) &&
	       !roles_is_smarthost(watch->roles, server, encounter->final);
}

struct verdict { /* of one window */
	enum members_window window;
	uint64_t threshold;
	unsigned x; /* networks */
	double confidence;
	unsigned lookups; /* domains whose mail servers were looked up */
};

/* The stronger window first. */
static void measure(struct finding *out, struct verdict a, struct verdict b, const char *name,
	const char *unit, int64_t end)
{
	const struct verdict order[2] = { b.confidence > a.confidence ? b : a,
		b.confidence > a.confidence ? a : b };
	out->confidence = order[0].confidence;
	for (unsigned i = 0; i < 2; i++)
		out->measure[i] = (struct alert_measure){
			.name = name,
			.kind = ALERT_DIRECT_TO_MX,
			.value = order[i].x,
			.threshold = (double)order[i].threshold,
			.normal = NORMAL,
			.unit = unit,
			.window = order[i].window == MEMBERS_HOUR ? HOUR : DAY,
			.window_end = end,
		};
	out->measures = 2;
	if (order[0].lookups >= LOOKUPS_EACH)
		out->measure[out->measures++] = (struct alert_measure){
			.name = "lookups",
			.kind = ALERT_DIRECT_TO_MX,
			.value = order[0].lookups,
			.unit = "domains whose mail servers it looked up (two count as a "
				"network, three networks at most)",
			.window = out->measure[0].window,
			.window_end = end,
		};
}

/* Who looks up mail servers is about to speak to them: the more so, the fewer networks suffice. */
static struct verdict judge(enum members_window window, uint64_t threshold, unsigned networks,
	unsigned lookups, double lo, double hi)
{
	return (struct verdict){ window, threshold, networks,
		detector_confidence(lo, hi, threshold, networks + lookups_worth(lookups)),
		lookups };
}

static enum detector_says weigh_routes(
	const struct watch *watch, struct host *client, struct finding *out)
{
	static const char unit[] = "outside networks that were given mail";
	const struct detect_settings *settings = watch->settings;
	const struct hosts *hosts = watch->hosts;
	struct host total = hosts_total(hosts, client);
	struct members_count hour = hosts_count(hosts, client, MEMBERS_HOUR);
	struct members_count day = hosts_count(hosts, client, MEMBERS_DAY);
	unsigned lookups_hour = hosts_lookups(hosts, client, MEMBERS_HOUR);
	unsigned lookups_day = hosts_lookups(hosts, client, MEMBERS_DAY);
	bool clean = hour.clean + lookups_worth(lookups_hour) >= settings->direct_hour ||
		     day.clean + lookups_worth(lookups_day) >= settings->direct_day;
	out->first = total.evidence_first;
	out->last = total.evidence_last;
	measure(out,
		judge(MEMBERS_HOUR, settings->direct_hour, clean ? hour.clean : hour.any,
			lookups_hour, LO, HI),
		judge(MEMBERS_DAY, settings->direct_day, clean ? day.clean : day.any, lookups_day,
			LO, HI),
		"networks", unit, total.evidence_last);
	if (!clean && out->confidence > CONFIDENCE_CAPPED) {
		out->confidence = CONFIDENCE_CAPPED;
		out->why_capped = detector_why_marked;
	}
	return out->confidence > 0 ? DETECTOR_FIRED : DETECTOR_EVIDENCE;
}

static enum detector_says on_session(const struct watch *watch, struct host *client,
	const struct encounter *encounter, struct finding *out)
{
	if (!is_evidence(watch, encounter))
		return DETECTOR_NOTHING;
	hosts_reach(watch->hosts, client, encounter);
	enum detector_says says = weigh_routes(watch, client, out);
	out->last = encounter->time;
	return says;
}

static bool is_try(const struct watch *watch, const struct attempt *attempt)
{
	const struct address *server = &attempt->server.ip;
	return attempt->server.port == 25 && !prefixes_has(&watch->site->allowed_servers, server) &&
	       !roles_is_smarthost(watch->roles, server, attempt->end);
}

static enum detector_says weigh_tries(
	const struct watch *watch, struct host *client, struct finding *out)
{
	static const char unit[] = "networks tried on port 25 in vain";
	const struct detect_settings *settings = watch->settings;
	const struct hosts *hosts = watch->hosts;
	const struct host_tries *tries = hosts_tries_of(hosts, client);
	if (!tries)
		return DETECTOR_NOTHING;
	out->first = tries->first_time;
	out->last = tries->last_time;
	out->attempts_only = true;
	measure(out,
		judge(MEMBERS_HOUR, settings->attempt_hour,
			hosts_tries(hosts, client, MEMBERS_HOUR), 0, TRIED_LO, TRIED_HI),
		judge(MEMBERS_DAY, settings->attempt_day, hosts_tries(hosts, client, MEMBERS_DAY),
			0, TRIED_LO, TRIED_HI),
		"attempts", unit, tries->last_time);
	return out->confidence > 0 ? DETECTOR_FIRED : DETECTOR_EVIDENCE;
}

static enum detector_says on_tried(const struct watch *watch, struct host *client,
	const struct attempt *attempt, struct finding *out)
{
	if (attempt ? !is_try(watch, attempt) : !hosts_tries_settled(watch->hosts, client))
		return DETECTOR_NOTHING;
	if (attempt)
		hosts_try(watch->hosts, client, attempt);
	return weigh_tries(watch, client, out);
}

static enum detector_says again(const struct watch *watch, struct host *client, struct finding *out)
{
	struct finding tries = { .confidence = 0 };
	enum detector_says says = weigh_routes(watch, client, out);
	if (says != DETECTOR_FIRED && weigh_tries(watch, client, &tries) == DETECTOR_FIRED) {
		*out = tries;
		says = DETECTOR_FIRED;
	}
	return says;
}

static void say_outcome(const struct host *client, struct sentence *out)
{
	uint32_t accepted = client->route_accepted, refused = client->route_refused;
	if (accepted || refused)
		sentence_add(out, ": %u %s accepted, %u refused", accepted,
			accepted == 1 ? "message" : "messages", refused);
	else if (client->encrypted)
		sentence_add(out, ": what became of its messages was encrypted");
	else
		sentence_add(out, ": no message was seen to be accepted");
	if (client->accepted > accepted)
		sentence_add(out, "; %u more accepted after a login or on a submission port",
			client->accepted - accepted);
}

static void describe_tries(const struct watch *watch, const struct host *client,
	const struct finding *finding, struct sentence *out)
{
	const struct host_tries *tries = hosts_tries_of(watch->hosts, client);
	const struct alert_measure *best = &finding->measure[0];
	sentence_add(out,
		" tried %.0f networks on port 25 within %s %s (limit %.0f): it looks like a bot "
		"behind a firewall that blocks port 25.",
		best->value, window_names[best->window == HOUR ? MEMBERS_HOUR : MEMBERS_DAY],
		tries && tries->refused ? "without success" : "without any answer",
		best->threshold);
}

static void describe(const struct watch *watch, const struct host *client,
	const struct role_view *role, const struct finding *finding, struct sentence *out)
{
	const struct alert_measure *best = &finding->measure[0];
	if (finding->attempts_only) {
		describe_tries(watch, client, finding, out);
		return;
	}
	sentence_add(out, " %s mail by itself to %.0f%s outside networks within %s (limit %.0f)",
		client->route_accepted || !client->route_refused ? "delivered" : "tried to deliver",
		best->value, best->value >= MEMBERS_MAX ? " or more" : "",
		window_names[best->window == HOUR ? MEMBERS_HOUR : MEMBERS_DAY], best->threshold);
	if (finding->measures > 2)
		sentence_add(out, " and looked up the mail servers of %.0f%s domains",
			finding->measure[2].value,
			finding->measure[2].value >= LOOKUPS_MAX ? " or more" : "");
	say_outcome(client, out);
	sentence_add(out, role->doubtful ? "; it is a mail server or a bot."
					 : "; it is not a known mail server.");
}

const struct detector direct_to_mx = {
	.kind = ALERT_DIRECT_TO_MX,
	.family = FAMILY_ROUTE,
	.session = on_session,
	.tried = on_tried,
	.again = again,
	.counts = is_evidence,
	.counts_try = is_try,
	.describe = describe,
	.innocent_if = "it is a mail server of yours (name it with --mail-server), the servers it "
		       "used are your provider's (--smarthost), or it tests mail on purpose "
		       "(--allow)",
};
