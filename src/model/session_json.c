/* A session as a line of JSON, and as a row of CSV. The line is an interface that people's scripts
 * read: docs/sessions.md says what each key means; keys are added, never renamed. */
#include "model/session.h"

#include "base/moment.h"

const char *witness_name(enum witness witness)
{
	static const char *const names[] = {
		[WITNESS_HANDSHAKE] = "handshake",
		[WITNESS_MIDSTREAM] = "midstream",
		[WITNESS_NONE] = "none",
	};
	return names[witness];
}

static const enum mark marks[] = { MARK_ONE_SIDED, MARK_OVERLAP_CONFLICT, MARK_GAP, MARK_CUT };

const char *mark_name(enum mark mark)
{
	switch (mark) {
	case MARK_ONE_SIDED:
		return "one_sided";
	case MARK_OVERLAP_CONFLICT:
		return "overlap_conflict";
	case MARK_GAP:
		return "gap";
	case MARK_CUT:
		return "cut";
	}
	return "";
}

static void put_text(struct json *json, const char *key, struct bytes text)
{
	json_key(json, key);
	json_text(json, text);
}

static void put_value(
	struct json *json, const char *key, enum pseudonym_kind kind, struct bytes text)
{
	json_key(json, key);
	json_value(json, kind, text);
}

static void put_uint(struct json *json, const char *key, uint64_t number)
{
	json_key(json, key);
	json_uint(json, number);
}

static void put_bool(struct json *json, const char *key, bool value)
{
	json_key(json, key);
	json_bool(json, value);
}

static void put_code(struct json *json, const char *key, int code)
{
	json_key(json, key);
	if (code)
		json_int(json, code);
	else
		json_null(json);
}

static void put_time(struct json *json, const char *key, int64_t time)
{
	char text[MOMENT_TEXT];
	json_key(json, key);
	json_string(json, moment_text(time, text));
}

static void put_marks(struct json *json, unsigned set)
{
	json_key(json, "marks");
	json_array(json);
	for (size_t i = 0; i < COUNT(marks); i++)
		if (set & marks[i])
			json_string(json, mark_name(marks[i]));
	json_array_end(json);
}

static void put_vlan(struct json *json, const uint16_t vlan[2])
{
	json_key(json, "vlan");
	if (!vlan[0] && !vlan[1]) {
		json_null(json);
	} else if (!vlan[1]) {
		json_uint(json, vlan[0]);
	} else {
		json_array(json);
		json_uint(json, vlan[0]);
		json_uint(json, vlan[1]);
		json_array_end(json);
	}
}

static void put_endpoint(struct json *json, const char *key, const struct endpoint *endpoint)
{
	json_key(json, key);
	json_object(json);
	json_key(json, "ip");
	json_address(json, &endpoint->ip);
	put_uint(json, "port", endpoint->port);
	json_key(json, "mac");
	json_mac(json, endpoint->has_mac ? endpoint->mac : NULL);
	json_object_end(json);
}

/* It begins with the server's name (RFC 5321 4.2); a refusal need not. */
enum pseudonym_kind session_greeting_kind(const struct session *session)
{
	return session->greeting_code < 400 ? PSEUDONYM_GREETING : PSEUDONYM_TEXT;
}

static void put_greeting(struct json *json, const struct session *session)
{
	json_key(json, "greeting");
	json_object(json);
	put_code(json, "code", session->greeting_code);
	put_value(json, "text", session_greeting_kind(session), session->greeting_text);
	json_object_end(json);
}

static void put_helo(struct json *json, const struct session_helo *helo)
{
	json_key(json, "helo");
	json_array(json);
	for (; helo; helo = helo->next) {
		json_object(json);
		json_key(json, "verb");
		json_string(json, smtp_verb_name(helo->verb));
		put_value(json, "argument", PSEUDONYM_HOST, helo->argument);
		put_code(json, "code", helo->code);
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_auth(struct json *json, const struct session_auth *auth)
{
	json_key(json, "auth");
	json_array(json);
	for (; auth; auth = auth->next) {
		json_object(json);
		put_text(json, "mechanism", auth->mechanism);
		put_value(json, "identity", PSEUDONYM_MAILBOX, auth->identity);
		put_code(json, "code", auth->code);
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_starttls(struct json *json, const struct session *session)
{
	json_key(json, "starttls");
	if (!session->starttls_asked && !session->tls && !session->tls_facts) {
		json_null(json);
		return;
	}
	json_object(json);
	put_code(json, "code", session->starttls_code);
	put_bool(json, "started", session->tls);
	put_bool(json, "implicit", session->tls ? session->tls_implicit : !session->starttls_asked);
	if (session->tls) {
		put_time(json, "time", session->tls_time);
	} else {
		json_key(json, "time");
		json_null(json);
	}
	put_uint(json, "client_bytes", session->tls_client_bytes);
	put_uint(json, "server_bytes", session->tls_server_bytes);
	session_tls_json(session, json);
	json_object_end(json);
}

static void put_recipients(struct json *json, const struct session_recipient *recipient)
{
	json_key(json, "recipients");
	json_array(json);
	for (; recipient; recipient = recipient->next) {
		json_object(json);
		put_value(json, "address", PSEUDONYM_MAILBOX, recipient->address);
		put_code(json, "code", recipient->code);
		put_text(json, "enhanced", recipient->enhanced);
		json_key(json, "text");
		json_answer(json, recipient->text, recipient->address);
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_transactions(struct json *json, const struct transaction *transaction)
{
	json_key(json, "transactions");
	json_array(json);
	for (; transaction; transaction = transaction->next) {
		json_object(json);
		put_value(json, "reverse_path", PSEUDONYM_MAILBOX, transaction->reverse_path);
		put_code(json, "code", transaction->code);
		put_recipients(json, transaction->recipients);
		put_code(json, "data_code", transaction->data_code);
		put_code(json, "final_code", transaction->final_code);
		put_bool(json, "accepted", transaction->accepted);
		json_key(json, "message");
		if (transaction->has_message) {
			json_object(json);
			put_uint(json, "size", transaction->message_size);
			message_json(transaction->message, json);
			json_object_end(json);
		} else {
			json_null(json);
		}
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_counters(struct json *json, const struct session_counters *counters)
{
	const struct {
		const char *key;
		uint64_t value;
	} rows[] = {
		{ "packets_client", counters->packets_client },
		{ "packets_server", counters->packets_server },
		{ "bytes_client", counters->bytes_client },
		{ "bytes_server", counters->bytes_server },
		{ "commands", counters->commands },
		{ "unknown_commands", counters->unknown_commands },
		{ "noop", counters->noop },
		{ "rset", counters->rset },
		{ "vrfy", counters->vrfy },
		{ "expn", counters->expn },
		{ "transactions", counters->transactions },
		{ "messages", counters->messages },
		{ "messages_accepted", counters->messages_accepted },
		{ "recipients", counters->recipients },
		{ "recipients_accepted", counters->recipients_accepted },
		{ "recipients_deferred", counters->recipients_deferred },
		{ "recipients_rejected", counters->recipients_rejected },
	};
	json_key(json, "counters");
	json_object(json);
	for (size_t i = 0; i < COUNT(rows); i++)
		put_uint(json, rows[i].key, rows[i].value);
	json_object_end(json);
}

static void put_anomalies(struct json *json, const struct anomalies *anomalies)
{
	json_key(json, "anomalies");
	json_array(json);
	for (enum anomaly kind = 0; kind < ANOMALY_COUNT; kind++)
		if (anomaly_is(anomalies, kind))
			json_string(json, anomaly_name(kind));
	json_array_end(json);
}

struct bytes session_json(const struct session *session, const char *sensor, struct json *json)
{
	json_begin(json);
	json_object(json);
	json_key(json, "type");
	json_string(json, "session");
	json_key(json, "id");
	json_value(json, PSEUDONYM_ID, bytes_of(session->id));
	json_key(json, "sensor");
	json_string(json, sensor);
	if (session->part > 1 || session->continues) {
		put_uint(json, "part", session->part);
		put_bool(json, "continues", session->continues);
	}
	put_time(json, "start", session->start);
	put_time(json, "end", session->end);
	json_key(json, "witness");
	json_string(json, witness_name(session->witness));
	put_marks(json, session->marks);
	put_vlan(json, session->vlan);
	put_endpoint(json, "client", &session->client);
	put_endpoint(json, "server", &session->server);
	put_greeting(json, session);
	put_helo(json, session->helo);
	put_auth(json, session->auth);
	put_starttls(json, session);
	put_transactions(json, session->transactions);
	put_counters(json, &session->counters);
	put_anomalies(json, &session->anomalies);
	json_object_end(json);
	return json_end(json);
}
