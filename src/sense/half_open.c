/* The table of half-open connections: a pool, an index by flow, and three queues by time. What is
 * due is taken by tap.c. */
#include "sense/half_open.h"

#include "base/fault.h"
#include "base/table.h"

bool half_opens_new(struct half_opens *all)
{
	*all = (struct half_opens){ 0 };
	all->pool = pool_new(sizeof(struct half_open), HALF_OPEN_MAX);
	all->table = table_new_hashed(sizeof(uint32_t), HALF_OPEN_MAX);
	all->unanswered.pool = all->answered.pool = all->refused.pool = all->pool;
	return all->pool && all->table;
}

void half_opens_free(struct half_opens *all)
{
	pool_free(all->pool);
	table_free(all->table);
}

struct half_open *half_opens_find(const struct half_opens *all, uint64_t flow, uint32_t *index)
{
	const uint32_t *found = table_find(all->table, &flow);
	*index = found ? *found : 0;
	return pool_at(all->pool, *index);
}

static struct queue *queue_of(struct half_opens *all, const struct half_open *half)
{
	if (half->refused)
		return &all->refused;
	return half->answered ? &all->answered : &all->unanswered;
}

void half_opens_remove(struct half_opens *all, uint32_t index)
{
	const struct half_open *half = pool_at(all->pool, index);
	queue_remove(queue_of(all, half), index);
	table_remove(all->table, &half->flow);
	all->at_place[half->place]--;
	pool_give(all->pool, index);
}

static void move(struct half_opens *all, uint32_t index, int64_t now, bool refused)
{
	struct half_open *half = pool_at(all->pool, index);
	queue_remove(queue_of(all, half), index);
	half->answered = !refused;
	half->refused = refused;
	queue_append(queue_of(all, half), index, now);
}

void half_opens_answered(struct half_opens *all, uint32_t index, int64_t now)
{
	move(all, index, now, false);
}

void half_opens_refused(struct half_opens *all, uint32_t index, int64_t now)
{
	move(all, index, now, true);
}

/* The one that waited longest goes. */
static void evict(struct half_opens *all, struct anomalies *seen)
{
	uint32_t oldest = all->unanswered.head;
	if (!oldest || (all->answered.head && queue_node(&all->answered, all->answered.head)->time <
						      queue_node(&all->unanswered, oldest)->time))
		oldest = all->answered.head;
	if (!oldest)
		oldest = all->refused.head;
	if (!oldest)
		return;
	anomaly(seen, TCP_HALF_OPEN_FULL);
	half_opens_remove(all, oldest);
}

static uint32_t fresh_half_open(
	struct half_opens *all, uint64_t flow, uint16_t place, struct anomalies *seen)
{
	if (pool_count(all->pool) >= HALF_OPEN_MAX || fault_limit())
		evict(all, seen);
	uint32_t index = pool_take(all->pool);
	uint32_t *slot = index ? table_insert(all->table, &flow, NULL) : NULL;
	if (!slot) {
		anomaly(seen, TCP_HALF_OPEN_FULL);
		pool_give(all->pool, index);
		return 0;
	}
	*slot = index;
	struct half_open *half = pool_at(all->pool, index);
	half->flow = flow;
	half->place = place;
	all->at_place[place]++;
	return index;
}

struct half_open *half_opens_syn(struct half_opens *all, uint64_t flow, uint16_t place,
	uint32_t client_seq, int64_t now, bool *fresh, struct anomalies *seen)
{
	uint32_t index;
	struct half_open *half = half_opens_find(all, flow, &index);
	if (half && (half->client_seq != client_seq || half->refused || half->established)) {
		half_opens_remove(all, index); /* the ports are used again */
		half = NULL;
	}
	*fresh = !half;
	if (half) {
		queue_remove(queue_of(all, half), index);
	} else {
		index = fresh_half_open(all, flow, place, seen);
		if (!index)
			return NULL;
		half = pool_at(all->pool, index);
		half->client_seq = client_seq;
	}
	half->syns++;
	queue_append(queue_of(all, half), index, now);
	return half;
}
