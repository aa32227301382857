/* What to tell people about a file that cannot be read: what it looks like, where it is wrong, and
 * what they can do. Only the first bytes are looked at, for a file must give the same answer
 * however slowly it comes. */
#include "wire/format.h"

#include <inttypes.h>
#include <stdio.h>

#define LOOK 24 /* bytes: a pcap file header */

#define CONVERT "convert it: editcap -F pcapng FILE NEW.pcapng"

static const struct foreign {
	const char *magic;
	uint8_t size;
	const char *what, *advice;
} foreigns[] = {
	{ "\x1f\x8b", 2, "compressed with gzip",
		"decompress it first: gzip -dc FILE | mailwarden read -" },
	{ "\x28\xb5\x2f\xfd", 4, "compressed with zstd",
		"decompress it first: zstd -dc FILE | mailwarden read -" },
	{ "\xfd\x37zXZ", 5, "compressed with xz",
		"decompress it first: xz -dc FILE | mailwarden read -" },
	{ "BZh", 3, "compressed with bzip2",
		"decompress it first: bzip2 -dc FILE | mailwarden read -" },
	{ "\x04\x22\x4d\x18", 4, "compressed with lz4",
		"decompress it first: lz4 -dc FILE | mailwarden read -" },
	{ "PK\x03\x04", 4, "a ZIP archive", "unpack it first: unzip FILE" },
	{ "\xa1\xb2\xcd\x34", 4, "a pcap file of Kuznetzov's modified format", CONVERT },
	{ "\x34\xcd\xb2\xa1", 4, "a pcap file of Kuznetzov's modified format", CONVERT },
	{ "snoop\0\0\0", 8, "a snoop capture", CONVERT },
	{ "RTSS", 4, "a Microsoft Network Monitor capture", CONVERT },
	{ "GMBU", 4, "a Microsoft Network Monitor capture", CONVERT },
	{ "TRSNIFF data", 12, "a Sniffer capture", CONVERT },
};

static bool is_text(struct bytes first)
{
	const uint8_t *at;
	while ((at = bytes_take(&first, 1)))
		if ((*at < ' ' && !(*at >= '\t' && *at <= '\r')) || *at == 0x7f)
			return false;
	return true;
}

/* An Endace record has no magic, but a time (seconds in the second 32 bits, low byte first), a
 * small type and a length that covers its header. */
static bool is_erf(struct bytes first)
{
	const uint8_t *header = bytes_take(&first, 16);
	if (!header)
		return false;
	uint32_t seconds = le32(header + 4), type = header[8] & 0x7f;
	return seconds > 631152000 /* 1990 */ && type >= 1 && type <= 48 &&
	       be16(header + 10) >= 16 && be16(header + 14);
}

bool format_foreign(struct bytes first, const char *name, struct error *error)
{
	bytes_limit(&first, LOOK);
	if (first.at == first.end)
		return error_set(error,
			"%s: offset 0: empty; nothing was recorded, or the copy failed", name);
	for (size_t i = 0; i < COUNT(foreigns); i++) {
		struct bytes head = first;
		const struct foreign *foreign = &foreigns[i];
		if (bytes_limit(&head, foreign->size) &&
			bytes_equal(head, bytes_make(foreign->magic, foreign->size)))
			return error_set(error, "%s: offset 0: %s; %s", name, foreign->what,
				foreign->advice);
	}
	if (is_text(first))
		return error_set(error,
			"%s: offset 0: text, no packet capture; give the file that tcpdump or "
			"Wireshark wrote",
			name);
	if (is_erf(first))
		return error_set(error, "%s: offset 0: looks like an Endace (ERF) capture; %s",
			name, CONVERT);
	return error_set(error,
		"%s: offset 0: no pcap or pcapng file; if Wireshark can open it, %s", name,
		CONVERT);
}

enum capture_step format_bad(
	const struct capture *capture, const char *what, const char *name, struct error *error)
{
	char read[FORMAT_READ_TEXT];
	error_set(error,
		"%s: packet %" PRIu64 ": %s at offset %" PRIu64
		"; %s; the file is damaged from here on, copy or record it again",
		name, capture->packets + 1, what, capture->offset, format_read(capture, read));
	return CAPTURE_BAD;
}

const char *format_read(const struct capture *capture, char text[FORMAT_READ_TEXT])
{
	if (capture->packets == 1)
		snprintf(text, FORMAT_READ_TEXT, "1 packet was read");
	else
		snprintf(text, FORMAT_READ_TEXT, "%" PRIu64 " packets were read", capture->packets);
	return text;
}
