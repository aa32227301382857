/* Link layers: which bytes of a frame are the IP packet. Each link type ends in an EtherType, so
 * that tags and LLC are read in one place, however the frame was captured. IEEE 802.3, 802.1Q and
 * 802.1ad; LLC/SNAP: RFC 1042; the rest: tcpdump.org/linktypes. */
#include "wire/link.h"

enum {
	TYPE_IPV4 = 0x0800,
	TYPE_TAG = 0x8100,         /* 802.1Q */
	TYPE_TAG_SERVICE = 0x88a8, /* 802.1ad */
	TYPE_TAG_OLD = 0x9100,     /* what stacked tags used before 802.1ad */
	TYPE_IPV6 = 0x86dd,
	LENGTH_MAX = 1500, /* up to here the field is an 802.3 length */
	COOKED_LLC = 4,    /* ETH_P_802_2 of Linux: no EtherType, LLC follows */
	TAGS_MAX = 8
};

static bool ip_typed(uint16_t type, struct link *out, struct anomalies *seen)
{
	out->ether_type = type;
	return type == TYPE_IPV4 || type == TYPE_IPV6 || anomaly(seen, LINK_OTHER);
}

static bool llc(struct bytes *in, struct link *out, struct anomalies *seen)
{
	static const uint8_t snap[6] = { 0xaa, 0xaa, 3, 0, 0, 0 };
	const uint8_t *header = bytes_take(in, 8);
	if (!header || memcmp(header, snap, sizeof(snap)) != 0)
		return anomaly(seen, LINK_OTHER); /* spanning tree, IPX and the like */
	return ip_typed(be16(header + 6), out, seen);
}

static bool is_tag(uint16_t type)
{
	return type == TYPE_TAG || type == TYPE_TAG_SERVICE || type == TYPE_TAG_OLD;
}

/* `in` stands behind the EtherType `type`. */
static bool typed(uint16_t type, struct bytes *in, struct link *out, struct anomalies *seen)
{
	for (unsigned depth = 0; is_tag(type); depth++) {
		if (depth == TAGS_MAX)
			return anomaly(seen, VLAN_DEEP);
		const uint8_t *tag = bytes_take(in, 4);
		if (!tag)
			return anomaly(seen, LINK_SHORT);
		if (depth < COUNT(out->vlan))
			out->vlan[depth] = be16(tag) & 0x0fff;
		type = be16(tag + 2);
	}
	if (type > LENGTH_MAX)
		return ip_typed(type, out, seen);
	bytes_limit(in, type); /* padding falls away; a cut frame is read as far as it goes */
	return llc(in, out, seen);
}

static bool ethernet(struct bytes *in, struct link *out, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 14);
	if (!header)
		return anomaly(seen, LINK_SHORT);
	out->has_mac = true;
	memcpy(out->destination, header, 6);
	memcpy(out->source, header + 6, 6);
	return typed(be16(header + 12), in, out, seen);
}

static bool cooked_typed(uint16_t type, struct bytes *in, struct link *out, struct anomalies *seen)
{
	if (type == COOKED_LLC)
		return llc(in, out, seen);
	if (type <= LENGTH_MAX) /* Linux's own numbers, not a length */
		return anomaly(seen, LINK_OTHER);
	return typed(type, in, out, seen);
}

static bool cooked(struct bytes *in, struct link *out, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 16);
	if (!header)
		return anomaly(seen, LINK_SHORT);
	out->has_mac = be16(header + 4) == 6;
	if (out->has_mac)
		memcpy(out->source, header + 6, 6);
	return cooked_typed(be16(header + 14), in, out, seen);
}

static bool cooked_v2(struct bytes *in, struct link *out, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 20);
	if (!header)
		return anomaly(seen, LINK_SHORT);
	out->has_mac = header[11] == 6;
	if (out->has_mac)
		memcpy(out->source, header + 12, 6);
	return cooked_typed(be16(header), in, out, seen);
}

/* Type 0 is in the byte order of the machine that recorded, 108 in network order; address families
 * are small numbers, so either order is told from the value. */
static bool loopback(struct bytes *in, struct link *out, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 4);
	if (!header)
		return anomaly(seen, LINK_SHORT);
	uint32_t family = le32(header);
	if (family > 0xffff)
		family = be32(header);
	switch (family) {
	case 2:
		out->ether_type = TYPE_IPV4;
		return true;
	case 10: /* AF_INET6 of Linux, */
	case 23: /* of Windows, */
	case 24: /* of NetBSD, OpenBSD, */
	case 28: /* of FreeBSD, */
	case 30: /* of macOS */
		out->ether_type = TYPE_IPV6;
		return true;
	default:
		return anomaly(seen, LINK_OTHER);
	}
}

static bool raw(struct bytes *in, struct link *out, struct anomalies *seen)
{
	struct bytes rest = *in;
	const uint8_t *first = bytes_take(&rest, 1);
	if (!first)
		return anomaly(seen, LINK_SHORT);
	out->ether_type = *first >> 4 == 6 ? TYPE_IPV6 : TYPE_IPV4;
	return true;
}

static bool raw_v4(struct bytes *in, struct link *out, struct anomalies *seen)
{
	out->ether_type = TYPE_IPV4;
	return true;
}

static bool raw_v6(struct bytes *in, struct link *out, struct anomalies *seen)
{
	out->ether_type = TYPE_IPV6;
	return true;
}

static const struct link_type {
	uint32_t number;
	bool (*decode)(struct bytes *in, struct link *out, struct anomalies *seen);
} link_types[] = {
	{ 1, ethernet }, /* first: nearly all of them */
	{ 113, cooked }, { 276, cooked_v2 }, { 101, raw }, { 0, loopback }, { 108, loopback },
	{ 228, raw_v4 }, { 229, raw_v6 }, { 12, raw }, /* what BSDs and */
	{ 14, raw },                                   /* OpenBSD wrote for 101 */
};

static const struct link_type *find(uint32_t link_type)
{
	for (size_t i = 0; i < COUNT(link_types); i++)
		if (link_types[i].number == link_type)
			return &link_types[i];
	return NULL;
}

bool link_known(uint32_t link_type)
{
	return find(link_type) != NULL;
}

/* A frame that announces one version and holds another is taken by no receiver. */
static bool version_right(struct bytes in, const struct link *link)
{
	const uint8_t *first = bytes_take(&in, 1);
	return !first || *first >> 4 == (link->ether_type == TYPE_IPV6 ? 6 : 4);
}

bool link_decode(uint32_t link_type, struct bytes *in, struct link *out, struct anomalies *seen)
{
	const struct link_type *type = find(link_type);
	*out = (struct link){ 0 };
	if (!type)
		return anomaly(seen, FILE_LINK_UNKNOWN);
	if (!type->decode(in, out, seen))
		return false;
	return version_right(*in, out) || anomaly(seen, IP_VERSION);
}
