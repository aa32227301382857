/* The scanners of messages and the message that each is building. */
#include "sense/scanner.h"

#include <stdlib.h>

#include "base/fault.h"

struct scanner {
	struct scanner *next; /* idle */
	struct mime *mime;
	struct message_builder builder; /* its message: NULL, the arena was full */
	struct anomalies *seen;
};

static struct scanner *scanner_new(struct scanners *all)
{
	struct scanner *scanner = fault_call() ? NULL : calloc(1, sizeof(*scanner));
	if (!scanner)
		return NULL;
	if (!all->tools)
		all->tools = mime_tools_open();
	scanner->mime = all->tools ? mime_new(all->tools, all->keep == KEEP_DIGESTS ? MIME_DIGESTS
										    : MIME_HEADERS)
				   : NULL;
	if (!scanner->mime) {
		free(scanner);
		return NULL;
	}
	all->count++;
	return scanner;
}

struct scanner *scanner_take(struct scanners *all, struct arena *arena, struct anomalies *seen)
{
	struct scanner *scanner = all->idle;
	if (all->keep == KEEP_ENVELOPE)
		return NULL;
	if (scanner)
		all->idle = scanner->next;
	else if (all->count < SCANNERS_MAX && !fault_limit())
		scanner = scanner_new(all);
	if (!scanner) {
		anomaly(seen, SMTP_SCANNERS_FULL);
		return NULL;
	}
	scanner->seen = seen;
	mime_init(scanner->mime, seen);
	message_begin(&scanner->builder, arena, seen);
	return scanner;
}

static void take_items(struct scanner *scanner)
{
	struct mime_item item;
	while (mime_next(scanner->mime, &item))
		if (scanner->builder.message)
			message_item(&scanner->builder, &item);
}

void scanner_feed(struct scanner *scanner, struct bytes in)
{
	mime_feed(scanner->mime, in);
	take_items(scanner);
}

void scanner_gap(struct scanner *scanner, uint64_t size)
{
	mime_gap(scanner->mime, size);
	take_items(scanner);
}

struct message *scanner_finish(struct scanners *all, struct scanner *scanner)
{
	mime_finish(scanner->mime);
	take_items(scanner);
	struct message *message = scanner->builder.message;
	scanner_give(all, scanner);
	return message;
}

void scanner_move(struct scanner *scanner, struct arena *arena)
{
	message_begin(&scanner->builder, arena, scanner->seen);
}

void scanner_give(struct scanners *all, struct scanner *scanner)
{
	if (!scanner)
		return;
	scanner->next = all->idle;
	all->idle = scanner;
}

void scanners_free(struct scanners *all)
{
	while (all->idle) {
		struct scanner *next = all->idle->next;
		mime_free(all->idle->mime);
		free(all->idle);
		all->idle = next;
	}
	mime_tools_close(all->tools);
}
