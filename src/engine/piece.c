/* Judged by the very rules that the detectors count by, with the roles that the hosts have now: a
 * connection to what turned out a smarthost is not shown as evidence. */
#include "engine/piece.h"

#include "detect/network.h"
#include "detect/samples.h"

/* As engine.c does before it asks a detector. */
static bool is_judged(
	const struct site *site, const struct address *client, const struct address *server)
{
	return site_is_inside(site, client) && !site_is_inside(site, server) &&
	       !prefixes_has(&site->allow, client) && !prefixes_has(&site->allow, server);
}

static void take_answer(struct exhibit *out, int code, struct bytes text)
{
	out->outcome = EXHIBIT_ANSWERED;
	out->code = code;
	exhibit_show(text, out->answer, sizeof(out->answer));
}

/* The answer that tells most; of a dialogue that came to nothing, the greeting. */
static void take_answers(const struct session *session, struct exhibit *out)
{
	char domain[NETWORK_NAME];
	struct samples samples = { .count = 0 };
	const struct sample *best = &samples.at[0];
	struct bytes name = network_greeting_name(session->greeting_text);
	if (network_domain(name, domain))
		exhibit_show(name, out->name, sizeof(out->name));
	samples_session(&samples, session);
	if (samples.count && best->code)
		take_answer(out, best->code, bytes_make(best->text, best->text_size));
	else if (session->tls)
		out->outcome = EXHIBIT_ENCRYPTED;
	else if (session->greeting_code)
		take_answer(out, session->greeting_code, session->greeting_text);
}

static void take_session(const struct watch *watch, const struct session *session, int64_t final,
	struct exhibit *out)
{
	struct encounter encounter;
	*out = (struct exhibit){ .client = session->client,
		.server = session->server,
		.start = session->start,
		.outcome = EXHIBIT_SILENT };
	take_answers(session, out);
	if (!is_judged(watch->site, &session->client.ip, &session->server.ip))
		return;
	encounter_read(&encounter, session, final, watch->site);
	for (unsigned kind = 0; kind < ALERT_KINDS; kind++)
		if (detectors[kind]->counts(watch, &encounter))
			out->kinds |= 1u << kind;
}

static void take_attempt(
	const struct watch *watch, const struct attempt *attempt, struct exhibit *out)
{
	*out = (struct exhibit){
		.client = attempt->client,
		.server = attempt->server,
		.start = attempt->start,
		.outcome = attempt->refused ? EXHIBIT_REFUSED : EXHIBIT_UNANSWERED,
	};
	if (!is_judged(watch->site, &attempt->client.ip, &attempt->server.ip))
		return;
	for (unsigned kind = 0; kind < ALERT_KINDS; kind++)
		if (detectors[kind]->counts_try(watch, attempt))
			out->kinds |= 1u << kind;
}

bool piece_make(const struct watch *watch, const struct activity *activity, struct exhibit *out)
{
	if (activity->kind == ACTIVITY_SESSION)
		take_session(watch, activity->session, activity->final, out);
	else if (activity->kind == ACTIVITY_ATTEMPT)
		take_attempt(watch, &activity->attempt, out);
	else
		return false;
	return true;
}
