/* Options are type, length, value; those of IPv4 may go on in two older fields (option 52), those
 * of IPv6 hold further ones. Each level is a loop over bytes that get fewer. */
#include "wire/dhcp.h"

enum {
	BOOT_SIZE = 236, /* before the options */
	SNAME = 44,
	FILE_NAME = 108,
	PAD = 0,
	HOST_NAME = 12,
	OVERLOAD = 52,
	MESSAGE_TYPE = 53,
	CLIENT_ID = 61,
	CLIENT_FQDN = 81,
	END = 255,
	ETHERNET = 1,
};

static void keep_mac(struct dhcp *out, const uint8_t *mac)
{
	out->has_mac = true;
	memcpy(out->mac, mac, sizeof(out->mac));
}

static void keep_address(struct dhcp *out, struct address address)
{
	if (out->addresses < DHCP_ADDRESSES)
		out->address[out->addresses++] = address;
}

/* Some clients send the NUL of their string too. */
static void keep_text(struct dns_name *name, struct bytes text)
{
	const uint8_t *nul = bytes_find(text, 0);
	struct bytes word = bytes_split(&text, nul ? (size_t)(nul - text.at) : bytes_size(text));
	size_t size = bytes_size(word) < DNS_NAME_MAX ? bytes_size(word) : DNS_NAME_MAX;
	if (size)
		memcpy(name->text, word.at, size);
	name->size = (uint8_t)size;
}

struct options { /* as they are met */
	struct dns_name host, full;
	struct bytes id;
	uint8_t overload;
};

/* Flags, two result codes, then the name: as text, or as labels when a flag says so. */
static void keep_full(struct options *out, struct bytes value)
{
	const uint8_t *head = bytes_take(&value, 3);
	if (head && head[0] & 4)
		dns_labels(value, &out->full);
	else if (head)
		keep_text(&out->full, value);
}

static bool read_options(
	struct bytes in, struct dhcp *dhcp, struct options *out, struct anomalies *seen)
{
	for (const uint8_t *type; (type = bytes_take(&in, 1)) && *type != END;) {
		if (*type == PAD)
			continue;
		const uint8_t *size = bytes_take(&in, 1);
		struct bytes value = bytes_split(&in, size ? *size : 0);
		if (!size || bytes_size(value) < *size)
			return anomaly(seen, DHCP_OPTION);
		if (*type == HOST_NAME)
			keep_text(&out->host, value);
		else if (*type == CLIENT_FQDN)
			keep_full(out, value);
		else if (*type == CLIENT_ID)
			out->id = value;
		else if (*type == MESSAGE_TYPE && *size == 1)
			dhcp->message = *value.at;
		else if (*type == OVERLOAD && *size == 1)
			out->overload = *value.at;
	}
	return true;
}

bool dhcp_decode(struct bytes in, struct dhcp *out, struct anomalies *seen)
{
	static const uint8_t cookie[4] = { 99, 130, 83, 99 };
	struct options options = { .overload = 0 };
	const uint8_t *boot = bytes_take(&in, BOOT_SIZE);
	const uint8_t *magic = bytes_take(&in, sizeof(cookie));
	*out = (struct dhcp){ 0 };
	if (!boot || !magic)
		return anomaly(seen, DHCP_SHORT);
	if (boot[0] < 1 || boot[0] > 2 || memcmp(magic, cookie, sizeof(cookie)) != 0)
		return anomaly(seen, DHCP_OPTION);
	if (!read_options(in, out, &options, seen))
		return false;
	/* The other two fields cannot say that they are overloaded: each is read once. */
	if (options.overload & 1)
		read_options(bytes_make(boot + FILE_NAME, 128), out, &options, seen);
	if (options.overload & 2)
		read_options(bytes_make(boot + SNAME, 64), out, &options, seen);
	const uint8_t *id = bytes_take(&options.id, 7);
	if (boot[1] == ETHERNET && boot[2] == 6)
		keep_mac(out, boot + 28);
	else if (id && id[0] == ETHERNET && options.id.at == options.id.end)
		keep_mac(out, id + 1);
	const uint8_t *address = be32(boot + 16) ? boot + 16 : boot + 12;
	if (be32(address))
		keep_address(out, address_v4(address));
	out->name = options.host.size ? options.host : options.full;
	return true;
}

enum {
	V6_CLIENT_ID = 1,
	V6_IA_NA = 3,
	V6_IA_TA = 4,
	V6_IA_ADDRESS = 5,
	V6_RELAY_MESSAGE = 9,
	V6_CLIENT_FQDN = 39,
	V6_RELAY_FORWARD = 12,
	V6_RELAY_REPLY = 13,
	V6_RELAYS_MAX = 8, /* RFC 8415 7.6 */
	DUID_TIME = 1,
	DUID_LINK = 3,
};

/* The next option, stepped over: its type, -1 behind the last or where it is damaged. */
static int next_option(struct bytes *in, struct bytes *value, struct anomalies *seen)
{
	if (in->at == in->end)
		return -1;
	const uint8_t *head = bytes_take(in, 4);
	*value = bytes_split(in, head ? be16(head + 2) : 0);
	if (head && bytes_size(*value) == be16(head + 2))
		return be16(head);
	anomaly(seen, DHCP_OPTION);
	return -1;
}

/* An id made of the address of a network card, with or without a time in it. */
static void read_duid(struct bytes duid, struct dhcp *out)
{
	const uint8_t *head = bytes_take(&duid, 4);
	if (!head || be16(head + 2) != ETHERNET)
		return;
	if (be16(head) == DUID_TIME)
		bytes_take(&duid, 4);
	else if (be16(head) != DUID_LINK)
		return;
	if (bytes_size(duid) == 6)
		keep_mac(out, duid.at);
}

static void read_identity(struct bytes in, size_t fixed, struct dhcp *out, struct anomalies *seen)
{
	struct bytes value;
	if (!bytes_take(&in, fixed)) {
		anomaly(seen, DHCP_OPTION);
		return;
	}
	for (int type; (type = next_option(&in, &value, seen)) >= 0;) {
		/* The valid lifetime is last: 0 takes the address away. */
		const uint8_t *address = type == V6_IA_ADDRESS ? bytes_take(&value, 24) : NULL;
		if (address && be32(address + 20))
			keep_address(out, address_v6(address));
	}
}

/* Steps into the message that relays wrapped; false: none is in it. */
static bool unwrap(struct bytes *in, struct anomalies *seen)
{
	for (unsigned depth = 0; depth <= V6_RELAYS_MAX; depth++) {
		struct bytes rest = *in, value;
		const uint8_t *type = bytes_take(&rest, 1);
		if (!type || (*type != V6_RELAY_FORWARD && *type != V6_RELAY_REPLY))
			return type || anomaly(seen, DHCP_SHORT);
		if (!bytes_take(&rest, 33))
			return anomaly(seen, DHCP_SHORT);
		int option;
		while ((option = next_option(&rest, &value, seen)) >= 0 &&
			option != V6_RELAY_MESSAGE)
			;
		if (option < 0)
			return false;
		*in = value;
	}
	return anomaly(seen, DHCP_OPTION);
}

bool dhcp_decode_v6(struct bytes in, struct dhcp *out, struct anomalies *seen)
{
	struct bytes value;
	*out = (struct dhcp){ 0 };
	if (!unwrap(&in, seen))
		return false;
	const uint8_t *head = bytes_take(&in, 4);
	if (!head)
		return anomaly(seen, DHCP_SHORT);
	out->message = head[0];
	for (int type; (type = next_option(&in, &value, seen)) >= 0;) {
		if (type == V6_CLIENT_ID)
			read_duid(value, out);
		else if (type == V6_IA_NA)
			read_identity(value, 12, out, seen);
		else if (type == V6_IA_TA)
			read_identity(value, 4, out, seen);
		else if (type == V6_CLIENT_FQDN && bytes_take(&value, 1))
			dns_labels(value, &out->name);
	}
	return true;
}
