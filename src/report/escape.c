/* Escaping by what a character does, not by where it came from: so the whole report may pass
 * through here, and no path from the network to the terminal is left to forget. An 8-bit terminal
 * takes the bytes 0x80..0x9f for controls, which is why UTF-8 must be agreed on. */
#include "report/escape.h"

#include <stdio.h>

#include "base/utf8.h"

struct span {
	uint32_t first, last;
};

/* Beside the controls: what takes no room on the screen, or shows nobody knows what. Two names that
 * differ only in these look the same (Unicode UTS 39). */
static const struct span unseen[] = {
	{ 0x00ad, 0x00ad },   /* soft hyphen */
	{ 0x180b, 0x180e },   /* Mongolian selectors */
	{ 0x200b, 0x200f },   /* zero width */
	{ 0x2060, 0x206f },   /* invisible operators */
	{ 0xe000, 0xf8ff },   /* private use */
	{ 0xfe00, 0xfe0f },   /* variation selectors */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xfff9, 0xfffb },   /* annotations */
	{ 0xe0000, 0x10ffff } /* tags, selectors, private planes */
};

static bool is_seen(uint32_t code)
{
	if (utf8_is_hidden(code))
		return false;
	for (size_t i = 0; i < COUNT(unseen); i++)
		if (code >= unseen[i].first && code <= unseen[i].last)
			return false;
	return true;
}

struct escaped escape_next(struct bytes *in, bool utf8)
{
	struct escaped out = { .size = 0 };
	uint32_t code = 0;
	size_t length = utf8_size(*in, &code);
	const uint8_t *at = bytes_take(in, length ? length : 1);
	if (length && is_seen(code) && (utf8 || code < 0x80)) {
		memcpy(out.text, at, length);
		out.size = (unsigned)length;
		out.columns = 1;
		return out;
	}
	if (length < 2)
		out.size = (unsigned)snprintf(out.text, sizeof out.text, "\\x%02x", at[0]);
	else if (code <= 0xffff)
		out.size = (unsigned)snprintf(out.text, sizeof out.text, "\\u%04x", code);
	else
		out.size = (unsigned)snprintf(out.text, sizeof out.text, "\\U%08x", code);
	out.columns = out.size;
	return out;
}
