/* UTF-8, read strictly: the table of well-formed sequences (Unicode 15, table 3-7) says which
 * second bytes may follow a first byte; all further bytes are 80..BF. */
#include "base/utf8.h"

size_t utf8_size(struct bytes in, uint32_t *code)
{
	static const struct {
		uint8_t first_min, first_max, second_min, second_max, size, mask;
	} forms[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2, 0x1f },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3, 0x0f }, /* below A0: overlong */
		{ 0xe1, 0xec, 0x80, 0xbf, 3, 0x0f },
		{ 0xed, 0xed, 0x80, 0x9f, 3, 0x0f }, /* above 9F: surrogates */
		{ 0xee, 0xef, 0x80, 0xbf, 3, 0x0f },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4, 0x07 }, /* below 90: overlong */
		{ 0xf1, 0xf3, 0x80, 0xbf, 4, 0x07 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4, 0x07 }, /* above 8F: behind U+10FFFF */
	};
	size_t left = bytes_size(in), form = 0;
	if (!left)
		return 0;
	*code = in.at[0];
	if (*code < 0x80)
		return 1;
	while (form < COUNT(forms) && *code > forms[form].first_max)
		form++;
	if (form == COUNT(forms) || *code < forms[form].first_min || left < forms[form].size ||
		in.at[1] < forms[form].second_min || in.at[1] > forms[form].second_max)
		return 0;
	*code &= forms[form].mask;
	for (size_t i = 1; i < forms[form].size; i++) {
		if ((in.at[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (in.at[i] & 0x3f);
	}
	return forms[form].size;
}

bool utf8_is_hidden(uint32_t code)
{
	if (code < 0xa0)
		return code < 0x20 || code >= 0x7f;
	return code == 0x61c || code == 0x200e || code == 0x200f ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

struct bytes utf8_show(struct bytes *in, char room[UTF8_SHOW])
{
	static const char digits[] = "0123456789abcdef";
	uint32_t code = 0;
	size_t size = utf8_size(*in, &code), used = 0;
	bool plain = size && !utf8_is_hidden(code);
	struct bytes piece = bytes_split(in, size ? size : 1);
	if (plain)
		return piece;
	for (; piece.at != piece.end; piece.at++) {
		room[used++] = '\\';
		room[used++] = 'x';
		room[used++] = digits[*piece.at >> 4];
		room[used++] = digits[*piece.at & 15];
	}
	return bytes_make(room, used);
}
