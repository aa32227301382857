/* What machines say of themselves beside their mail: names (DHCP, NetBIOS, mDNS, LLMNR), addresses
 * (DHCP, ARP, NDP) and the mail servers that they look up. All of it comes in single packets that
 * anybody can forge, so nothing here is proof: names are labels, neighbours are claims, and each is
 * told once a minute. A machine may speak for itself only: what it says of another address is left
 * out, DHCP servers excepted, who say it of their clients. */
#include <stdio.h>

#include "sense/tap_internal.h"
#include "wire/dhcp.h"
#include "wire/neighbour.h"
#include "wire/netbios.h"
#include "wire/udp.h"

#define CONTENT_MAX (16 + 8 + ACTIVITY_TEXT)
#define REVERSE_TEXT 80 /* of an IPv6 address: 72 */

struct datagram {
	const struct link *link;
	const struct ip *ip;
	struct udp udp;
	struct bytes payload;
};

/* What an activity says, byte for byte: what is equal is the same news. */
struct content {
	uint8_t at[CONTENT_MAX];
	size_t size;
};

static void add(struct content *content, const void *at, size_t size)
{
	memcpy(content->at + content->size, at, size);
	content->size += size;
}

static void tell(struct tap *tap, struct activity activity, const struct content *content)
{
	static const struct hash_key fixed = { 0, 0 };
	struct told *told = &tap->told[activity.kind - ACTIVITY_NAME];
	if (!told_news(
		    told, hash_bytes(tap->key, content->at, content->size), tap->clock, tap->seen))
		return;
	activity.connection = hash_bytes(fixed, content->at, content->size);
	tap_instant(tap, activity);
}

static void keep_text(struct text *text, struct bytes in)
{
	size_t size = bytes_size(in) < ACTIVITY_TEXT ? bytes_size(in) : ACTIVITY_TEXT;
	if (size)
		memcpy(text->at, in.at, size);
	text->size = (uint8_t)size;
}

static bool ends_with(struct bytes in, struct bytes end)
{
	return bytes_size(in) >= bytes_size(end) &&
	       bytes_take(&in, bytes_size(in) - bytes_size(end)) && bytes_equal_case(in, end);
}

/* The name of a machine without what says nothing: dots and blanks at its end, ".local". Empty: it
 * names none. */
static struct bytes trim(struct bytes name)
{
	static const char local[] = ".local";
	while (bytes_size(name) &&
		(ends_with(name, bytes_of(".")) || ends_with(name, bytes_of(" "))))
		bytes_limit(&name, bytes_size(name) - 1);
	if (ends_with(name, bytes_of(local)))
		bytes_limit(&name, bytes_size(name) - strlen(local));
	if (bytes_equal_case(name, bytes_of("localhost")))
		bytes_limit(&name, 0);
	return name;
}

static void tell_name(struct tap *tap, struct naming naming, struct bytes name)
{
	struct content content = { .size = 0 };
	uint8_t source = (uint8_t)naming.source;
	name = trim(name);
	if (!bytes_size(name))
		return;
	keep_text(&naming.name, name);
	add(&content, naming.address.byte, sizeof(naming.address.byte));
	add(&content, &naming.has_mac, 1);
	add(&content, naming.mac, sizeof(naming.mac));
	add(&content, &source, 1);
	add(&content, naming.name.at, naming.name.size);
	tell(tap, (struct activity){ .kind = ACTIVITY_NAME, .naming = naming }, &content);
}

static void tell_neighbour(
	struct tap *tap, const struct address *address, const uint8_t mac[6], bool assigned)
{
	struct activity activity = { .kind = ACTIVITY_NEIGHBOUR,
		.neighbouring = { .address = *address, .assigned = assigned } };
	struct content content = { .size = 0 };
	if (mac[0] & 1) /* a group's: no machine has it */
		return;
	memcpy(activity.neighbouring.mac, mac, 6);
	add(&content, address->byte, sizeof(address->byte));
	add(&content, mac, 6);
	add(&content, &assigned, 1);
	tell(tap, activity, &content);
}

/* A server gave the addresses to that MAC; from the client itself only its name is taken. */
static void tell_lease(
	struct tap *tap, const struct dhcp *dhcp, enum name_source source, bool granted)
{
	struct bytes name = bytes_make(dhcp->name.text, dhcp->name.size);
	struct naming naming = { .has_mac = dhcp->has_mac, .source = source };
	memcpy(naming.mac, dhcp->mac, sizeof(naming.mac));
	if (!granted && dhcp->has_mac)
		tell_name(tap, naming, name);
	for (unsigned i = 0; granted && i < dhcp->addresses; i++) {
		if (dhcp->has_mac)
			tell_neighbour(tap, &dhcp->address[i], dhcp->mac, true);
		naming.address = dhcp->address[i];
		tell_name(tap, naming, name);
	}
}

static void on_dhcp(struct tap *tap, const struct datagram *datagram)
{
	struct dhcp dhcp;
	if (!dhcp_decode(datagram->payload, &dhcp, tap->seen))
		return;
	bool granted = dhcp.message == DHCP_ACK;
	if (granted ? datagram->udp.source_port == 67 : datagram->udp.destination_port == 67)
		tell_lease(tap, &dhcp, NAME_DHCP, granted);
}

static void on_dhcpv6(struct tap *tap, const struct datagram *datagram)
{
	struct dhcp dhcp;
	if (!dhcp_decode_v6(datagram->payload, &dhcp, tap->seen))
		return;
	bool granted = dhcp.message == DHCPV6_REPLY;
	if (granted ? datagram->udp.source_port == 547 : datagram->udp.destination_port == 547)
		tell_lease(tap, &dhcp, NAME_DHCPV6, granted);
}

static void put_nibble(char text[REVERSE_TEXT], size_t *size, unsigned nibble)
{
	text[(*size)++] = "0123456789abcdef"[nibble & 15];
	text[(*size)++] = '.';
}

/* "108.7.168.192.in-addr.arpa", or 32 digits and "ip6.arpa": RFC 1035 3.5, 3596 2.5. */
static struct bytes reverse_name(const struct address *address, char text[REVERSE_TEXT])
{
	size_t size = 0;
	if (address_is_v4(address))
		return bytes_make(
			text, (size_t)snprintf(text, REVERSE_TEXT, "%u.%u.%u.%u.in-addr.arpa",
				      address->byte[15], address->byte[14], address->byte[13],
				      address->byte[12]));
	for (unsigned i = 16; i-- > 0;) {
		put_nibble(text, &size, address->byte[i]);
		put_nibble(text, &size, address->byte[i] >> 4);
	}
	size += (size_t)snprintf(text + size, REVERSE_TEXT - size, "ip6.arpa");
	return bytes_make(text, size);
}

/* The responder's own name: of a record of its own address, or of what that address points to. */
static struct bytes own_name(const struct dns_item *item, const struct address *own)
{
	char text[REVERSE_TEXT];
	struct bytes name = bytes_make(item->name.text, item->name.size);
	if (item->question || !item->ttl)
		return (struct bytes){ NULL, NULL };
	if (item->type == DNS_PTR && bytes_equal_case(name, reverse_name(own, text)))
		return bytes_make(item->target.text, item->target.size);
	if ((item->type == DNS_A || item->type == DNS_AAAA) && address_equal(&item->address, own))
		return name;
	return (struct bytes){ NULL, NULL };
}

static void tell_responder(
	struct tap *tap, const struct datagram *datagram, enum name_source source)
{
	const struct address *own = &datagram->ip->source;
	struct dns dns;
	struct dns_item item;
	if (!dns_decode(datagram->payload, &dns, tap->seen) || !dns.response || dns.code)
		return;
	while (dns_next(&dns, &item, tap->seen)) {
		struct bytes name = own_name(&item, own);
		if (!bytes_size(name))
			continue;
		tell_name(tap, (struct naming){ .address = *own, .source = source }, name);
		return;
	}
}

static void on_mdns(struct tap *tap, const struct datagram *datagram)
{
	if (datagram->udp.source_port == 5353)
		tell_responder(tap, datagram, NAME_MDNS);
}

static void on_llmnr(struct tap *tap, const struct datagram *datagram)
{
	if (datagram->udp.source_port == 5355)
		tell_responder(tap, datagram, NAME_LLMNR);
}

static void on_netbios(struct tap *tap, const struct datagram *datagram)
{
	struct netbios netbios;
	bool service = datagram->udp.source_port == 137;
	if (!(service ? netbios_service : netbios_datagram)(
		    datagram->payload, &netbios, tap->seen) ||
		!address_equal(&netbios.address, &datagram->ip->source))
		return;
	tell_name(tap, (struct naming){ .address = netbios.address, .source = NAME_NETBIOS },
		bytes_make(netbios.name, netbios.size));
}

static void on_query(struct tap *tap, const struct datagram *datagram)
{
	struct dns dns;
	struct dns_item item;
	struct content content = { .size = 0 };
	const struct link *link = datagram->link;
	if (datagram->udp.destination_port != 53 ||
		!dns_decode(datagram->payload, &dns, tap->seen) || dns.response || dns.opcode ||
		!dns_next(&dns, &item, tap->seen) || !item.question || item.type != DNS_MX ||
		!item.name.size)
		return;
	struct activity activity = { .kind = ACTIVITY_MX_QUERY,
		.mx_query.client = { .ip = datagram->ip->source,
			.port = datagram->udp.source_port,
			.has_mac = link->has_mac } };
	memcpy(activity.mx_query.client.mac, link->source, sizeof(link->source));
	keep_text(&activity.mx_query.domain, bytes_make(item.name.text, item.name.size));
	add(&content, datagram->ip->source.byte, 16);
	add(&content, link->source, sizeof(link->source));
	add(&content, activity.mx_query.domain.at, activity.mx_query.domain.size);
	tell(tap, activity, &content);
}

/* By the well-known port of either end. */
static const struct service {
	uint16_t port;
	void (*take)(struct tap *tap, const struct datagram *datagram);
} services[] = {
	{ 53, on_query },
	{ 67, on_dhcp },
	{ 137, on_netbios },
	{ 138, on_netbios },
	{ 547, on_dhcpv6 },
	{ 5353, on_mdns },
	{ 5355, on_llmnr },
};

static const struct service *service_of(const struct udp *udp)
{
	for (size_t i = 0; i < COUNT(services); i++)
		if (services[i].port == udp->source_port ||
			services[i].port == udp->destination_port)
			return &services[i];
	return NULL;
}

static void take_datagram(
	struct tap *tap, const struct link *link, const struct ip *ip, struct bytes in)
{
	struct datagram datagram = { .link = link, .ip = ip };
	if (!udp_decode(&in, &datagram.udp, tap->seen))
		return;
	const struct service *service = service_of(&datagram.udp);
	datagram.payload = in;
	if (service)
		service->take(tap, &datagram);
}

/* Who speaks of another MAC than that of the frame is passed on by something (or lies). */
static void take_claim(struct tap *tap, const struct link *link, const struct neighbour *neighbour)
{
	if (!link->has_mac)
		return;
	if (memcmp(neighbour->mac, link->source, sizeof(link->source)) != 0)
		anomaly(tap->seen, NEIGHBOUR_MAC);
	else
		tell_neighbour(tap, &neighbour->address, neighbour->mac, false);
}

void tap_arp(struct tap *tap, const struct link *link, struct bytes in)
{
	struct neighbour neighbour;
	if (neighbour_arp(in, &neighbour, tap->seen))
		take_claim(tap, link, &neighbour);
}

void tap_not_tcp(struct tap *tap, const struct link *link, const struct ip *ip, struct bytes in)
{
	struct neighbour neighbour;
	if (ip->protocol == 17)
		take_datagram(tap, link, ip, in);
	else if (ip->protocol == 58 && neighbour_ndp(in, ip, &neighbour, tap->seen))
		take_claim(tap, link, &neighbour);
}
