/* 802.11: which of up to four addresses are those of the packet, and how long the header is,
 * follows from two bits (to and from the distribution system) and the frame's subtype. */
#include "wire/wlan.h"

enum {
	HEADER = 24,
	TYPE_DATA = 2,
	SUBTYPE_NULL = 4, /* bit: carries nothing */
	SUBTYPE_QOS = 8,  /* bit */
	TO_DS = 1,        /* flags: to an access point, */
	FROM_DS = 2,      /* from one, */
	MORE_FRAGMENTS = 4,
	PROTECTED = 0x40,
	ORDER = 0x80,
	QOS_AGGREGATE = 0x80, /* A-MSDU present */
	RADIOTAP_TSFT = 1,    /* bits of the first word: 8 bytes, aligned, before the flags */
	RADIOTAP_FLAGS = 2,
	RADIOTAP_MORE = 0x80, /* of the last byte of a word: another word of bits follows */
	RADIOTAP_WORDS_MAX = 8,
	RADIOTAP_PADDED = 0x20, /* between the 802.11 header and its body, up to 4 bytes */
	PRISM_SIZE = 144
};

/* How the address fields are used: [to + 2 * from]. */
static const struct {
	uint8_t destination, source; /* offsets */
} fields[] = { { 4, 10 }, { 16, 10 }, { 4, 16 }, { 16, 24 } };

/* Subframes: destination, source, length; then LLC. */
static bool aggregate(struct bytes *in, struct link *out, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 14);
	if (!header)
		return anomaly(seen, LINK_SHORT);
	memcpy(out->destination, header, 6);
	memcpy(out->source, header + 6, 6);
	size_t length = be16(header + 12);
	if (bytes_size(*in) > length + 14)
		anomaly(seen, WLAN_AGGREGATE);
	bytes_limit(in, length);
	return true;
}

static bool decode(struct bytes *in, bool padded, struct link *out, struct anomalies *seen)
{
	struct bytes frame = *in;
	const uint8_t *header = bytes_take(in, HEADER);
	if (!header)
		return anomaly(seen, LINK_SHORT);
	unsigned subtype = header[0] >> 4, flags = header[1], ways = flags & (TO_DS | FROM_DS);
	if ((header[0] >> 2 & 3) != TYPE_DATA || header[0] & 3 || subtype & SUBTYPE_NULL)
		return anomaly(seen, LINK_OTHER);
	if (flags & PROTECTED)
		return anomaly(seen, WLAN_ENCRYPTED);
	if (flags & MORE_FRAGMENTS || le16(header + 22) & 0xf)
		return anomaly(seen, LINK_OTHER); /* a part of a packet */
	bool four = ways == (TO_DS | FROM_DS), qos = subtype & SUBTYPE_QOS;
	size_t size = HEADER + 6 * four + 2 * qos + 4 * (qos && flags & ORDER);
	size_t more = padded ? (size + 3) / 4 * 4 : size;
	header = bytes_take(&frame, more);
	if (!header)
		return anomaly(seen, LINK_SHORT);
	*in = frame;
	out->has_mac = true;
	memcpy(out->destination, header + fields[ways].destination, 6);
	memcpy(out->source, header + fields[ways].source, 6);
	if (qos && header[HEADER + 6 * four] & QOS_AGGREGATE)
		return aggregate(in, out, seen);
	return true;
}

bool wlan_decode(struct bytes *in, struct link *out, struct anomalies *seen)
{
	return decode(in, false, out, seen);
}

/* Is the 802.11 header filled up to 4 bytes? One of the flags says so; they come first, or behind
 * the time stamp. `header` is all of the radiotap header. */
static bool is_padded(struct bytes header)
{
	const uint8_t *word, *first = NULL;
	struct bytes fields_at = header;
	bytes_take(&fields_at, 4);
	for (unsigned i = 0; (word = bytes_take(&fields_at, 4)); i++) {
		if (!first)
			first = word;
		if (i == RADIOTAP_WORDS_MAX)
			return false;
		if (!(word[3] & RADIOTAP_MORE))
			break;
	}
	if (!first || !word || !(first[0] & RADIOTAP_FLAGS))
		return false;
	if (first[0] & RADIOTAP_TSFT) { /* aligned from the beginning of the header */
		size_t behind = bytes_size(header) - bytes_size(fields_at);
		bytes_take(&fields_at, (8 - behind % 8) % 8);
		bytes_take(&fields_at, 8);
	}
	const uint8_t *flags = bytes_take(&fields_at, 1);
	return flags && *flags & RADIOTAP_PADDED;
}

bool wlan_radiotap(struct bytes *in, struct link *out, struct anomalies *seen)
{
	struct bytes header = *in;
	const uint8_t *begin = bytes_take(&header, 8);
	size_t size = begin ? le16(begin + 2) : 0;
	header = *in;
	if (!begin || !bytes_limit(&header, size))
		return anomaly(seen, LINK_SHORT);
	if (begin[0] || size < 8)
		return anomaly(seen, LINK_OTHER);
	bytes_take(in, size);
	return decode(in, is_padded(header), out, seen);
}

bool wlan_prism(struct bytes *in, struct link *out, struct anomalies *seen)
{
	struct bytes rest = *in;
	const uint8_t *begin = bytes_take(&rest, 8);
	if (!begin)
		return anomaly(seen, LINK_SHORT);
	bool avs = be32(begin) >> 16 == 0x8021; /* version; its length stands in network order */
	if (!bytes_take(in, avs ? be32(begin + 4) : PRISM_SIZE))
		return anomaly(seen, LINK_SHORT);
	return decode(in, false, out, seen);
}
