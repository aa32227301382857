/* Link layers: which bytes of a frame are the IP packet. Each link type ends in an EtherType, so
 * that tags, LLC and what stands between Ethernet and IP are read in one place, however the frame
 * was captured. One loop goes from EtherType to EtherType; a frame within a frame is a step of it,
 * never a call within a call. IEEE 802.3, 802.1Q and 802.1ad; LLC/SNAP: RFC 1042; the rest:
 * tcpdump.org/linktypes. */
#include "wire/link.h"

#include "wire/shim.h"
#include "wire/wlan.h"

enum {
	TYPE_TAG = 0x8100,         /* 802.1Q */
	TYPE_TAG_SERVICE = 0x88a8, /* 802.1ad */
	TYPE_TAG_OLD = 0x9100,     /* what stacked tags used before 802.1ad */
	TYPE_MPLS_OTHER = 0x8848,  /* upstream-assigned labels (RFC 5332); once: multicast */
	TYPE_PPPOE = 0x8864,       /* its session stage */
	LENGTH_MAX = 1500,         /* up to here the field is an 802.3 length */
	COOKED_LLC = 4,            /* ETH_P_802_2 of Linux: no EtherType, LLC follows */
	TAGS_MAX = 8,
	NOTHING = SHIM_NOTHING /* no type follows: it was counted why, unless it is ARP */
};

static int nothing(struct anomalies *seen, enum anomaly kind)
{
	anomaly(seen, kind);
	return NOTHING;
}

bool link_enter(struct link *link, struct anomalies *seen)
{
	if (link->layers == LINK_LAYERS_MAX)
		return anomaly(seen, PACKET_TOO_DEEP);
	link->layers++;
	return true;
}

/* Each of these steps over a header and gives the EtherType that follows, or NOTHING. */

static int llc(struct bytes *in, struct anomalies *seen)
{
	static const uint8_t snap[6] = { 0xaa, 0xaa, 3, 0, 0, 0 };
	const uint8_t *header = bytes_take(in, 8);
	if (!header || memcmp(header, snap, sizeof(snap)) != 0)
		return nothing(seen, LINK_OTHER); /* spanning tree, IPX and the like */
	int type = be16(header + 6);
	return type > LENGTH_MAX ? type : nothing(seen, LINK_OTHER);
}

static int tag(struct bytes *in, struct link *out, struct anomalies *seen)
{
	if (out->tags == TAGS_MAX)
		return nothing(seen, VLAN_DEEP);
	const uint8_t *header = bytes_take(in, 4);
	if (!header)
		return nothing(seen, LINK_SHORT);
	if (out->tags < COUNT(out->vlan))
		out->vlan[out->tags] = be16(header) & 0x0fff;
	out->tags++;
	return be16(header + 2);
}

static int ethernet_header(struct bytes *in, struct link *out, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 14);
	if (!header)
		return nothing(seen, LINK_SHORT);
	out->has_mac = true;
	memcpy(out->destination, header, 6);
	memcpy(out->source, header + 6, 6);
	out->tags = 0;
	memset(out->vlan, 0, sizeof(out->vlan));
	return be16(header + 12);
}

static int shim(int type, struct bytes *in, struct link *out, struct anomalies *seen)
{
	if (!link_enter(out, seen))
		return NOTHING;
	int inner = type == TYPE_PPPOE ? shim_pppoe(in, seen) : shim_mpls(in, seen);
	return inner == SHIM_ETHERNET ? ethernet_header(in, out, seen) : inner;
}

static int length(int type, struct bytes *in, struct anomalies *seen)
{
	bytes_limit(in, (size_t)type); /* padding falls away; a cut frame is read as it is */
	return llc(in, seen);
}

static int step(int type, struct bytes *in, struct link *out, struct anomalies *seen)
{
	switch (type) {
	case TYPE_TAG:
	case TYPE_TAG_SERVICE:
	case TYPE_TAG_OLD:
		return tag(in, out, seen);
	case TYPE_PPPOE:
	case LINK_MPLS:
	case TYPE_MPLS_OTHER:
		return shim(type, in, out, seen);
	default:
		if (type <= LENGTH_MAX)
			return length(type, in, seen);
		out->ether_type = (uint16_t)type;
		return type == LINK_ARP ? NOTHING : nothing(seen, LINK_OTHER);
	}
}

/* A frame that announces one version and holds another is taken by no receiver. */
static bool version_right(struct bytes in, const struct link *link)
{
	const uint8_t *first = bytes_take(&in, 1);
	return !first || *first >> 4 == (link->ether_type == LINK_IPV6 ? 6 : 4);
}

/* Each round steps over a header of at least 4 bytes. */
static bool walk(int type, struct bytes *in, struct link *out, struct anomalies *seen)
{
	while (type != LINK_IPV4 && type != LINK_IPV6) {
		if (type == NOTHING)
			return false;
		type = step(type, in, out, seen);
	}
	out->ether_type = (uint16_t)type;
	return version_right(*in, out) || anomaly(seen, IP_VERSION);
}

bool link_typed(uint16_t ether_type, struct bytes *in, struct link *out, struct anomalies *seen)
{
	return walk(ether_type, in, out, seen);
}

bool link_ethernet(struct bytes *in, struct link *out, struct anomalies *seen)
{
	return walk(ethernet_header(in, out, seen), in, out, seen);
}

static int untyped(struct bytes in, struct anomalies *seen)
{
	const uint8_t *first = bytes_take(&in, 1);
	if (!first)
		return nothing(seen, LINK_SHORT);
	return *first >> 4 == 6 ? LINK_IPV6 : LINK_IPV4;
}

bool link_untyped(struct bytes *in, struct link *out, struct anomalies *seen)
{
	return walk(untyped(*in, seen), in, out, seen);
}

/* The link types; each gives the EtherType that follows, too. */

static int cooked_type(int type, struct bytes *in, struct anomalies *seen)
{
	if (type == COOKED_LLC)
		return llc(in, seen);
	return type > LENGTH_MAX ? type : nothing(seen, LINK_OTHER); /* Linux's own numbers */
}

static int cooked(struct bytes *in, struct link *out, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 16);
	if (!header)
		return nothing(seen, LINK_SHORT);
	out->has_mac = be16(header + 4) == 6;
	if (out->has_mac)
		memcpy(out->source, header + 6, 6);
	return cooked_type(be16(header + 14), in, seen);
}

static int cooked_v2(struct bytes *in, struct link *out, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 20);
	if (!header)
		return nothing(seen, LINK_SHORT);
	out->has_mac = header[11] == 6;
	if (out->has_mac)
		memcpy(out->source, header + 12, 6);
	return cooked_type(be16(header), in, seen);
}

/* Type 0 is in the byte order of the machine that recorded, 108 in network order; address families
 * are small numbers, so either order is told from the value. */
static int loopback(struct bytes *in, struct link *out, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 4);
	if (!header)
		return nothing(seen, LINK_SHORT);
	uint32_t family = le32(header);
	if (family > 0xffff)
		family = be32(header);
	switch (family) {
	case 2:
		return LINK_IPV4;
	case 10: /* AF_INET6 of Linux, */
	case 23: /* of Windows, */
	case 24: /* of NetBSD, OpenBSD, */
	case 28: /* of FreeBSD, */
	case 30: /* of macOS */
		return LINK_IPV6;
	default:
		return nothing(seen, LINK_OTHER);
	}
}

static int raw(struct bytes *in, struct link *out, struct anomalies *seen)
{
	return untyped(*in, seen);
}

static int raw_v4(struct bytes *in, struct link *out, struct anomalies *seen)
{
	return LINK_IPV4;
}

static int raw_v6(struct bytes *in, struct link *out, struct anomalies *seen)
{
	return LINK_IPV6;
}

static int ppp(struct bytes *in, struct link *out, struct anomalies *seen)
{
	return shim_ppp(in, seen);
}

static int hdlc(struct bytes *in, struct link *out, struct anomalies *seen)
{
	return shim_hdlc(in, seen);
}

static int pppoe(struct bytes *in, struct link *out, struct anomalies *seen)
{
	return shim(TYPE_PPPOE, in, out, seen);
}

static int wlan(struct bytes *in, struct link *out, struct anomalies *seen)
{
	return wlan_decode(in, out, seen) ? llc(in, seen) : NOTHING;
}

static int radiotap(struct bytes *in, struct link *out, struct anomalies *seen)
{
	return wlan_radiotap(in, out, seen) ? llc(in, seen) : NOTHING;
}

static int wlan_old(struct bytes *in, struct link *out, struct anomalies *seen)
{
	return wlan_prism(in, out, seen) ? llc(in, seen) : NOTHING;
}

static const struct link_type {
	uint32_t number;
	int (*decode)(struct bytes *in, struct link *out, struct anomalies *seen);
} link_types[] = {
	{ 1, ethernet_header }, /* first: nearly all of them */
	{ 113, cooked },
	{ 276, cooked_v2 },
	{ 101, raw },
	{ 0, loopback },
	{ 108, loopback },
	{ 228, raw_v4 },
	{ 229, raw_v6 },
	{ 12, raw }, /* what BSDs and */
	{ 14, raw }, /* OpenBSD wrote for 101 */
	{ 127, radiotap },
	{ 105, wlan },
	{ 119, wlan_old },
	{ 163, wlan_old },
	{ 9, ppp },
	{ 50, hdlc },
	{ 51, pppoe },
	{ 104, hdlc },
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

bool link_decode(uint32_t link_type, struct bytes *in, struct link *out, struct anomalies *seen)
{
	const struct link_type *type = find(link_type);
	*out = (struct link){ 0 };
	if (!type)
		return anomaly(seen, FILE_LINK_UNKNOWN);
	return walk(type->decode(in, out, seen), in, out, seen);
}
