/* A doubly linked list over pool indices: what waits for its time. */
#include "sense/queue.h"

void queue_append(struct queue *queue, uint32_t index, int64_t time)
{
	struct queue_node *node = queue_node(queue, index);
	*node = (struct queue_node){ .before = queue->tail, .time = time };
	if (queue->tail)
		queue_node(queue, queue->tail)->next = index;
	else
		queue->head = index;
	queue->tail = index;
}

void queue_remove(struct queue *queue, uint32_t index)
{
	const struct queue_node *node = queue_node(queue, index);
	if (node->before)
		queue_node(queue, node->before)->next = node->next;
	else
		queue->head = node->next;
	if (node->next)
		queue_node(queue, node->next)->before = node->before;
	else
		queue->tail = node->before;
}
