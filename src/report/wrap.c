/* Greedy filling, one word held back until its end is known: the pieces of a word may come from
 * several calls, so no paragraph has to be put together in memory first, and none has a longest
 * length. Columns are counted in code points, which is right for what we print ourselves and close
 * enough for strangers' text. */
#include "report/wrap.h"

#include <stdarg.h>

#include "report/escape.h"

static const char *const tones[] = {
	[TONE_PLAIN] = "\033[0m",
	[TONE_HEAD] = "\033[1m",
	[TONE_BAD] = "\033[1;31m",
	[TONE_GOOD] = "\033[1;32m",
	[TONE_FAINT] = "\033[2m",
};

void wrap_init(struct wrap *wrap, FILE *out, unsigned width, bool colour, bool utf8)
{
	*wrap = (struct wrap){ .out = out, .width = width, .colour = colour, .utf8 = utf8 };
	if (width < WRAP_WIDTH_MIN)
		wrap->width = WRAP_WIDTH_MIN;
	if (width > WRAP_WIDTH_MAX)
		wrap->width = WRAP_WIDTH_MAX;
}

static void indent_to(struct wrap *wrap, unsigned column)
{
	fprintf(wrap->out, "%*s", (int)(column - wrap->column), "");
	wrap->column = column;
}

static void line_next(struct wrap *wrap)
{
	putc('\n', wrap->out);
	wrap->column = 0;
	indent_to(wrap, wrap->hanging);
	wrap->fresh = true;
}

/* Writes the word that waits, on this line if it fits. */
static void word_write(struct wrap *wrap)
{
	unsigned space = wrap->fresh || wrap->glue || !wrap->columns ? 0 : 1;
	if (!wrap->size)
		return;
	if (!wrap->fresh && wrap->column + space + wrap->columns > wrap->width) {
		line_next(wrap);
		space = 0;
	}
	if (space)
		putc(' ', wrap->out);
	fwrite(wrap->word, 1, wrap->size, wrap->out);
	wrap->column += space + wrap->columns;
	wrap->fresh = wrap->fresh && !wrap->columns;
	wrap->size = 0;
	wrap->columns = 0;
}

static void word_end(struct wrap *wrap)
{
	word_write(wrap);
	wrap->glue = false;
}

static void word_add(struct wrap *wrap, const char *text, size_t size, unsigned columns)
{
	unsigned room = wrap->width > wrap->hanging ? wrap->width - wrap->hanging : 1;
	if (wrap->columns + columns > room || wrap->size + size > WRAP_WORD) {
		word_write(wrap);
		wrap->glue = true; /* broken, not ended: what follows gets no space */
	}
	memcpy(wrap->word + wrap->size, text, size);
	wrap->size += size;
	wrap->columns += columns;
}

void wrap_bytes(struct wrap *wrap, struct bytes text)
{
	while (bytes_size(text)) {
		if (*text.at == ' ') {
			word_end(wrap);
			bytes_take(&text, 1);
			continue;
		}
		struct escaped next = escape_next(&text, wrap->utf8);
		word_add(wrap, next.text, next.size, next.columns);
	}
}

/* A label or a line: as it is, but escaped. Gives the columns. */
static unsigned text_raw(struct wrap *wrap, struct bytes text)
{
	unsigned columns = 0;
	while (bytes_size(text)) {
		struct escaped next = escape_next(&text, wrap->utf8);
		fwrite(next.text, 1, next.size, wrap->out);
		columns += next.columns;
	}
	return columns;
}

void wrap_open(struct wrap *wrap, unsigned indent, const char *label, unsigned hanging)
{
	wrap->hanging = hanging;
	wrap->column = 0;
	wrap->size = 0;
	wrap->columns = 0;
	wrap->glue = false;
	wrap->fresh = true;
	indent_to(wrap, label ? indent : hanging);
	if (!label)
		return;
	wrap->column += text_raw(wrap, bytes_of(label));
	if (wrap->column < hanging)
		indent_to(wrap, hanging);
	else
		line_next(wrap);
}

static void print_add(struct wrap *wrap, const char *format, va_list values)
	__attribute__((format(printf, 2, 0)));

static void print_add(struct wrap *wrap, const char *format, va_list values)
{
	char text[1024];
	vsnprintf(text, sizeof text, format, values);
	wrap_bytes(wrap, bytes_of(text));
}

void wrap_print(struct wrap *wrap, const char *format, ...)
{
	va_list values;
	va_start(values, format);
	print_add(wrap, format, values);
	va_end(values);
}

void wrap_string(struct wrap *wrap, const char *text)
{
	wrap_bytes(wrap, bytes_of(text));
}

void wrap_value(struct wrap *wrap, enum pseudonym_kind kind, struct bytes text)
{
	struct pseudonym shown;
	struct bytes piece;
	pseudonym_open(&shown, wrap->pseudonyms, kind, text, (struct bytes){ NULL, NULL });
	while (pseudonym_next(&shown, &piece))
		wrap_bytes(wrap, piece);
}

void wrap_quote(struct wrap *wrap, struct pseudonym *text, size_t max)
{
	struct bytes piece;
	size_t size = 0;
	wrap_bytes(wrap, bytes_of("\""));
	while (pseudonym_next(text, &piece)) {
		size_t left = max > size ? max - size : 0;
		size += bytes_size(piece);
		wrap_bytes(wrap, bytes_split(&piece, left));
	}
	wrap_bytes(wrap, bytes_of(size > max ? "\"..." : "\""));
}

void wrap_tone(struct wrap *wrap, enum tone tone)
{
	if (wrap->colour)
		word_add(wrap, tones[tone], strlen(tones[tone]), 0);
}

void wrap_close(struct wrap *wrap)
{
	word_end(wrap);
	putc('\n', wrap->out);
	wrap->column = 0;
}

void wrap_heading(struct wrap *wrap, const char *text)
{
	wrap_blank(wrap);
	wrap_open(wrap, 0, NULL, 0);
	wrap_tone(wrap, TONE_HEAD);
	wrap_string(wrap, text);
	wrap_tone(wrap, TONE_PLAIN);
	wrap_close(wrap);
}

void wrap_item(struct wrap *wrap, unsigned indent, const char *label, unsigned hanging,
	const char *format, ...)
{
	va_list values;
	wrap_open(wrap, indent, label, hanging);
	va_start(values, format);
	print_add(wrap, format, values);
	va_end(values);
	wrap_close(wrap);
}

void wrap_blank(struct wrap *wrap)
{
	putc('\n', wrap->out);
}

void wrap_line(struct wrap *wrap, unsigned indent, const char *format, ...)
{
	char text[1024];
	va_list values;
	va_start(values, format);
	vsnprintf(text, sizeof text, format, values);
	va_end(values);
	indent_to(wrap, indent);
	text_raw(wrap, bytes_of(text));
	putc('\n', wrap->out);
	wrap->column = 0;
}
