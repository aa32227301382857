/* IP headers: who speaks to whom, and which bytes are the payload. What the header says is checked
 * against itself (RFC 791, 8200), then against the bytes that were captured: a short snapshot is no
 * fault of the sender. Segmentation offload (IPv4 length 0; IPv6 length 0 with or without a jumbo
 * option, RFC 2675) makes packets that never were on a wire; they are read like any other. */
#include "wire/ip.h"

enum {
	HOP_BY_HOP = 0,
	ROUTING = 43,
	FRAGMENT = 44,
	AUTHENTICATION = 51,
	NO_NEXT = 59,
	DESTINATION = 60,
	MOBILITY = 135,
	HOST_IDENTITY = 139,
	SHIM6 = 140,
	EXTENSIONS_MAX = 8
};

/* The sum of the header with its checksum is 0xffff (RFC 1071). `size`: an even number of bytes. */
static bool header_sum_right(const uint8_t *header, size_t size)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < size; i += 2)
		sum += be16(header + i);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

/* `length` bytes are said to follow; `in` becomes those of them that are here. */
static void limit(struct bytes *in, size_t length, struct ip *out, struct anomalies *seen)
{
	out->length = length;
	out->cut = !bytes_limit(in, length);
	if (out->cut)
		anomaly(seen, PACKET_CUT);
}

static bool decode_v4(struct bytes *in, struct ip *out, struct anomalies *seen)
{
	size_t here = bytes_size(*in);
	const uint8_t *header = bytes_take(in, 20);
	if (!header)
		return anomaly(seen, IP_SHORT);
	size_t size = (size_t)4 * (header[0] & 0x0f);
	size_t total = be16(header + 2);
	if (size < 20)
		return anomaly(seen, IP_LENGTH);
	if (!bytes_take(in, size - 20))
		return anomaly(seen, IP_SHORT);
	bool sum_wrong = be16(header + 10) && !header_sum_right(header, size);
	if (sum_wrong)
		anomaly(seen, IP_CHECKSUM);
	if (!total)
		total = here;
	if (total < size)
		return anomaly(seen, IP_LENGTH);
	unsigned part = be16(header + 6); /* flags, and the offset in units of 8 bytes */
	*out = (struct ip){
		.source = address_v4(header + 12),
		.destination = address_v4(header + 16),
		.protocol = header[9],
		.ttl = header[8],
		.id = be16(header + 4),
		.checksum_wrong = sum_wrong,
		.fragment = part & 0x3fff,
		.more = part & 0x2000,
		.offset = (uint16_t)(8 * (part & 0x1fff)),
		.fragment_id = be16(header + 4),
	};
	limit(in, total - size, out, seen);
	return true;
}

/* A payload length of zero: what the jumbo option says where it is the only one, as it must be to
 * be aligned in the shortest header; else all that is here. */
static size_t jumbo_length(struct bytes in, uint8_t next)
{
	size_t here = bytes_size(in);
	const uint8_t *header = bytes_take(&in, 8);
	if (!header || next != HOP_BY_HOP || header[2] != 0xc2 || header[3] != 4)
		return here;
	return be32(header + 4);
}

/* The length in bytes of the extension header whose first 8 bytes these are; 0: it is none. */
static size_t extension_size(uint8_t protocol, const uint8_t *header)
{
	switch (protocol) {
	case HOP_BY_HOP:
	case ROUTING:
	case DESTINATION:
	case MOBILITY:
	case HOST_IDENTITY:
	case SHIM6:
		return 8 * ((size_t)header[1] + 1);
	case FRAGMENT:
		return 8;
	case AUTHENTICATION: /* counts words of 32 bits, less two: RFC 4302 2.2 */
		return 4 * ((size_t)header[1] + 2);
	default:
		return 0;
	}
}

/* A fragment header, unless it says that the packet is whole (RFC 6946). */
static bool is_part(const uint8_t *header, struct ip *out)
{
	unsigned part = be16(header + 2);
	out->fragment = part & 0xfff9;
	out->more = part & 1;
	out->offset = part & 0xfff8;
	out->fragment_id = be32(header + 4);
	return out->fragment;
}

/* out->protocol becomes that of the payload, or of what the fragments hold. */
bool ip_extensions(struct bytes *in, struct ip *out, struct anomalies *seen)
{
	static const uint8_t none[8];
	for (unsigned depth = 0; extension_size(out->protocol, none); depth++) {
		if (depth == EXTENSIONS_MAX)
			return anomaly(seen, IP_EXTENSIONS_MANY);
		const uint8_t *header = bytes_take(in, 8);
		if (!header)
			return anomaly(seen, IP_EXTENSION);
		size_t size = extension_size(out->protocol, header);
		if (size > out->length || !bytes_take(in, size - 8))
			return anomaly(seen, IP_EXTENSION);
		bool part = out->protocol == FRAGMENT && is_part(header, out);
		out->length -= size;
		out->protocol = header[0];
		if (part)
			return true;
	}
	return out->protocol != NO_NEXT || anomaly(seen, IP_OTHER);
}

static bool decode_v6(struct bytes *in, struct ip *out, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 40);
	if (!header)
		return anomaly(seen, IP_SHORT);
	size_t length = be16(header + 4);
	if (!length)
		length = jumbo_length(*in, header[6]);
	*out = (struct ip){
		.source = address_v6(header + 8),
		.destination = address_v6(header + 24),
		.protocol = header[6],
		.ttl = header[7],
	};
	limit(in, length, out, seen);
	return ip_extensions(in, out, seen);
}

bool ip_decode(struct bytes *in, struct ip *out, struct anomalies *seen)
{
	struct bytes rest = *in;
	const uint8_t *first = bytes_take(&rest, 1);
	*out = (struct ip){ 0 };
	if (!first)
		return anomaly(seen, IP_SHORT);
	switch (*first >> 4) {
	case 4:
		return decode_v4(in, out, seen);
	case 6:
		return decode_v6(in, out, seen);
	default:
		return anomaly(seen, IP_VERSION);
	}
}
