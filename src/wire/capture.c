/* Capture files, read by our own reader: libpcap refuses pcapng files whose interfaces differ, and
 * copies what may be read where it lies. pcap (draft-ietf-opsawg-pcap) is a header and records;
 * pcapng.c reads the other format. What tcpdump and Wireshark tolerate is tolerated. */
#include "wire/capture.h"

#include <inttypes.h>
#include <stdio.h>

#include "wire/format.h"
#include "wire/link.h"
#include "wire/pcapng.h"

enum {
	FILE_HEADER = 24,
	RECORD_HEADER = 16,
	VERSION_MAJOR = 2,
	VERSION_MINOR = 4, /* those before had the two lengths of a record in another order */
	LINK_TYPE_BITS = 0x03ffffff /* above them: whether, and how long, a checksum follows */
};

#define MAGIC_MICRO UINT32_C(0xa1b2c3d4)
#define MAGIC_NANO UINT32_C(0xa1b23c4d)

void capture_init(struct capture *capture)
{
	memset(capture, 0, sizeof(*capture));
}

static bool begin_pcap(
	struct capture *capture, const uint8_t *header, const char *name, struct error *error)
{
	unsigned major = format_u16(capture, header + 4), minor = format_u16(capture, header + 6);
	if (major != VERSION_MAJOR || minor < VERSION_MINOR)
		return error_set(error,
			"%s: offset 4: a pcap file of version %u.%u, only 2.4 is read; convert it: "
			"editcap -F pcapng FILE NEW.pcapng",
			name, major, minor);
	capture->link_type = format_u32(capture, header + 20) & LINK_TYPE_BITS;
	if (!link_known(capture->link_type))
		return error_set(error,
			"%s: offset 20: packets of link type %" PRIu32
			" are not read; record on an Ethernet, \"any\" or tunnel interface",
			name, capture->link_type);
	capture->begun = true;
	return true;
}

/* The format is told from the first bytes; a pcap header is consumed, a pcapng file begins with a
 * block like any other. */
static enum capture_step begin(struct capture *capture, struct bytes *in, size_t *need,
	const char *name, struct error *error)
{
	struct bytes rest = *in;
	const uint8_t *header = bytes_take(&rest, FILE_HEADER);
	*need = FILE_HEADER;
	if (!header)
		return CAPTURE_MORE;
	if (pcapng_begins(header)) {
		capture->ng = capture->begun = true;
		return CAPTURE_PACKET;
	}
	uint32_t magic = le32(header);
	capture->big_endian = magic != MAGIC_MICRO && magic != MAGIC_NANO;
	magic = format_u32(capture, header);
	capture->nano = magic == MAGIC_NANO;
	if (magic != MAGIC_MICRO && magic != MAGIC_NANO) {
		format_foreign(*in, name, error);
		return CAPTURE_BAD;
	}
	if (!begin_pcap(capture, header, name, error))
		return CAPTURE_BAD;
	capture->offset = FILE_HEADER;
	*in = rest;
	return CAPTURE_PACKET;
}

static enum capture_step pcap_next(struct capture *capture, struct bytes *in, struct packet *out,
	size_t *need, const char *name, struct error *error)
{
	struct bytes rest = *in;
	const uint8_t *header = bytes_take(&rest, RECORD_HEADER);
	*need = RECORD_HEADER;
	if (!header)
		return CAPTURE_MORE;
	uint32_t captured = format_u32(capture, header + 8);
	if (captured > CAPTURE_PACKET_MAX) {
		char what[64];
		snprintf(what, sizeof(what), "a length of %" PRIu32 " bytes", captured);
		return format_bad(capture, what, name, error);
	}
	*need = RECORD_HEADER + captured;
	out->data = rest;
	if (!bytes_take(&rest, captured))
		return CAPTURE_MORE;
	bytes_limit(&out->data, captured);
	uint32_t fraction = format_u32(capture, header + 4);
	uint32_t length = format_u32(capture, header + 12);
	out->time = (int64_t)format_u32(capture, header) * 1000000 +
		    (capture->nano ? fraction / 1000 : fraction);
	out->link_type = capture->link_type;
	out->length = length < captured ? captured : length;
	out->interface = 0;
	capture->offset += RECORD_HEADER + captured;
	*in = rest;
	return CAPTURE_PACKET;
}

enum capture_step capture_next(struct capture *capture, struct bytes *in, struct packet *out,
	size_t *need, const char *name, struct anomalies *seen, struct error *error)
{
	enum capture_step step = CAPTURE_PACKET;
	if (!capture->begun)
		step = begin(capture, in, need, name, error);
	if (step != CAPTURE_PACKET)
		return step;
	step = capture->ng ? pcapng_next(capture, in, out, need, name, seen, error)
			   : pcap_next(capture, in, out, need, name, error);
	if (step != CAPTURE_PACKET)
		return step;
	capture->packets++;
	if (out->time < capture->time)
		anomaly(seen, FILE_TIME_BACK);
	capture->time = out->time;
	return CAPTURE_PACKET;
}

#define CUT_ADVICE "the recording was stopped while writing, or the copy is incomplete"

static bool cut_packet(
	const struct capture *capture, struct pcapng_cut cut, const char *name, struct error *error)
{
	char read[FORMAT_READ_TEXT];
	return error_set(error,
		"%s: packet %" PRIu64 ": cut short (%" PRIu64 " of %" PRIu64
		" bytes) at offset %" PRIu64 "; %s; " CUT_ADVICE,
		name, capture->packets + 1, cut.here, cut.whole, cut.begin,
		format_read(capture, read));
}

static bool cut_block(
	const struct capture *capture, struct pcapng_cut cut, const char *name, struct error *error)
{
	char read[FORMAT_READ_TEXT];
	return error_set(error,
		"%s: block cut short (%" PRIu64 " of %" PRIu64 " bytes) at offset %" PRIu64
		"; %s; " CUT_ADVICE,
		name, cut.here, cut.whole, cut.begin, format_read(capture, read));
}

static struct pcapng_cut pcap_cut(const struct capture *capture, struct bytes left)
{
	size_t here = bytes_size(left);
	const uint8_t *header = bytes_take(&left, RECORD_HEADER);
	if (!header)
		return (struct pcapng_cut){ here, RECORD_HEADER, capture->offset, true };
	return (struct pcapng_cut){ here - RECORD_HEADER, format_u32(capture, header + 8),
		capture->offset, true };
}

/* Too short to be told from its header: a magic makes it a cut capture. */
static bool end_before_begin(
	struct bytes left, const char *name, struct anomalies *seen, struct error *error)
{
	struct bytes rest = left;
	const uint8_t *first = bytes_take(&rest, 4);
	uint32_t little = first ? le32(first) : 0, big = first ? be32(first) : 0;
	if (little != MAGIC_MICRO && little != MAGIC_NANO && big != MAGIC_MICRO &&
		big != MAGIC_NANO && little != UINT32_C(0x0a0d0d0a))
		return format_foreign(left, name, error);
	anomaly(seen, FILE_CUT);
	return error_set(error,
		"%s: cut short inside its header (%zu bytes) at offset 0; no packet was "
		"read; " CUT_ADVICE,
		name, bytes_size(left));
}

bool capture_end(const struct capture *capture, struct bytes left, const char *name,
	struct anomalies *seen, struct error *error)
{
	if (!capture->begun)
		return end_before_begin(left, name, seen, error);
	if (left.at == left.end && !capture->block_length)
		return true;
	anomaly(seen, FILE_CUT);
	struct pcapng_cut cut = capture->ng ? pcapng_cut(capture, left) : pcap_cut(capture, left);
	if (cut.packet)
		return cut_packet(capture, cut, name, error);
	return cut_block(capture, cut, name, error);
}
