/* Objects of a pool in the order of a time, as a doubly linked list: O(1) in, out, and from the
 * middle. The times put in must not run backwards: then the head is always the next that is due. An
 * object begins with a struct queue_node and is in at most one queue. One thread at a time. */
#ifndef MW_SENSE_QUEUE_H
#define MW_SENSE_QUEUE_H

#include <stdint.h>

#include "base/pool.h"

struct queue_node {
	uint32_t before, next; /* pool indices; 0: none */
	int64_t time;
};

struct queue {
	struct pool *pool;
	uint32_t head, tail;
};

void queue_append(struct queue *queue, uint32_t index, int64_t time);
void queue_remove(struct queue *queue, uint32_t index);

static inline struct queue_node *queue_node(const struct queue *queue, uint32_t index)
{
	return pool_at(queue->pool, index);
}

#endif
