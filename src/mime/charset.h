/* Character sets that mail really uses, to UTF-8, through the C library's iconv. The list is fixed:
 * no name from a message reaches iconv_open, and all converters are opened at the start, as they
 * load files. Labels mean what mail readers take them for (WHATWG Encoding): iso-8859-1 is read as
 * windows-1252, gb2312 as GB18030, shift_jis as CP932, ks_c_5601-1987 as UHC. UTF-7 is in the list,
 * as old Exchange servers write it in headers; nothing here is ever run or rendered. Threads: one
 * at a time, converters hold shift states. */
#ifndef MW_MIME_CHARSET_H
#define MW_MIME_CHARSET_H

#include "mime/text.h"

struct charsets;

struct charsets *charsets_open(void); /* NULL: no memory. A converter that the system lacks is as an
					 unknown name */
void charsets_close(struct charsets *charsets);

/* Adds `in` as UTF-8 to `out`. false: the name is not in the list, nothing was added. What is not
 * valid becomes U+FFFD and sets out->raw. */
bool charset_decode(
	struct charsets *charsets, struct bytes name, struct bytes in, struct text *out);

bool charset_known(const struct charsets *charsets, struct bytes name);
bool charset_is_wide(struct bytes name); /* UTF-16 and UTF-32: ASCII is not one byte in it */

#endif
