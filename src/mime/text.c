/* Text of bounded size. Characters are counted by the bytes that begin one, so that UTF-8 and raw
 * 8-bit text share one loop. */
#include "mime/text.h"

#include "mime/mime.h"

void text_clear(struct text *text)
{
	text->size = text->characters = 0;
	text->cut = text->raw = false;
}

void text_put(struct text *text, struct bytes in)
{
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

bool text_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
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

int text_hex(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte = byte_lower(byte);
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}
