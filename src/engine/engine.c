/* One activity after the other: to the host table as proof, to the roles, to each detector in the
 * order of the table, and what they say into the book. Machines inside have records; of those
 * outside only what roles need is kept. */
#include "engine/engine.h"

#include <stdlib.h>

#include "base/fault.h"
#include "detect/policy_bypass.h"
#include "engine/book.h"
#include "engine/piece.h"
#include "engine/roll.h"

#define TRIES_TOLD 10 /* tries in an hour from which samples are kept */

struct engine {
	struct watch watch;
	struct book *book;
	struct roll *roll; /* from finish on */
	struct engine_summary summary;
};

struct engine *engine_new(
	const struct site *site, const struct detect_settings *settings, struct anomalies *seen)
{
	struct engine *engine = fault_call() ? NULL : calloc(1, sizeof(*engine));
	if (!engine)
		return NULL;
	struct watch *watch = &engine->watch;
	*watch = (struct watch){ .site = site, .settings = settings, .seen = seen };
	watch->hosts = hosts_new((uint32_t)settings->hosts, seen);
	if (watch->hosts)
		watch->roles =
			roles_new((uint32_t)settings->hosts / 4 + 1, site, watch->hosts, seen);
	if (watch->roles)
		engine->book = book_new(watch);
	engine->summary.policy_off = !site->allowed_servers.count;
	if (engine->book)
		return engine;
	engine_free(engine);
	return NULL;
}

void engine_free(struct engine *engine)
{
	if (!engine)
		return;
	roll_free(engine->roll);
	book_free(engine->book);
	roles_free(engine->watch.roles);
	hosts_free(engine->watch.hosts);
	free(engine);
}

static unsigned addresses_of(const struct engine *engine, const struct host *host)
{
	struct machine machine;
	hosts_machine(engine->watch.hosts, host, &machine);
	return machine.count;
}

static void tell_tried(
	struct engine *engine, struct host *host, const struct attempt *attempt, int64_t time)
{
	for (unsigned kind = 0; kind < ALERT_KINDS; kind++) {
		struct finding finding = { .addresses = addresses_of(engine, host) };
		enum detector_says says =
			detectors[kind]->tried(&engine->watch, host, attempt, &finding);
		if (says != DETECTOR_NOTHING)
			book_note(engine->book, host, detectors[kind], says, &finding, time);
	}
}

/* The machine was there: so were those whose tries wait for that, under the same MAC. */
static void prove(struct engine *engine, struct host *host, int64_t from, int64_t to, int64_t final)
{
	struct hosts *hosts = engine->watch.hosts;
	hosts_prove(hosts, host, from);
	hosts_prove(hosts, host, to);
	for (unsigned i = 0; i < HOST_NEIGHBOURS; i++) {
		struct host *neighbour = hosts_neighbour(hosts, host, i);
		if (neighbour)
			tell_tried(engine, neighbour, NULL, final);
	}
}

static void take_handshake(
	struct engine *engine, const struct endpoint *client, int64_t time, int64_t final)
{
	if (!site_is_inside(engine->watch.site, &client->ip))
		return;
	struct host *host = hosts_see(engine->watch.hosts, client, true);
	if (host)
		prove(engine, host, time, time, final);
}

static void take_attempt(struct engine *engine, const struct attempt *attempt, int64_t final)
{
	const struct site *site = engine->watch.site;
	struct hosts *hosts = engine->watch.hosts;
	if (!site_is_inside(site, &attempt->client.ip) || site_is_inside(site, &attempt->server.ip))
		return;
	engine->summary.denied += policy_bypass_denies(site, attempt);
	struct host *host = attempt->server.port == 25 ? hosts_see(hosts, &attempt->client, false)
						       : hosts_find(hosts, &attempt->client.ip);
	if (!host)
		return;
	host->attempts++;
	tell_tried(engine, host, attempt, final);
	if (hosts_with_story(hosts, host) || hosts_tries(hosts, host, MEMBERS_HOUR) >= TRIES_TOLD) {
		struct samples *samples = hosts_samples(hosts, host);
		if (samples)
			samples_attempt(samples, attempt);
	}
}

static void judge(struct engine *engine, struct host *host, const struct encounter *encounter)
{
	struct hosts *hosts = engine->watch.hosts;
	bool found = false;
	for (unsigned kind = 0; kind < ALERT_KINDS; kind++) {
		struct finding finding = { .addresses = addresses_of(engine, host) };
		enum detector_says says =
			detectors[kind]->session(&engine->watch, host, encounter, &finding);
		found = found || says != DETECTOR_NOTHING;
		if (says != DETECTOR_NOTHING)
			book_note(engine->book, host, detectors[kind], says, &finding,
				encounter->final);
	}
	if (found || (encounter->relay && !encounter->login)) {
		struct samples *samples = host->routes || hosts_with_story(hosts, host)
						  ? hosts_samples(hosts, host)
						  : NULL;
		if (samples)
			samples_session(samples, encounter->session);
	}
}

static void take_inside_client(struct engine *engine, const struct encounter *encounter)
{
	const struct session *session = encounter->session;
	struct hosts *hosts = engine->watch.hosts;
	struct host *host = encounter->proven ? hosts_see(hosts, &session->client, true) : NULL;
	if (!host)
		return;
	prove(engine, host, session->start, session->end, encounter->final);
	engine->summary.inside_clients += !hosts_total(hosts, host).spoke;
	host->spoke = true;
	if (encounter->server_inside)
		return;
	hosts_session(host, encounter);
	judge(engine, host, encounter);
}

/* A connection to port 25 in which neither side said anything got no further than a try. */
static bool is_silent(const struct session *session)
{
	return session->server.port == 25 && !session->marks && !session->tls &&
	       !session_has_dialogue(session);
}

static void count_session(struct engine *engine, const struct session *session)
{
	struct engine_summary *summary = &engine->summary;
	const struct session_counters *counters = &session->counters;
	summary->messages += counters->messages;
	summary->messages_accepted += counters->messages_accepted;
	summary->recipients += counters->recipients;
	summary->recipients_rejected += counters->recipients_rejected;
	if (session->part > 1)
		return;
	summary->sessions++;
	summary->sessions_tls += session->tls;
	summary->sessions_one_sided += (session->marks & MARK_ONE_SIDED) != 0;
	summary->sessions_marked += session->marks != 0;
}

static void take_session(struct engine *engine, const struct session *session, int64_t final)
{
	struct encounter encounter;
	if (is_silent(session)) {
		const struct attempt attempt = { .client = session->client,
			.server = session->server,
			.start = session->start,
			.end = session->end };
		engine->summary.attempts++;
		take_handshake(engine, &session->client, session->start, final);
		take_attempt(engine, &attempt, final);
		return;
	}
	count_session(engine, session);
	encounter_read(&encounter, session, final, engine->watch.site);
	bool fresh = roles_learn(engine->watch.roles, &encounter);
	engine->summary.outside_servers += fresh && !encounter.server_inside;
	if (encounter.client_inside)
		take_inside_client(engine, &encounter);
}

/* The ends of a connection. */
static void client_and_server(
	const struct activity *activity, struct endpoint *client, struct endpoint *server)
{
	switch (activity->kind) {
	case ACTIVITY_SESSION:
		*client = activity->session->client;
		*server = activity->session->server;
		break;
	case ACTIVITY_ATTEMPT:
		*client = activity->attempt.client;
		*server = activity->attempt.server;
		break;
	case ACTIVITY_HANDSHAKE:
		*client = activity->sighting.client;
		*server = activity->sighting.server;
		break;
	case ACTIVITY_NAME:
	case ACTIVITY_NEIGHBOUR:
	case ACTIVITY_MX_QUERY:
		break;
	}
}

static bool is_allow_listed(
	const struct site *site, const struct endpoint *client, const struct endpoint *server)
{
	return prefixes_has(&site->allow, &client->ip) || prefixes_has(&site->allow, &server->ip);
}

static void keep_time(struct watch *watch, int64_t time)
{
	if (!watch->first || time < watch->first)
		watch->first = time;
	if (time > watch->last)
		watch->last = time;
}

static void take_connection(struct engine *engine, const struct activity *activity)
{
	const struct site *site = engine->watch.site;
	struct endpoint client = { .port = 0 }, server = client;
	client_and_server(activity, &client, &server);
	engine->summary.inside_seen = engine->summary.inside_seen ||
				      site_is_inside(site, &client.ip) ||
				      site_is_inside(site, &server.ip);
	bool allowed = is_allow_listed(site, &client, &server);
	engine->summary.allowed += allowed && activity->kind != ACTIVITY_HANDSHAKE;
	switch (activity->kind) {
	case ACTIVITY_SESSION:
		if (allowed)
			count_session(engine, activity->session);
		else
			take_session(engine, activity->session, activity->final);
		break;
	case ACTIVITY_ATTEMPT:
		engine->summary.attempts++;
		if (!allowed)
			take_attempt(engine, &activity->attempt, activity->final);
		break;
	case ACTIVITY_HANDSHAKE:
		take_handshake(engine, &client, activity->final, activity->final);
		break;
	case ACTIVITY_NAME:
	case ACTIVITY_NEIGHBOUR:
	case ACTIVITY_MX_QUERY:
		break;
	}
}

/* A claim; what it is worth shows when the address completes a handshake under that MAC. */
static void take_neighbour(struct engine *engine, const struct neighbouring *neighbouring)
{
	if (site_is_inside(engine->watch.site, &neighbouring->address))
		hosts_hear(engine->watch.hosts, &neighbouring->address, neighbouring->mac);
}

/* Anybody can send a datagram in another's name: it makes no MAC known and proves no address. */
static void take_mx_query(struct engine *engine, const struct mx_query *query, int64_t time)
{
	const struct site *site = engine->watch.site;
	const struct endpoint client = { .ip = query->client.ip };
	if (!site_is_inside(site, &client.ip) || prefixes_has(&site->allow, &client.ip))
		return;
	struct host *host = hosts_see(engine->watch.hosts, &client, false);
	if (host)
		hosts_look_up(engine->watch.hosts, host, query, time);
}

void engine_take(struct engine *engine, const struct activity *activity)
{
	keep_time(&engine->watch, activity->final);
	switch (activity->kind) {
	case ACTIVITY_SESSION:
	case ACTIVITY_ATTEMPT:
	case ACTIVITY_HANDSHAKE:
		take_connection(engine, activity);
		break;
	case ACTIVITY_NEIGHBOUR:
		take_neighbour(engine, &activity->neighbouring);
		break;
	case ACTIVITY_MX_QUERY:
		take_mx_query(engine, &activity->mx_query, activity->final);
		break;
	case ACTIVITY_NAME: /* a label: for the report */
		break;
	}
}

void engine_finish(struct engine *engine)
{
	book_finish(engine->book);
	engine->roll = roll_make(&engine->watch);
}

void engine_label(struct engine *engine, size_t index, const struct alert_labels *labels)
{
	struct alert *alert = book_alert(engine->book, index);
	if (alert)
		alert->labels = labels;
}

const struct alert *engine_alert(const struct engine *engine, size_t index)
{
	return book_alert(engine->book, index);
}

const struct engine_role *engine_role(const struct engine *engine, size_t index)
{
	return engine->roll ? roll_at(engine->roll, index) : NULL;
}

void engine_summary(const struct engine *engine, struct engine_summary *out)
{
	*out = engine->summary;
}

bool engine_exhibit(
	const struct engine *engine, const struct activity *activity, struct exhibit *out)
{
	return piece_make(&engine->watch, activity, out);
}
