/* A NetBIOS name is 16 bytes, the last of which says what is named: the machine (0x00) or its file
 * service (0x20), which bears the same name, or something else. In packets it is one DNS label of
 * 32 letters, half a byte each (RFC 1001 14.1), and the message around it a DNS message. */
#include "wire/netbios.h"

enum {
	TYPE_NB = 0x20,
	OPCODE_QUERY = 0,
	OPCODE_REGISTRATION = 5,
	OPCODE_REFRESH = 8,
	OPCODE_REFRESH_OLD = 9, /* what RFC 1002 4.2.4 says, beside its own table */
	OPCODE_MULTIHOMED = 15,
	GROUP = 0x8000,
	DATAGRAM_FIRST = 0x10, /* direct unique, */
	DATAGRAM_LAST = 0x12,  /* direct group, broadcast */
	ENCODED = 32
};

/* First-level decoding of the first label. false: a name of something else, or damaged. */
static bool decode_name(const struct dns_name *name, struct netbios *out, struct anomalies *seen)
{
	uint8_t byte[16];
	if (name->size < ENCODED || (name->size > ENCODED && name->text[ENCODED] != '.'))
		return anomaly(seen, NETBIOS_NAME);
	for (unsigned i = 0; i < ENCODED; i++) {
		char letter = name->text[i];
		if (letter < 'A' || letter > 'P')
			return anomaly(seen, NETBIOS_NAME);
		byte[i / 2] = (uint8_t)(byte[i / 2] << 4 | (letter - 'A'));
	}
	if (byte[15] != 0x00 && byte[15] != 0x20)
		return false;
	out->size = NETBIOS_NAME_MAX;
	while (out->size && (byte[out->size - 1] == ' ' || !byte[out->size - 1]))
		out->size--;
	memcpy(out->name, byte, out->size);
	return out->size && out->name[0] != '*'; /* "*": whoever hears it */
}

static bool tells_own_name(const struct dns *dns)
{
	if (dns->response)
		return dns->opcode == OPCODE_QUERY && !dns->code;
	return dns->opcode == OPCODE_REGISTRATION || dns->opcode == OPCODE_REFRESH ||
	       dns->opcode == OPCODE_REFRESH_OLD || dns->opcode == OPCODE_MULTIHOMED;
}

bool netbios_service(struct bytes in, struct netbios *out, struct anomalies *seen)
{
	struct dns dns;
	struct dns_item item;
	if (!dns_decode(in, &dns, seen) || !tells_own_name(&dns))
		return false;
	while (dns_next(&dns, &item, seen)) {
		const uint8_t *data = bytes_take(&item.data, 6);
		if (item.question || item.type != TYPE_NB || !data || be16(data) & GROUP)
			continue;
		out->address = address_v4(data + 2);
		return decode_name(&item.name, out, seen);
	}
	return false;
}

bool netbios_datagram(struct bytes in, struct netbios *out, struct anomalies *seen)
{
	struct dns_name name;
	const uint8_t *header = bytes_take(&in, 14);
	if (!header)
		return anomaly(seen, NETBIOS_SHORT);
	if (header[0] < DATAGRAM_FIRST || header[0] > DATAGRAM_LAST)
		return false;
	out->address = address_v4(header + 4);
	return dns_name_decode(in, &in, &name, seen) && decode_name(&name, out, seen);
}
