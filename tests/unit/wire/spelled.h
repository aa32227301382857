/* Bytes for tests (behind cmocka.h), spelled so that lengths come by themselves: hexadecimal
 * digits; 'text'; N*XX for N bytes XX; N( ... ) for what lies in it behind its size in N bytes; {
 * ... } behind its size as DER writes it. Blanks mean nothing. */
#ifndef MW_TESTS_SPELLED_H
#define MW_TESTS_SPELLED_H

#include <stdlib.h>

#include "base/bytes.h"

#define SPELLED_MAX 100000

struct spelled {
	uint8_t at[SPELLED_MAX];
	size_t size;
};

/* Moves what was spelled since `from` to make room for its size. */
static inline void spell_size(struct spelled *out, size_t from, unsigned width)
{
	size_t size = out->size - from;
	unsigned more = size < 128 ? 0 : size < 256 ? 1 : 2; /* bytes of the size in DER */
	unsigned head = width ? width : 1 + more;
	assert_true(out->size + head <= SPELLED_MAX);
	memmove(&out->at[from + head], &out->at[from], size);
	out->size += head;
	for (unsigned i = head; i-- > 0; size >>= 8)
		out->at[from + i] = (uint8_t)size;
	if (!width && more)
		out->at[from] = (uint8_t)(0x80 | more);
}

static inline void spell_bytes(struct spelled *out, unsigned long count, unsigned byte)
{
	assert_true(out->size + count <= SPELLED_MAX);
	memset(&out->at[out->size], (int)byte, count);
	out->size += count;
}

/* A number in front of "(" or "*"; 0: none. */
static inline unsigned long spell_number(const char **text)
{
	size_t digits = strspn(*text, "0123456789");
	char mark = (*text)[digits];
	if (!digits || (mark != '(' && mark != '*'))
		return 0;
	unsigned long number = strtoul(*text, NULL, 10);
	*text += digits;
	return number;
}

static inline unsigned spell_byte(const char **text)
{
	static const char digits[] = "0123456789abcdef";
	const char *high = strchr(digits, (*text)[0]);
	assert_true(high && *high);
	const char *low = strchr(digits, (*text)[1]);
	assert_true(low && *low);
	*text += 2;
	return (unsigned)((high - digits) << 4 | (low - digits));
}

static inline struct spelled *spell(const char *text)
{
	struct spelled *out = calloc(1, sizeof *out);
	size_t open[32], depth = 0;
	unsigned width[32];
	assert_non_null(out);
	while (*text) {
		unsigned long number = spell_number(&text);
		if (*text == '*') {
			text++;
			spell_bytes(out, number, spell_byte(&text));
		} else if (*text == '(' || *text == '{') {
			assert_true(depth < COUNT(open));
			open[depth] = out->size;
			width[depth++] = *text++ == '{' ? 0 : (unsigned)number;
		} else if (*text == ')' || *text == '}') {
			assert_true(depth > 0);
			depth--;
			spell_size(out, open[depth], width[depth]);
			text++;
		} else if (*text == '\'') {
			for (text++; *text != '\''; text++)
				spell_bytes(out, 1, (uint8_t)*text);
			text++;
		} else if (*text == ' ') {
			text++;
		} else {
			spell_bytes(out, 1, spell_byte(&text));
		}
	}
	assert_int_equal(depth, 0);
	return out;
}

#endif
