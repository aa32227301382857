/* Tunnels: a row for each IP protocol and each UDP port, a function for each header. */
#include "wire/tunnel.h"

#include "wire/udp.h"

enum {
	UDP = 17,
	GRE_CHECKSUM = 0x8000, /* each of these says that 4 bytes more follow */
	GRE_ROUTING = 0x4000,  /* RFC 1701, given up since */
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_VERSION = 7,
	GRE_ETHERNET = 0x6558,
	GRE_ERSPAN = 0x88be,
	GRE_ERSPAN_3 = 0x22eb,
	ERSPAN_SUBHEADER = 1, /* flag of type III: 8 bytes more */
	VXLAN_HAS_ID = 0x08,
	GTP_VERSION = 0x30, /* version 1, and GTP, not GTP' */
	GTP_OPTIONS = 7,    /* any of these flags: 4 bytes more; the last of them: */
	GTP_EXTENSION = 4,
	GTP_PACKET = 255, /* message type: carries a packet */
	GTP_EXTENSIONS_MAX = 8
};

static enum tunnel_step end(struct anomalies *seen, enum anomaly kind)
{
	anomaly(seen, kind);
	return TUNNEL_END;
}

static enum tunnel_step inside(bool ok)
{
	return ok ? TUNNEL_INSIDE : TUNNEL_END;
}

static enum tunnel_step ip_v4(struct bytes *in, struct link *link, struct anomalies *seen)
{
	return inside(link_typed(LINK_IPV4, in, link, seen));
}

static enum tunnel_step ip_v6(struct bytes *in, struct link *link, struct anomalies *seen)
{
	return inside(link_typed(LINK_IPV6, in, link, seen));
}

/* A mirrored frame; the switch says which VLAN it was in, for the tag itself may be gone. */
static enum tunnel_step mirrored(
	uint16_t vlan, struct bytes *in, struct link *link, struct anomalies *seen)
{
	if (!link_ethernet(in, link, seen))
		return TUNNEL_END;
	if (!link->vlan[0])
		link->vlan[0] = vlan & 0x0fff;
	return TUNNEL_INSIDE;
}

/* draft-foschiano-erspan 4.2: 8 bytes; 4.3: 12, or 20. */
static enum tunnel_step erspan_2(struct bytes *in, struct link *link, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 8);
	if (!header)
		return end(seen, TUNNEL_SHORT);
	if (header[0] >> 4 != 1)
		return end(seen, TUNNEL_OTHER);
	return mirrored(be16(header), in, link, seen);
}

static enum tunnel_step erspan_3(struct bytes *in, struct link *link, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 12);
	if (!header)
		return end(seen, TUNNEL_SHORT);
	if (header[0] >> 4 != 2)
		return end(seen, TUNNEL_OTHER);
	if (header[11] & ERSPAN_SUBHEADER && !bytes_take(in, 8))
		return end(seen, TUNNEL_SHORT);
	switch (header[10] >> 2 & 0x1f) { /* type of the frame */
	case 0:
		return mirrored(be16(header), in, link, seen);
	case 2:
		return inside(link_untyped(in, link, seen));
	default:
		return end(seen, TUNNEL_OTHER);
	}
}

static enum tunnel_step gre(struct bytes *in, struct link *link, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 4);
	if (!header)
		return end(seen, TUNNEL_SHORT);
	unsigned flags = be16(header), type = be16(header + 2);
	bool sequence = flags & GRE_SEQUENCE;
	if (flags & (GRE_ROUTING | GRE_VERSION))
		return end(seen, TUNNEL_OTHER);
	size_t more = 4 * (!!(flags & GRE_CHECKSUM) + !!(flags & GRE_KEY) + sequence);
	if (!bytes_take(in, more))
		return end(seen, TUNNEL_SHORT);
	switch (type) {
	case GRE_ETHERNET:
		return inside(link_ethernet(in, link, seen));
	case GRE_ERSPAN: /* type I has no header of its own, and no sequence number */
		return sequence ? erspan_2(in, link, seen) : mirrored(0, in, link, seen);
	case GRE_ERSPAN_3:
		return erspan_3(in, link, seen);
	default:
		return inside(link_typed((uint16_t)type, in, link, seen));
	}
}

static enum tunnel_step vxlan(struct bytes *in, struct link *link, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 8);
	if (!header || !(header[0] & VXLAN_HAS_ID) || header[7])
		return TUNNEL_NONE;
	return inside(link_ethernet(in, link, seen));
}

static enum tunnel_step geneve(struct bytes *in, struct link *link, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 8);
	if (!header || header[0] >> 6 || header[7])
		return TUNNEL_NONE;
	if (!bytes_take(in, (size_t)4 * (header[0] & 0x3f)))
		return end(seen, TUNNEL_SHORT);
	if (be16(header + 2) == GRE_ETHERNET)
		return inside(link_ethernet(in, link, seen));
	return inside(link_typed(be16(header + 2), in, link, seen));
}

/* The optional fields, and a chain of extension headers, each of which counts its words of 4 bytes
 * and ends in the type of the next. */
static bool gtp_options(unsigned flags, struct bytes *in, struct anomalies *seen)
{
	const uint8_t *options = bytes_take(in, 4);
	if (!options)
		return anomaly(seen, TUNNEL_SHORT);
	uint8_t next = flags & GTP_EXTENSION ? options[3] : 0;
	for (unsigned depth = 0; next; depth++) {
		struct bytes rest = *in;
		const uint8_t *size = bytes_take(&rest, 1);
		if (depth == GTP_EXTENSIONS_MAX || (size && !*size))
			return anomaly(seen, TUNNEL_OTHER);
		const uint8_t *header = size ? bytes_take(in, (size_t)4 * *size) : NULL;
		if (!header)
			return anomaly(seen, TUNNEL_SHORT);
		next = header[4 * *size - 1];
	}
	return true;
}

static enum tunnel_step gtp(struct bytes *in, struct link *link, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 8);
	if (!header || (header[0] & 0xf0) != GTP_VERSION || header[1] != GTP_PACKET)
		return TUNNEL_NONE;
	bytes_limit(in, be16(header + 2));
	if (header[0] & GTP_OPTIONS && !gtp_options(header[0], in, seen))
		return TUNNEL_END;
	return inside(link_untyped(in, link, seen));
}

static const struct carrier {
	uint16_t number; /* IP protocol; UDP destination port */
	bool udp;
	enum tunnel_step (*enter)(struct bytes *in, struct link *link, struct anomalies *seen);
} carriers[] = {
	{ 4, false, ip_v4 },
	{ 41, false, ip_v6 },
	{ 47, false, gre },
	{ 4789, true, vxlan },
	{ 8472, true, vxlan }, /* what Linux used before there was a number */
	{ 6081, true, geneve },
	{ 2152, true, gtp },
};

static const struct carrier *find(const struct ip *ip, struct bytes in)
{
	const uint8_t *header = ip->protocol == UDP ? bytes_take(&in, 8) : NULL;
	unsigned number = header ? be16(header + 2) : ip->protocol;
	for (size_t i = 0; i < COUNT(carriers); i++)
		if (carriers[i].number == number && carriers[i].udp == (header != NULL))
			return &carriers[i];
	return NULL;
}

enum tunnel_step tunnel_enter(
	const struct ip *ip, struct bytes *in, struct link *link, struct anomalies *seen)
{
	const struct carrier *carrier = find(ip, *in);
	struct bytes rest = *in;
	struct link inner = *link;
	struct udp datagram;
	if (!carrier)
		return TUNNEL_NONE;
	if (!link_enter(&inner, seen) || (carrier->udp && !udp_decode(&rest, &datagram, seen)))
		return TUNNEL_END;
	enum tunnel_step step = carrier->enter(&rest, &inner, seen);
	if (step == TUNNEL_INSIDE) {
		*in = rest;
		*link = inner;
	}
	return step;
}
