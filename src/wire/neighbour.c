/* ARP and NDP: one is a fixed record, the other a list of options behind a fixed header. */
#include "wire/neighbour.h"

bool neighbour_arp(struct bytes in, struct neighbour *out, struct anomalies *seen)
{
	static const uint8_t kind[6] = { 0, 1, 8, 0, 6, 4 }; /* Ethernet, IPv4, their sizes */
	const uint8_t *packet = bytes_take(&in, 28);
	if (!packet)
		return anomaly(seen, ARP_SHORT);
	uint16_t operation = be16(packet + 6);
	if (memcmp(packet, kind, sizeof(kind)) != 0 || operation < 1 || operation > 2)
		return false;
	memcpy(out->mac, packet + 8, sizeof(out->mac));
	out->address = address_v4(packet + 14);
	return be32(packet + 14) != 0; /* 0: a probe, RFC 5227 */
}

/* What a message says about whom: the source of its packet, or the target in it. Type 0: none. */
struct message {
	uint8_t type, size, option; /* size: of the fixed part */
	bool target;
};

static struct message message_of(uint8_t type)
{
	static const struct message messages[] = {
		{ 133, 8, 1, false },  /* router solicitation */
		{ 134, 16, 1, false }, /* router advertisement */
		{ 135, 24, 1, false }, /* neighbour solicitation */
		{ 136, 24, 2, true },  /* neighbour advertisement */
	};
	for (size_t i = 0; i < COUNT(messages); i++)
		if (messages[i].type == type)
			return messages[i];
	return (struct message){ 0 };
}

/* The first option of that type with an Ethernet address; each option has at least 8 bytes, so
 * their number is bounded by the packet. */
static bool find_option(struct bytes in, uint8_t type, uint8_t mac[6], struct anomalies *seen)
{
	while (in.at != in.end) {
		struct bytes rest = in;
		const uint8_t *head = bytes_take(&rest, 2);
		const uint8_t *option =
			head && head[1] ? bytes_take(&in, (size_t)8 * head[1]) : NULL;
		if (!option)
			return anomaly(seen, NDP_OPTION);
		if (option[0] != type || option[1] != 1)
			continue;
		memcpy(mac, option + 2, 6);
		return true;
	}
	return false;
}

bool neighbour_ndp(
	struct bytes in, const struct ip *ip, struct neighbour *out, struct anomalies *seen)
{
	struct bytes rest = in;
	const uint8_t *type = bytes_take(&rest, 1);
	struct message message = message_of(type ? *type : 0);
	if (!message.type || ip->ttl != 255) /* it came through a router: RFC 4861 7.1 */
		return false;
	const uint8_t *fixed = bytes_take(&in, message.size);
	if (!fixed)
		return anomaly(seen, NDP_OPTION);
	out->address = message.target ? address_v6(fixed + 8) : ip->source;
	return !address_is_none(&out->address) && find_option(in, message.option, out->mac, seen);
}
