/* PPP, PPPoE, Cisco HDLC and MPLS. A provider's lines carry IP in these, and a capture from a
 * router's side of a DSL line or from a backbone shows them. */
#include "wire/shim.h"

#include "wire/link.h"

enum {
	PPP_IPV4 = 0x0021,
	PPP_IPV6 = 0x0057,
	PPP_MPLS = 0x0281,
	CISCO_UNICAST = 0x0f,
	CISCO_MULTICAST = 0x8f,
	PPPOE_VERSION_TYPE = 0x11
};

static int nothing(struct anomalies *seen, enum anomaly kind)
{
	anomaly(seen, kind);
	return SHIM_NOTHING;
}

/* The protocol field: one byte when that is odd, else two (RFC 1661 2). */
static int protocol(struct bytes *in, struct anomalies *seen)
{
	const uint8_t *high = bytes_take(in, 1);
	if (!high)
		return nothing(seen, LINK_SHORT);
	unsigned number = *high;
	if (!(number & 1)) {
		const uint8_t *low = bytes_take(in, 1);
		if (!low)
			return nothing(seen, LINK_SHORT);
		number = number << 8 | *low;
	}
	switch (number) {
	case PPP_IPV4:
		return LINK_IPV4;
	case PPP_IPV6:
		return LINK_IPV6;
	case PPP_MPLS:
		return LINK_MPLS;
	default: /* negotiation; compressed or encrypted packets */
		return nothing(seen, LINK_OTHER);
	}
}

int shim_ppp(struct bytes *in, struct anomalies *seen)
{
	struct bytes rest = *in;
	const uint8_t *header = bytes_take(&rest, 2);
	if (header && be16(header) == 0xff03) /* address and control of HDLC (RFC 1662) */
		*in = rest;
	return protocol(in, seen);
}

int shim_hdlc(struct bytes *in, struct anomalies *seen)
{
	struct bytes rest = *in;
	const uint8_t *header = bytes_take(&rest, 4);
	if (!header || (header[0] != CISCO_UNICAST && header[0] != CISCO_MULTICAST))
		return shim_ppp(in, seen);
	*in = rest;
	int type = be16(header + 2);
	return type > 1500 ? type : nothing(seen, LINK_OTHER);
}

int shim_pppoe(struct bytes *in, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 6);
	if (!header)
		return nothing(seen, LINK_SHORT);
	if (header[0] != PPPOE_VERSION_TYPE || header[1])
		return nothing(seen, LINK_OTHER);
	bytes_limit(in, be16(header + 4)); /* padding falls away; a cut frame is read as it is */
	return protocol(in, seen);
}

/* A control word for Ethernet (RFC 4448 4.6) begins with 16 zero bits; so do no MAC addresses of
 * this century. */
static int behind_labels(struct bytes *in, struct anomalies *seen)
{
	struct bytes rest = *in;
	const uint8_t *word = bytes_take(&rest, 4);
	const uint8_t *first = word ? word : bytes_take(&rest, 1);
	if (!first)
		return nothing(seen, LINK_SHORT);
	switch (*first >> 4) {
	case 4:
		return LINK_IPV4;
	case 6:
		return LINK_IPV6;
	case 1: /* a channel of the pseudowire's own (RFC 5586) */
		return nothing(seen, LINK_OTHER);
	default:
		if (word && !be16(word))
			*in = rest;
		return SHIM_ETHERNET;
	}
}

int shim_mpls(struct bytes *in, struct anomalies *seen)
{
	const uint8_t *label;
	unsigned depth = 0;
	do {
		if (depth++ == SHIM_LABELS_MAX)
			return nothing(seen, PACKET_TOO_DEEP);
		label = bytes_take(in, 4);
		if (!label)
			return nothing(seen, LINK_SHORT);
	} while (!(label[2] & 1)); /* the bottom of the stack */
	return behind_labels(in, seen);
}
