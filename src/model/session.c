/* A session's life, its id, and how a dialogue that outgrows one arena goes on in the next. What
 * the items of a dialogue make of it: session_item.c. */
#include "model/session.h"

#include "base/hash.h"

struct session *session_new(struct anomaly_totals *totals)
{
	struct arena *arena = arena_new(SESSION_ARENA_MAX);
	struct session *session = arena ? arena_take(arena, sizeof *session) : NULL;
	if (!session) {
		arena_free(arena);
		return NULL;
	}
	session->arena = arena;
	session->part = 1;
	session->witness = WITNESS_NONE;
	session->anomalies.total = totals;
	return session;
}

void session_free(struct session *session)
{
	if (session)
		arena_free(session->arena);
}

/* The state of the dialogue, as far as what follows depends on it, told again as items. */
static void carry_dialogue(struct session *to, const struct session *from)
{
	const struct session_helo *helo = from->helo_last;
	const struct session_auth *auth = from->auth_last;
	const struct transaction *current = from->current;
	struct smtp_item greeting = { .kind = SMTP_GREETING };
	struct smtp_item reply = { .kind = SMTP_REPLY };
	greeting.code = from->greeting_code;
	greeting.text = from->greeting_text;
	session_item(to, &greeting);
	if (helo) {
		reply.verb = helo->verb;
		reply.argument = helo->argument;
		reply.code = helo->code;
		session_item(to, &reply);
	}
	if (auth) {
		reply.verb = SMTP_VERB_AUTH;
		reply.argument = auth->mechanism;
		reply.identity = auth->identity;
		reply.code = auth->code;
		session_item(to, &reply);
	}
	if (current) {
		reply = (struct smtp_item){ .kind = SMTP_REPLY, .verb = SMTP_VERB_MAIL };
		reply.command_time = current->time;
		reply.argument = current->reverse_path;
		reply.code = current->code;
		reply.enhanced = current->enhanced;
		reply.text = current->text;
		session_item(to, &reply);
	}
	if (to->current)
		to->current->data_code = current->data_code;
	to->open = from->open;
	to->counters = (struct session_counters){ 0 };
}

struct session *session_continue(struct session *session)
{
	struct session *next = session_new(session->anomalies.total);
	if (!next)
		return NULL;
	memcpy(next->id, session->id, sizeof next->id);
	next->connection = session->connection;
	next->part = session->part + 1;
	next->start = session->start;
	next->end = session->end;
	next->final = session->final;
	next->witness = session->witness;
	next->marks = session->marks;
	memcpy(next->vlan, session->vlan, sizeof next->vlan);
	next->client = session->client;
	next->server = session->server;
	next->anomalies = session->anomalies;
	carry_dialogue(next, session);
	next->counters.packets_client = session->counters.packets_client;
	next->counters.packets_server = session->counters.packets_server;
	next->counters.bytes_client = session->counters.bytes_client;
	next->counters.bytes_server = session->counters.bytes_server;
	session->continues = true;
	return next;
}

static void number_put(uint8_t *at, uint64_t number, size_t size)
{
	for (size_t i = size; i-- > 0; number >>= 8)
		at[i] = (uint8_t)number;
}

void session_identify(struct session *session, unsigned sensor)
{
	static const struct hash_key fixed = { 0, 0 }; /* no table: only an order */
	uint8_t name[48];
	memcpy(name, session->client.ip.byte, 16);
	memcpy(&name[16], session->server.ip.byte, 16);
	number_put(&name[32], session->client.port, 2);
	number_put(&name[34], session->server.port, 2);
	number_put(&name[36], (uint64_t)session->start, 8);
	number_put(&name[44], sensor, 4);
	uuid5(name, sizeof name, session->id);
	session->connection = hash_bytes(fixed, name, 44);
}

bool session_has_dialogue(const struct session *session)
{
	return session->greeting_code || session->helo || session->tls ||
	       session->counters.commands > session->counters.unknown_commands;
}
