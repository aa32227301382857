/* Text of bounded size. Characters are counted by the bytes that begin one, so that UTF-8 and raw
 * 8-bit text share one loop. */
#include "mime/text.h"

#include "base/vector.h"
#include "mime/mime.h"

void text_clear(struct text *text)
{
	text->size = text->characters = 0;
	text->cut = text->raw = false;
}

/* Nearly all text is ASCII and fits. */
static bool put_ascii(struct text *text, struct bytes in)
{
	size_t size = bytes_size(in);
	if (text->cut || !size || size > TEXT_ROOM - text->size ||
		size > MIME_TEXT_MAX - text->characters || text_ascii(in) != size)
		return false;
	memcpy(text->room + text->size, in.at, size);
	text->size += size;
	text->characters += size;
	return true;
}

void text_put(struct text *text, struct bytes in)
{
	if (put_ascii(text, in))
		return;
	while (in.at != in.end) {
		uint8_t byte = *bytes_take(&in, 1);
		bool begins = (byte & 0xC0) != 0x80;
		if (text->size == TEXT_ROOM || (begins && text->characters == MIME_TEXT_MAX))
			text->cut = true;
		if (text->cut)
			return;
		text->characters += begins;
		text->room[text->size++] = byte;
	}
}

struct bytes text_bytes(const struct text *text)
{
	return bytes_make(text->room, text->size);
}

struct bytes text_trimmed(const struct text *text)
{
	return text_trim(text_bytes(text));
}

size_t text_ascii(struct bytes in)
{
	size_t size = bytes_size(in), i = 0;
	for (; i + VECTOR_WIDTH <= size; i += VECTOR_WIDTH) {
		unsigned first = vector_first((vector)(vector_load(&in.at[i]) >= 0x80));
		if (first < VECTOR_WIDTH)
			return i + first;
	}
	while (i < size && in.at[i] < 0x80)
		i++;
	return i;
}

struct bytes text_trim(struct bytes in)
{
	while (in.at != in.end && text_space(*in.at))
		bytes_take(&in, 1);
	while (in.at != in.end && text_space(in.at[bytes_size(in) - 1]))
		bytes_limit(&in, bytes_size(in) - 1);
	return in;
}

bool text_among(uint8_t byte, const char *set)
{
	for (; *set; set++)
		if (byte == (uint8_t)*set)
			return true;
	return false;
}
