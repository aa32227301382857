/* What the scanner tells of a message, as lines of text: one an item, so that a test is a message
 * and the text expected of it. Fed whole, in pieces of one size, or cut in two. */
#ifndef MW_TESTS_TOLD_H
#define MW_TESTS_TOLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "mime/mime.h"

#define TOLD_ROOM (256 * 1024)

struct told {
	struct mime_tools *tools;
	struct mime *mime;
	struct anomalies seen;
	struct anomaly_totals totals;
	bool fields_only, parts_only;
	size_t size;
	char text[TOLD_ROOM];
};

static inline int told_begin(void **state)
{
	struct told *told = calloc(1, sizeof *told);
	assert_non_null(told);
	told->tools = mime_tools_open();
	assert_non_null(told->tools);
	told->mime = mime_new(told->tools, MIME_DIGESTS);
	assert_non_null(told->mime);
	*state = told;
	return 0;
}

static inline int told_end(void **state)
{
	struct told *told = *state;
	mime_free(told->mime);
	mime_tools_close(told->tools);
	free(told);
	return 0;
}

static inline void told_put(struct told *told, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static inline void told_put(struct told *told, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	int size = vsnprintf(told->text + told->size, TOLD_ROOM - told->size, format, list);
	va_end(list);
	assert_true(size >= 0 && (size_t)size < TOLD_ROOM - told->size);
	told->size += (size_t)size;
}

static inline void told_bytes(struct told *told, const char *before, struct bytes in)
{
	told_put(told, "%s%.*s", before, (int)bytes_size(in), (const char *)in.at);
}

static inline void told_received(struct told *told, const struct mime_received *received)
{
	char text[ADDRESS_TEXT];
	told_bytes(told, " from=", received->from);
	told_bytes(told, " name=", received->name);
	if (!address_is_none(&received->address))
		told_put(told, " address=%s", address_text(&received->address, text));
	told_bytes(told, " by=", received->by);
	told_bytes(told, " with=", received->with);
	told_bytes(told, " id=", received->id);
}

static inline void told_field(struct told *told, const struct mime_item *item)
{
	told_put(told, "%s", mime_field_name(item->field));
	if (item->received)
		told_received(told, item->received);
	else
		told_bytes(told, ": ", item->text);
	if (item->kind == MIME_ADDRESS)
		told_bytes(told, " <", item->address);
	if (item->time != MIME_MOMENT_NONE)
		told_put(told, " time=%lld", (long long)(item->time / 1000000));
	told_put(told, "%s\n", item->raw ? " (raw)" : "");
}

static inline void told_end_of(struct told *told, const struct mime_part *part)
{
	if (part->shape != MIME_LEAF && part->shape != MIME_BLOCK)
		return;
	told_put(told, " size=%llu", (unsigned long long)part->size);
	if (part->true_type)
		told_put(told, " true=%s", part->true_type);
	if (part->links)
		told_put(told, " links=%u", part->links);
	if (part->images)
		told_put(told, " images=%u", part->images);
	if (part->crypto)
		told_put(told, " %s", mime_crypto_name(part->crypto));
}

static inline void told_part(struct told *told, const struct mime_item *item)
{
	const struct mime_part *part = item->part;
	told_bytes(told, item->kind == MIME_PART ? "part " : "end ", part->path);
	if (item->kind == MIME_PART_END) {
		told_end_of(told, part);
		told_put(told, "\n");
		return;
	}
	told_bytes(told, " ", part->type);
	if (part->charset.at)
		told_bytes(told, " charset=", part->charset);
	if (part->encoding)
		told_put(told, " %s", mime_encoding_name(part->encoding));
	if (part->name.at)
		told_bytes(told, " name=", part->name);
	told_put(told, "%s%s\n", part->name_raw ? " (raw)" : "",
		part->attachment ? " attachment" : "");
}

static inline void told_item(struct told *told, const struct mime_item *item)
{
	bool field = item->kind == MIME_FIELD || item->kind == MIME_ADDRESS;
	if ((told->fields_only && !field) || (told->parts_only && field))
		return;
	if (field)
		told_field(told, item);
	else if (item->kind == MIME_LINK)
		told_put(told, "link %.*s\n", (int)bytes_size(item->text),
			(const char *)item->text.at);
	else if (item->kind == MIME_END)
		told_put(told, "total parts=%u attachments=%u links=%u images=%u\n",
			item->total->parts, item->total->attachments, item->total->links,
			item->total->images);
	else
		told_part(told, item);
}

static inline void told_take(struct told *told)
{
	struct mime_item item;
	while (mime_next(told->mime, &item))
		told_item(told, &item);
}

/* Each piece lies in memory of its own that is gone afterwards. */
static inline void told_feed(struct told *told, struct bytes in, size_t piece)
{
	while (in.at != in.end) {
		struct bytes part = bytes_split(&in, piece);
		uint8_t *copy = malloc(bytes_size(part));
		assert_non_null(copy);
		memcpy(copy, part.at, bytes_size(part));
		mime_feed(told->mime, bytes_make(copy, bytes_size(part)));
		told_take(told);
		free(copy);
	}
}

static inline void told_start(struct told *told)
{
	memset(&told->totals, 0, sizeof told->totals);
	memset(&told->seen, 0, sizeof told->seen);
	told->seen.total = &told->totals;
	told->size = 0;
	told->text[0] = 0;
	mime_init(told->mime, &told->seen);
}

static inline void told_stop(struct told *told)
{
	mime_finish(told->mime);
	told_take(told);
	for (int i = 0; i < ANOMALY_COUNT; i++)
		if (anomaly_is(&told->seen, (enum anomaly)i))
			told_put(told, "! %s\n", anomaly_name((enum anomaly)i));
}

/* The first `first` bytes at once, then `piece` at a time. */
static inline const char *told_of(struct told *told, struct bytes in, size_t first, size_t piece)
{
	told_start(told);
	told_feed(told, bytes_split(&in, first), SIZE_MAX);
	told_feed(told, in, piece);
	told_stop(told);
	return told->text;
}

/* Whole, bytewise, and cut in two at every place. */
static inline void told_check(struct told *told, struct bytes in, const char *expected)
{
	assert_string_equal(told_of(told, in, SIZE_MAX, 1), expected);
	assert_string_equal(told_of(told, in, 0, 1), expected);
	for (size_t i = 0; i < bytes_size(in); i++)
		assert_string_equal(told_of(told, in, i, SIZE_MAX), expected);
}

#endif
