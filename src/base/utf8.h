/* UTF-8, read strictly (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. What
 * the writers (JSON, CSV, error lines, the terminal) need to carry text from outside without being
 * led by it. Pure: no state. */
#ifndef MW_BASE_UTF8_H
#define MW_BASE_UTF8_H

#include "base/bytes.h"

#define UTF8_SHOW 17 /* bytes: four times \xNN, and NUL */

/* Bytes (1..4) and code of the first character; 0: `in` is empty or does not begin with UTF-8. */
size_t utf8_size(struct bytes in, uint32_t *code);

/* Acts on a terminal or page without being seen, or turns the order of what is read: control
 * characters (C0, DEL, C1), line and paragraph separator, bidi controls (UAX 9). */
bool utf8_is_hidden(uint32_t code);

/* The next piece of text as a person may see it, stepped over: a character as it is; where it is
 * hidden or no UTF-8, its bytes as \xNN. Valid until `room` is used again. Empty at the end. */
struct bytes utf8_show(struct bytes *in, char room[UTF8_SHOW]);

#endif
