/* Text being put together in a room of fixed size: at most MIME_TEXT_MAX characters; what does not
 * fit is left out and `cut` says so. The room is the caller's. */
#ifndef MW_MIME_TEXT_H
#define MW_MIME_TEXT_H

#include "base/bytes.h"

#define TEXT_ROOM 8000 /* bytes that hold MIME_TEXT_MAX characters of UTF-8 */

struct text {
	size_t size, characters;
	bool cut; /* something was left out */
	bool raw; /* something could not be decoded and is as sent */
	uint8_t room[TEXT_ROOM];
};

void text_clear(struct text *text); /* before its first use too */
void text_put(struct text *text, struct bytes in);
struct bytes text_bytes(const struct text *text);

/* The same without white space at both ends. */
struct bytes text_trimmed(const struct text *text);

size_t text_ascii(struct bytes in);      /* how many bytes in front are ASCII */
struct bytes text_trim(struct bytes in); /* without white space at both ends */

bool text_among(uint8_t byte, const char *set); /* NUL is in no set */

static inline bool text_space(uint8_t byte) /* blank, tab, CR, LF */
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static inline int text_hex(uint8_t byte) /* the value of a hexadecimal digit; -1: none */
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte = byte_lower(byte);
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

#endif
