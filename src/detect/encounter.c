/* From dialogue to evidence. The rules stand here and nowhere else, so that no detector can count
 * what another one excuses. */
#include "detect/encounter.h"

#include "detect/network.h"

bool encounter_is_submission(uint16_t port)
{
	return port == 465 || port == 587 || port == 2525;
}

bool encounter_gave_mail(const struct encounter *encounter)
{
	return encounter->mail || encounter->tls_mail;
}

bool transaction_is_null(const struct transaction *transaction)
{
	return transaction->reverse_path.at && !bytes_size(transaction->reverse_path);
}

static bool is_refusal(int code)
{
	return code >= 500 && code < 600;
}

bool transaction_is_refused(const struct transaction *transaction)
{
	bool refused = false;
	if (transaction->accepted)
		return false;
	if (is_refusal(transaction->code) || is_refusal(transaction->data_code) ||
		is_refusal(transaction->final_code))
		return true;
	for (const struct session_recipient *at = transaction->recipients; at; at = at->next) {
		if (at->code / 100 == 2)
			return false;
		refused = refused || is_refusal(at->code);
	}
	return refused;
}

/* The key of a new value beside the one known: `changed` once two differ. */
static void note(uint64_t *known, uint64_t seen, bool *changed)
{
	*changed = *changed || (*known && *known != seen);
	*known = *known ? *known : seen;
}

static void read_helo(struct encounter *out)
{
	char domain[NETWORK_NAME];
	for (const struct session_helo *at = out->session->helo; at; at = at->next) {
		note(&out->helo, network_text_key(at->argument), &out->helo_changed);
		out->helo_full = network_domain(at->argument, domain);
	}
}

static void read_sender(struct encounter *out, struct bytes path)
{
	const uint8_t *at = bytes_find(path, '@');
	struct bytes domain = path;
	if (at)
		bytes_take(&domain, (size_t)(at - path.at) + 1);
	note(&out->sender_domain, network_text_key(domain), &out->sender_changed);
}

/* A transaction that a part of a long dialogue carries over was counted in the part before. */
static uint32_t without(uint32_t all, uint32_t some)
{
	return all > some ? all - some : 0;
}

/* Counters know all transactions, the list describes the first thousand; what is not described is
 * taken to have had a sender. */
static void read_transactions(struct encounter *out)
{
	const struct session *session = out->session;
	uint32_t nulls = 0, nulls_accepted = 0, nulls_recipients = 0;
	bool answered = false;
	for (const struct transaction *at = session->transactions; at; at = at->next) {
		if (transaction_is_null(at)) {
			nulls++;
			nulls_accepted += at->accepted;
			nulls_recipients += at->recipient_count;
			continue;
		}
		out->refused += transaction_is_refused(at);
		if (!at->reverse_path.at && !at->code)
			continue; /* RCPT or DATA without MAIL */
		if (!at->code && anomaly_is(&session->anomalies, TCP_NOT_TAKEN))
			continue; /* it may never have arrived, or be somebody else's */
		out->mail = true;
		answered = answered || at->code;
		read_sender(out, at->reverse_path);
	}
	out->messages = without(session->counters.transactions, nulls);
	out->accepted = without(session->counters.messages_accepted, nulls_accepted);
	out->recipients = without(session->counters.recipients, nulls_recipients);
	out->marked = session->marks || (out->mail && !answered);
}

static bool took_login(const struct session *session)
{
	for (const struct session_auth *at = session->auth; at; at = at->next)
		if (at->code == 235)
			return true;
	return false;
}

void encounter_read(struct encounter *out, const struct session *session, int64_t final,
	const struct site *site)
{
	const struct address *server = &session->server.ip;
	*out = (struct encounter){
		.session = session,
		.time = session->end,
		.final = final,
		.client_inside = site_is_inside(site, &session->client.ip),
		.server_inside = site_is_inside(site, server),
		.proven = session->witness != WITNESS_NONE,
		.disputed = session->marks & MARK_OVERLAP_CONFLICT,
		.relay = !encounter_is_submission(session->server.port) && !session->tls_implicit,
		.tls_mail = session->tls && session->tls_client_bytes >= ENCOUNTER_TLS_MAIL,
		.login = took_login(session),
		.network = network_of(server, session->greeting_text),
		.peer = network_peer_key(server),
	};
	read_helo(out);
	read_transactions(out);
	out->greeted = session->greeting_code || ((session->marks & MARK_ONE_SIDED) && out->mail);
}
