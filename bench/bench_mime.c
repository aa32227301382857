/* How many bytes of mail a second of one processor the scanner reads: the messages of corpus.c, for
 * both levels, fed whole and in TCP segments of 1,460 bytes. */
#include "mime/mime.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "corpus.h"

#define MESSAGES 2000

static void scan(struct mime *mime, struct bytes message, size_t slice, uint64_t *items)
{
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	struct mime_item item;
	mime_init(mime, &seen);
	while (message.at != message.end) {
		mime_feed(mime, bytes_split(&message, slice));
		while (mime_next(mime, &item))
			++*items;
	}
	mime_finish(mime);
	while (mime_next(mime, &item))
		++*items;
}

static double cpu(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void run(const struct corpus *corpus, enum mime_level level, size_t slice)
{
	struct mime_tools *tools = mime_tools_open();
	struct mime *mime = tools ? mime_new(tools, level) : NULL;
	uint64_t items = 0, bytes = 0;
	double begin = cpu(), end = begin;
	if (!mime)
		exit(4);
	for (unsigned i = 0; end - begin < 1.5; i = (i + 1) % MESSAGES) {
		struct bytes message = corpus_message(corpus, i);
		scan(mime, message, slice, &items);
		bytes += bytes_size(message);
		end = i % 64 ? end : cpu();
	}
	printf("%-7s %-14s %6.0f MB a CPU second, %.1f items a message\n",
		level == MIME_DIGESTS ? "digests" : "headers", slice == 1460 ? "segments" : "whole",
		(double)bytes / 1e6 / (end - begin),
		(double)items / ((double)bytes / ((double)corpus->size / MESSAGES)));
	mime_free(mime);
	mime_tools_close(tools);
}

int main(void)
{
	struct corpus corpus;
	corpus_new(&corpus, MESSAGES);
	printf("%u messages, %.1f MB\n", MESSAGES, (double)corpus.size / 1e6);
	run(&corpus, MIME_HEADERS, SIZE_MAX);
	run(&corpus, MIME_HEADERS, 1460);
	run(&corpus, MIME_DIGESTS, SIZE_MAX);
	run(&corpus, MIME_DIGESTS, 1460);
	corpus_free(&corpus);
}
