/* The commands that wait for their reply, oldest first. Pipelining (RFC 2920) lets a client send
 * hundreds before the first is answered, so they are kept as bytes, a fixed row and its text behind
 * it, in one buffer that is used again whenever the queue runs empty or its front is free.
 *
 * Replies come in the order of the commands, so the oldest row is always the one answered, until a
 * gap takes something away. From then on (`doubt`) only a reply that fits one verb alone is
 * believed (smtp_reply.c); the commands before that one are then answered backwards from it, by the
 * replies that came since the gap, as far as both lists reach without a gap. */
#include "wire/smtp_internal.h"

#include "base/fault.h"

static struct smtp_waiting row_at(const struct smtp *smtp, uint32_t offset)
{
	struct smtp_waiting row;
	memcpy(&row, &smtp->waiting.at[offset], sizeof row);
	return row;
}

static uint32_t row_size(const struct smtp_waiting *row)
{
	return (uint32_t)sizeof *row + row->argument + row->parameters;
}

/* The free front is used again before the buffer grows. */
static void close_up(struct smtp *smtp)
{
	struct smtp_buffer *queue = &smtp->waiting;
	queue->size -= smtp->waiting_head;
	if (queue->size)
		memmove(queue->at, &queue->at[smtp->waiting_head], queue->size);
	smtp->waiting_last -= smtp->waiting_head;
	smtp->waiting_head = 0;
}

static void give_up_oldest(struct smtp *smtp)
{
	anomaly(smtp->seen, SMTP_COMMANDS_MANY);
	if (!smtp->doubt || smtp->waiting_sure)
		smtp->abandoned++;
	smtp->drain++; /* before the next byte is read */
	smtp->anchored = false;
}

void smtp_waiting_push(struct smtp *smtp, const struct smtp_command *command, enum smtp_phase phase)
{
	struct smtp_waiting row = {
		.time = smtp->now,
		.size = command->size,
		.argument = (uint16_t)bytes_size(command->argument),
		.parameters = (uint16_t)bytes_size(command->parameters),
		.verb = (uint8_t)command->verb,
		.phase = (uint8_t)phase,
		.age = smtp->age,
		.has_argument = command->argument.at,
		.has_parameters = command->parameters.at,
		.last = command->last,
		.whole = command->verb == SMTP_VERB_DATA && phase == SMTP_PHASE_END,
	};
	struct smtp_buffer *queue = &smtp->waiting;
	uint32_t before;
	if (queue->room - queue->size < row_size(&row))
		close_up(smtp);
	before = queue->size;
	if (!smtp_buffer_add(smtp, queue, bytes_make(&row, sizeof row), SMTP_WAITING_BYTES) ||
		!smtp_buffer_add(smtp, queue, command->argument, SMTP_WAITING_BYTES) ||
		!smtp_buffer_add(smtp, queue, command->parameters, SMTP_WAITING_BYTES)) {
		/* No memory: its reply has no partner, which is as good as a gap. */
		queue->size = before;
		smtp->waiting_sure = smtp->doubt ? smtp->waiting_sure : smtp->waiting_count;
		smtp->doubt = true;
		smtp->age++;
		return;
	}
	smtp->waiting_last = before;
	smtp->waiting_count++;
	if (smtp->waiting_count >= SMTP_WAITING_MAX || fault_limit() ||
		queue->size - smtp->waiting_head + sizeof row + SMTP_LINE_MAX > SMTP_WAITING_BYTES)
		give_up_oldest(smtp);
}

bool smtp_waiting_first(const struct smtp *smtp, struct smtp_waiting *out)
{
	if (!smtp->waiting_count)
		return false;
	*out = row_at(smtp, smtp->waiting_head);
	return true;
}

/* The oldest, as the reply to it, without a code yet. */
void smtp_waiting_pop(struct smtp *smtp, struct smtp_item *out)
{
	struct smtp_waiting row = row_at(smtp, smtp->waiting_head);
	struct bytes text = bytes_make(&smtp->waiting.at[smtp->waiting_head], row_size(&row));
	bytes_take(&text, sizeof row);
	struct bytes argument = bytes_split(&text, row.argument);
	*out = (struct smtp_item){
		.kind = SMTP_REPLY,
		.verb = row.verb,
		.phase = row.phase,
		.last = row.last,
		.whole = row.whole,
		.time = smtp->now,
		.command_time = row.time,
		.size = row.size,
	};
	if (row.has_argument)
		out->argument = argument;
	if (row.has_parameters)
		out->parameters = text;
	if (row.verb == SMTP_VERB_AUTH && smtp->identity_size)
		out->identity = bytes_make(smtp->identity, smtp->identity_size);
	smtp->waiting_head += row_size(&row);
	if (smtp->waiting_sure)
		smtp->waiting_sure--;
	if (--smtp->waiting_count == 0)
		smtp->waiting_head = smtp->waiting.size = 0;
}

/* The oldest, whose reply did not come, or came when it was not known whose it is. */
void smtp_waiting_lose(struct smtp *smtp, struct smtp_item *out)
{
	uint8_t age = row_at(smtp, smtp->waiting_head).age;
	smtp_waiting_pop(smtp, out);
	if (smtp->drain) {
		uint16_t to_anchor = smtp->drain--;
		if (smtp->anchored && age == smtp->age && to_anchor <= smtp->doubtful_count)
			out->code = smtp->doubtful[smtp->doubtful_count - to_anchor];
	}
	if (out->verb == SMTP_VERB_DATA && out->phase == SMTP_PHASE_END && smtp->early_code) {
		out->code = smtp->early_code;
		smtp->early_code = 0;
	}
	if (!out->code && smtp->doubt)
		anomaly(smtp->seen, SMTP_REPLY_LOST);
}

/* The chunk that was read to its end makes the message whole. false: its reply came before. */
bool smtp_waiting_whole(struct smtp *smtp, uint64_t size)
{
	struct smtp_waiting row;
	if (!smtp->waiting_count)
		return false;
	row = row_at(smtp, smtp->waiting_last);
	if (row.verb != SMTP_VERB_BDAT || row.phase != SMTP_PHASE_END)
		return false;
	row.whole = true;
	row.size = size;
	memcpy(&smtp->waiting.at[smtp->waiting_last], &row, sizeof row);
	return true;
}

/* How many commands there are up to the newest of that kind; 0: none. Sure ones do not count. */
uint16_t smtp_waiting_find(const struct smtp *smtp, enum smtp_verb verb, enum smtp_phase phase)
{
	uint32_t offset = smtp->waiting_head;
	uint16_t found = 0;
	for (uint16_t i = 1; i <= smtp->waiting_count; i++) {
		struct smtp_waiting row = row_at(smtp, offset);
		if (row.verb == verb && row.phase == phase && i > smtp->waiting_sure)
			found = i;
		offset += row_size(&row);
	}
	return found;
}
