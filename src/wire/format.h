/* What the readers of both capture formats share: numbers in the file's byte order, and what people
 * are told about a file that cannot be read. Used by capture.c and pcapng.c, and by whoever reads
 * files and has to say how far that came. */
#ifndef MW_WIRE_FORMAT_H
#define MW_WIRE_FORMAT_H

#include "wire/capture.h"

static inline uint32_t format_u32(const struct capture *capture, const uint8_t *at)
{
	return capture->big_endian ? be32(at) : le32(at);
}

static inline uint16_t format_u16(const struct capture *capture, const uint8_t *at)
{
	return capture->big_endian ? be16(at) : le16(at);
}

/* The file is no capture: `first` are its first bytes, 24 where it has so many; always false. */
bool format_foreign(struct bytes first, const char *name, struct error *error);

/* The record at capture->offset says what cannot be ("a block of 13 bytes"); always CAPTURE_BAD. */
enum capture_step format_bad(
	const struct capture *capture, const char *what, const char *name, struct error *error);

#define FORMAT_READ_TEXT 48

/* "1840 packets were read". */
const char *format_read(const struct capture *capture, char text[FORMAT_READ_TEXT]);

#endif
