/* What has become final, in the order of activities. Four queues by time (SYNs without answer,
 * refused, open, closed) and a row of what is final at once; the earliest of their heads is next.
 * Activities of equal time are sorted by a hash of their ends and start, so that neither the order
 * of the tables nor a cut in the input shows. */
#include <stdlib.h>

#include "base/fault.h"
#include "base/moment.h"
#include "sense/tap_internal.h"

#define UNANSWERED (75 * SECOND) /* TCP retries after 1, 3, 7, 15, 31, 63 s */
#define ANSWERED (60 * SECOND)
#define LINGER (10 * SECOND)
#define SILENCE (300 * SECOND)
#define HEARD_LEAST 4   /* packets; a connection with fewer tells nothing of the recording */
#define INSTANT_MAX 256 /* kept for sorting while the time stands still */

uint64_t tap_order(const struct endpoint *client, const struct endpoint *server, int64_t start)
{
	static const struct hash_key fixed = { 0, 0 };
	uint8_t text[44];
	memcpy(text, client->ip.byte, 16);
	memcpy(text + 16, server->ip.byte, 16);
	memcpy(text + 32, &client->port, 2);
	memcpy(text + 34, &server->port, 2);
	memcpy(text + 36, &start, 8);
	return hash_bytes(fixed, text, sizeof(text));
}

static bool is_crowded(const struct tap *tap)
{
	return tap->instants - tap->instant_given > INSTANT_MAX;
}

void tap_instant(struct tap *tap, struct activity activity)
{
	if (tap->instants == tap->instant_room) {
		size_t room = tap->instant_room ? tap->instant_room * 2 : 64;
		struct activity *grown =
			fault_call() ? NULL : realloc(tap->instant, room * sizeof(*grown));
		if (!grown) {
			anomaly(tap->seen, TCP_POOL_FULL);
			activity_free(&activity);
			return;
		}
		tap->instant = grown;
		tap->instant_room = room;
	}
	activity.final = tap->clock;
	tap->instant[tap->instants++] = activity;
	if (is_crowded(tap))
		tap->wake = INT64_MIN;
	else if (tap->wake > tap->clock)
		tap->wake = tap->clock;
}

void tap_sighting(struct tap *tap, const struct half_open *half)
{
	int64_t minute = tap->clock / MINUTE;
	int64_t *told = table_find(tap->proven, &half->client.ip);
	if (told && *told == minute)
		return;
	if (!told)
		told = table_insert(tap->proven, &half->client.ip, NULL);
	if (told)
		*told = minute;
	tap_instant(tap, (struct activity){ .kind = ACTIVITY_HANDSHAKE,
				 .connection = tap_order(&half->client, &half->server, half->start),
				 .sighting = { half->client, half->server } });
}

void tap_parts(struct tap *tap)
{
	for (size_t i = 0; i < tap->shared.parts.count; i++) {
		struct session *session = tap->shared.parts.session[i];
		session->final = tap->clock;
		tap_instant(tap, (struct activity){ .kind = ACTIVITY_SESSION,
					 .connection = tap_order(&session->client, &session->server,
						 session->start),
					 .session = session });
	}
	tap->shared.parts.count = 0;
}

static void consider(const struct queue *queue, int64_t wait, int64_t *earliest)
{
	if (!queue->head)
		return;
	int64_t final = queue_node(queue, queue->head)->time + wait;
	if (final < *earliest)
		*earliest = final;
}

static int64_t earliest_final(const struct tap *tap)
{
	int64_t earliest = INT64_MAX;
	consider(&tap->half.unanswered, UNANSWERED, &earliest);
	consider(&tap->half.refused, LINGER, &earliest);
	consider(&tap->open, SILENCE, &earliest);
	consider(&tap->closed, LINGER, &earliest);
	if (tap->instant_given < tap->instants && tap->instant[tap->instant_given].final < earliest)
		earliest = tap->instant[tap->instant_given].final;
	return earliest;
}

static bool add_due(struct dues *dues, struct due due)
{
	if (dues->count == dues->room) {
		size_t room = dues->room ? dues->room * 2 : 64;
		struct due *grown = fault_call() ? NULL : realloc(dues->due, room * sizeof(*grown));
		if (!grown)
			return false;
		dues->due = grown;
		dues->room = room;
	}
	dues->due[dues->count++] = due;
	return true;
}

static void collect_connections(struct tap *tap, const struct queue *queue, int64_t wait, int from)
{
	for (uint32_t at = queue->head; at; at = queue_node(queue, at)->next) {
		const struct connection *connection = pool_at(tap->pool, at);
		uint64_t order = tap_order(
			&connection->end[CLIENT], &connection->end[SERVER], connection->start);
		if (connection->node.time + wait != tap->due_time ||
			!add_due(&tap->dues, (struct due){ from, at, order }))
			return;
	}
}

static void collect_half_open(struct tap *tap, const struct queue *queue, int64_t wait, int from)
{
	for (uint32_t at = queue->head; at; at = queue_node(queue, at)->next) {
		const struct half_open *half = pool_at(tap->half.pool, at);
		uint64_t order = tap_order(&half->client, &half->server, half->start);
		if (half->node.time + wait != tap->due_time ||
			!add_due(&tap->dues, (struct due){ from, at, order }))
			return;
	}
}

static int compare_due(const void *a, const void *b)
{
	const struct due *left = a, *right = b;
	if (left->order != right->order)
		return left->order < right->order ? -1 : 1;
	return left->from < right->from ? -1 : left->from > right->from;
}

/* All that becomes final at the earliest time; with no memory for the list, what fits goes first.
 */
static bool collect(struct tap *tap)
{
	tap->dues.count = tap->dues.next = 0;
	tap->due_time = earliest_final(tap);
	if (tap->due_time == INT64_MAX ||
		(!tap->finished && !is_crowded(tap) && tap->due_time >= tap->clock))
		return false;
	collect_half_open(tap, &tap->half.unanswered, UNANSWERED, DUE_UNANSWERED);
	collect_half_open(tap, &tap->half.refused, LINGER, DUE_REFUSED);
	collect_connections(tap, &tap->open, SILENCE, DUE_OPEN);
	collect_connections(tap, &tap->closed, LINGER, DUE_CLOSED);
	for (size_t i = tap->instant_given;
		i < tap->instants && tap->instant[i].final == tap->due_time; i++)
		if (!add_due(&tap->dues,
			    (struct due){ DUE_INSTANT, (uint32_t)i, tap->instant[i].connection }))
			break;
	if (tap->dues.count > 1)
		qsort(tap->dues.due, tap->dues.count, sizeof(*tap->dues.due), compare_due);
	return tap->dues.count > 0;
}

static bool give_attempt(struct tap *tap, const struct due *due, struct activity *out)
{
	const struct half_open *half = pool_at(tap->half.pool, due->index);
	bool mail = port_is(tap->mail_port, half->server.port) && !half->within;
	*out = (struct activity){ .kind = ACTIVITY_ATTEMPT,
		.final = tap->due_time,
		.connection = due->order,
		.attempt = { half->client, half->server, half->start, half->end, half->syns,
			half->refused } };
	half_opens_remove(&tap->half, due->index);
	return mail;
}

/* Of connections seen from their middle; of the others the handshake has told. One packet of a side
 * may be its last, or a stray one. */
static void note_heard(struct tap *tap, const struct connection *connection)
{
	uint64_t client = connection->packets[CLIENT], server = connection->packets[SERVER];
	if (connection->middle && client + server >= HEARD_LEAST)
		health_heard(&tap->health, client, server);
}

static bool give_session(struct tap *tap, const struct due *due, struct activity *out)
{
	struct connection *connection = pool_at(tap->pool, due->index);
	bool cut = due->from == DUE_OPEN && tap->finished && tap->due_time > tap->clock;
	note_heard(tap, connection);
	struct session *session = connection_finish(connection, &tap->shared, cut);
	bool mail = !connection->candidate;
	tap_forget(tap, due->index);
	tap_parts(tap);
	if (!session)
		return anomaly(tap->seen, TCP_POOL_FULL);
	session->final = tap->due_time;
	*out = (struct activity){ .kind = ACTIVITY_SESSION,
		.final = tap->due_time,
		.connection = due->order,
		.session = session };
	if (!mail)
		activity_free(out);
	return mail;
}

static bool give(struct tap *tap, const struct due *due, struct activity *out)
{
	switch (due->from) {
	case DUE_UNANSWERED:
	case DUE_REFUSED:
		return give_attempt(tap, due, out);
	case DUE_OPEN:
	case DUE_CLOSED:
		return give_session(tap, due, out);
	case DUE_INSTANT:
		break;
	}
	*out = tap->instant[due->index];
	tap->instant[due->index].kind = ACTIVITY_HANDSHAKE; /* owns nothing any more */
	if (++tap->instant_given == tap->instants)
		tap->instant_given = tap->instants = 0;
	return true;
}

/* Answered, but never established: a scan, or the rest was not captured. */
static void drop_answered(struct tap *tap)
{
	const struct queue *queue = &tap->half.answered;
	while (queue->head && queue_node(queue, queue->head)->time + ANSWERED < tap->clock)
		half_opens_remove(&tap->half, queue->head);
}

/* What waits in a queue from now on becomes final after LINGER at the earliest, so until then only
 * what waits already can: nearly every packet ends here. An instant sets it back. */
static void sleep_on(struct tap *tap)
{
	tap->wake = tap->due_time;
	consider(&tap->half.answered, ANSWERED, &tap->wake);
	if (tap->wake > tap->clock + LINGER)
		tap->wake = tap->clock + LINGER;
}

bool tap_next(struct tap *tap, struct activity *out)
{
	if (tap->clock <= tap->wake && tap->dues.next == tap->dues.count && !tap->finished)
		return false;
	drop_answered(tap);
	for (;;) {
		while (tap->dues.next < tap->dues.count)
			if (give(tap, &tap->dues.due[tap->dues.next++], out))
				return true;
		if (!collect(tap)) {
			sleep_on(tap);
			return false;
		}
	}
}
