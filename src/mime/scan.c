/* A hit is taken from the vector that has it, without another look at its bytes. The rest behind
 * the last whole vector is looked at together with bytes before it, in which there is no hit; only
 * what is shorter than a vector is looked at byte by byte. */
#include "mime/scan.h"

#include "base/vector.h"

static bool dash(uint8_t before, uint8_t byte)
{
	return before == '\n' && byte == '-';
}

static vector dashes(vector before, vector byte)
{
	return (vector)(before == '\n') & (vector)(byte == '-');
}

/* The place of the next vector behind `i`, all of it within `size` bytes. */
static size_t vector_next(size_t i, size_t size)
{
	return i + VECTOR_WIDTH < size && i + 2 * VECTOR_WIDTH > size ? size - VECTOR_WIDTH
								      : i + VECTOR_WIDTH;
}

size_t scan_dash(uint8_t before, struct bytes in)
{
	size_t size = bytes_size(in), i = 1;
	if (!size || dash(before, in.at[0]))
		return 0;
	for (; i + VECTOR_WIDTH <= size; i = vector_next(i, size)) {
		unsigned first =
			vector_first(dashes(vector_load(&in.at[i - 1]), vector_load(&in.at[i])));
		if (first < VECTOR_WIDTH)
			return i + first;
	}
	while (i < size && !dash(in.at[i - 1], in.at[i]))
		i++;
	return i;
}

static bool pair(uint8_t before, uint8_t byte)
{
	switch (byte | 0x20) {
	case '/':
		return before == '/' && byte == '/';
	case '.':
		return (before | 0x20) == 'w' && byte == '.';
	case 'f':
		return before == '2';
	case 'g':
		return (before | 0x20) == 'm';
	case '-':
	case 'b':
	case '=':
		return before == '\n' && (byte == '-' || byte == 'b' || byte == '=');
	default:
		return false;
	}
}

static vector pairs(vector before, vector byte)
{
	vector low = before | 0x20, folded = byte | 0x20;
	vector line = (vector)(byte == '-') | (vector)(byte == 'b') | (vector)(byte == '=');
	return ((vector)(before == '/') & (vector)(byte == '/')) |
	       ((vector)(low == 'w') & (vector)(byte == '.')) |
	       ((vector)(before == '2') & (vector)(folded == 'f')) |
	       ((vector)(low == 'm') & (vector)(folded == 'g')) | ((vector)(before == '\n') & line);
}

size_t scan_text(uint8_t before, struct bytes in)
{
	size_t size = bytes_size(in), i = 1;
	if (!size || pair(before, in.at[0]))
		return 0;
	for (; i + VECTOR_WIDTH <= size; i += VECTOR_WIDTH) {
		unsigned first =
			vector_first(pairs(vector_load(&in.at[i - 1]), vector_load(&in.at[i])));
		if (first < VECTOR_WIDTH)
			return i + first;
	}
	while (i < size && !pair(in.at[i - 1], in.at[i]))
		i++;
	return i;
}

static bool base64(uint8_t byte)
{
	uint8_t low = byte | 0x20;
	return (low >= 'a' && low <= 'z') || (byte >= '/' && byte <= '9') || byte == '+';
}

static vector base64s(vector byte)
{
	vector low = byte | 0x20;
	return ((vector)(low >= 'a') & (vector)(low <= 'z')) |
	       ((vector)(byte >= '/') & (vector)(byte <= '9')) | (vector)(byte == '+');
}

size_t scan_base64(struct bytes in)
{
	size_t size = bytes_size(in), i = 0;
	for (; i + VECTOR_WIDTH <= size; i += VECTOR_WIDTH) {
		unsigned first = vector_first(~base64s(vector_load(&in.at[i])));
		if (first < VECTOR_WIDTH)
			return i + first;
	}
	while (i < size && base64(in.at[i]))
		i++;
	return i;
}
