/* Several capture files as one stream. Each file is looked into for the time of its first packet
 * and closed again; then a heap, keyed by the time of each file's next packet, says whose turn it
 * is. So a thousand slices of one recording are open one at a time, and overlapping ones side by
 * side. Which of two packets of the same microsecond comes first is settled by the files' first
 * times, then by their names: the order in which they were given must not show. */
#include "sense/files.h"

#include <stdlib.h>

#include "base/fault.h"
#include "sense/file.h"

#define OPEN_MAX_FILES 256 /* each costs a descriptor and a buffer of 256 KiB */

struct source {
	const char *name;
	int64_t first;     /* time of its first packet; INT64_MIN: `trouble` has its turn first */
	int64_t time;      /* of its next packet */
	char *trouble;     /* what the first look found wrong; owned */
	struct file *file; /* NULL: not opened yet, or read to its end */
	struct packet packet; /* the next one, when it is open */
	uint64_t size, read;  /* bytes; read: when it is not open */
};

struct files {
	struct source *source; /* in order of first time, then name */
	struct source **heap;  /* those with something to come */
	unsigned count, heap_count, open_count;
	struct source *newest; /* gave the newest packet: it is stepped on at the next call */
	struct anomalies *seen;
	uint64_t packets;
	uint64_t dropped;
	unsigned number; /* 1-based, of the source of the newest packet */
	bool endless;    /* one is a pipe */
};

static bool before(const struct source *a, const struct source *b)
{
	return a->time != b->time ? a->time < b->time : a < b;
}

static void sift_down(struct files *files, unsigned at)
{
	struct source *moved = files->heap[at];
	for (;;) {
		unsigned child = 2 * at + 1;
		if (child + 1 < files->heap_count &&
			before(files->heap[child + 1], files->heap[child]))
			child++;
		if (child >= files->heap_count || !before(files->heap[child], moved))
			break;
		files->heap[at] = files->heap[child];
		at = child;
	}
	files->heap[at] = moved;
}

static void close_source(struct files *files, struct source *source)
{
	if (!source->file)
		return;
	source->read = file_position(source->file);
	if (file_dropped(source->file) > files->dropped)
		files->dropped = file_dropped(source->file);
	file_close(source->file);
	source->file = NULL;
	files->open_count--;
}

static bool open_source(struct files *files, struct source *source, struct error *error)
{
	if (files->open_count >= OPEN_MAX_FILES || fault_limit())
		return error_set(error,
			"%s: %u files that overlap in time are open already; merge some first: "
			"mergecap -w ALL.pcapng FILES",
			source->name, files->open_count);
	source->file = file_open(source->name, error);
	files->open_count += source->file != NULL;
	return source->file != NULL;
}

static void add_totals(struct anomalies *seen, const struct anomalies *more)
{
	for (size_t i = 0; i < ANOMALY_COUNT; i++)
		seen->total->count[i] += more->total->count[i];
	for (size_t i = 0; i < ANOMALY_WORDS; i++)
		seen->set[i] |= more->set[i];
}

/* false: no memory. What is read again later is not counted now. */
static bool first_look(struct files *files, struct source *source)
{
	struct anomaly_totals total = { 0 };
	struct anomalies seen = { .total = &total };
	struct error error = { 0 };
	enum files_step step = FILES_ERROR;
	if (open_source(files, source, &error)) {
		source->size = file_size(source->file);
		files->endless |= !file_reopens(source->file);
		step = file_next(source->file, &source->packet, &seen, &error);
	}
	if (step == FILES_PACKET) {
		source->first = source->time = source->packet.time;
		if (file_reopens(source->file)) {
			close_source(files, source);
			source->read = 0;
			return true;
		}
	} else {
		close_source(files, source);
		source->first = source->time = INT64_MIN;
	}
	add_totals(files->seen, &seen);
	if (step == FILES_ERROR)
		source->trouble = fault_call() ? NULL : strdup(error.text);
	return step != FILES_ERROR || source->trouble;
}

static int compare_sources(const void *left, const void *right)
{
	const struct source *a = left, *b = right;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return strcmp(a->name, b->name);
}

static bool begin(struct files *files, const char *const *names)
{
	for (unsigned i = 0; i < files->count; i++) {
		files->source[i].name = names[i];
		if (!first_look(files, &files->source[i]))
			return false;
	}
	qsort(files->source, files->count, sizeof(*files->source), compare_sources);
	for (unsigned i = 0; i < files->count; i++) {
		struct source *source = &files->source[i];
		if (source->trouble || source->first != INT64_MIN)
			files->heap[files->heap_count++] = source; /* sorted: that is a heap */
	}
	return true;
}

struct files *files_open(const char *const *names, unsigned count, struct anomalies *seen)
{
	struct files *files = fault_call() ? NULL : calloc(1, sizeof(*files));
	if (!files)
		return NULL;
	files->count = count;
	files->seen = seen;
	files->source = fault_call() ? NULL : calloc(count + 1, sizeof(*files->source));
	files->heap = fault_call() ? NULL : calloc(count + 1, sizeof(struct source *));
	if (files->source && files->heap && begin(files, names))
		return files;
	files_close(files);
	return NULL;
}

void files_close(struct files *files)
{
	if (!files)
		return;
	for (unsigned i = 0; files->source && i < files->count; i++) {
		file_close(files->source[i].file);
		free(files->source[i].trouble);
	}
	free(files->source);
	free(files->heap);
	free(files);
}

/* The first of the heap goes to its next packet, or out. */
static enum files_step step_on(struct files *files, struct error *error)
{
	struct source *source = files->heap[0];
	enum files_step step = FILES_ERROR;
	if (source->trouble)
		error_set(error, "%s", source->trouble);
	else if (source->file || open_source(files, source, error))
		step = file_next(source->file, &source->packet, files->seen, error);
	if (step == FILES_PACKET) {
		source->time = source->packet.time;
	} else {
		close_source(files, source);
		if (source->read < source->size)
			source->read = source->size; /* the rest of it is given up */
		files->heap[0] = files->heap[--files->heap_count];
	}
	if (files->heap_count)
		sift_down(files, 0);
	return step;
}

enum files_step files_next(struct files *files, struct packet *out, struct error *error)
{
	bool step = files->newest != NULL;
	files->newest = NULL;
	while (files->heap_count) { /* each round reads a packet, or a file falls out */
		struct source *source = files->heap[0];
		if (!step && source->file) {
			*out = source->packet;
			files->newest = source;
			files->packets++;
			files->number = (unsigned)(source - files->source) + 1;
			return FILES_PACKET;
		}
		step = false;
		if (step_on(files, error) == FILES_ERROR)
			return FILES_ERROR;
	}
	return FILES_END;
}

uint64_t files_dropped(const struct files *files)
{
	return files->dropped;
}

void files_progress(const struct files *files, struct files_progress *out)
{
	*out = (struct files_progress){
		.packets = files->packets,
		.file = files->number,
		.file_count = files->count,
	};
	for (unsigned i = 0; i < files->count; i++) {
		const struct source *source = &files->source[i];
		out->bytes += source->file ? file_position(source->file) : source->read;
		out->bytes_all += source->size;
	}
	if (files->endless)
		out->bytes_all = 0;
}
