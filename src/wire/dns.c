/* A name may be compressed: a pointer says where in the message it goes on (RFC 1035 4.1.4). A
 * writer can only point at what it wrote before, so each pointer has to lead before the piece that
 * holds it. That alone bounds the walk; the length of a name bounds it once more. */
#include "wire/dns.h"

enum { POINTER = 0xc0, LABEL_MAX = 63, HEADER = 12 };

/* The first label of a message, however often a name points at it, is 12 bytes from its start. */
static bool follow(struct bytes message, uint16_t pointer, size_t before, struct bytes *in)
{
	size_t offset = pointer & 0x3fff;
	*in = message;
	return offset >= HEADER && offset < before && bytes_take(in, offset);
}

static bool add_label(struct dns_name *name, const uint8_t *label, size_t size)
{
	size_t dot = name->size ? 1 : 0;
	if (name->size + dot + size > DNS_NAME_MAX)
		return false;
	if (dot)
		name->text[name->size] = '.';
	memcpy(name->text + name->size + dot, label, size);
	name->size = (uint8_t)(name->size + dot + size);
	return true;
}

/* Where in the message `in` stands. */
static size_t offset_of(struct bytes message, struct bytes in)
{
	return bytes_size(message) - bytes_size(in);
}

/* `in` reaches to the end of the message while the name is walked, so that offsets can be told. */
static bool walk(struct bytes message, struct bytes *in, struct dns_name *out)
{
	struct bytes at = *in;
	size_t start = offset_of(message, at);
	bool jumped = false;
	for (const uint8_t *size; (size = bytes_take(&at, 1));) {
		if (*size >= POINTER) {
			const uint8_t *rest = bytes_take(&at, 1);
			if (!jumped)
				*in = at;
			jumped = true;
			if (!rest || !follow(message, be16(size), start, &at))
				return false;
			start = be16(size) & 0x3fff;
			continue;
		}
		if (!*size) {
			if (!jumped)
				*in = at;
			return true;
		}
		const uint8_t *label = *size <= LABEL_MAX ? bytes_take(&at, *size) : NULL;
		if (!label || !add_label(out, label, *size))
			return false;
	}
	return false;
}

bool dns_name_decode(
	struct bytes message, struct bytes *in, struct dns_name *out, struct anomalies *seen)
{
	struct bytes rest = { in->at, message.end };
	out->size = 0;
	if (!walk(message, &rest, out))
		return anomaly(seen, DNS_NAME);
	if (!bytes_take(in, bytes_size((struct bytes){ in->at, rest.at })))
		return anomaly(seen, DNS_NAME);
	return true;
}

bool dns_labels(struct bytes in, struct dns_name *out)
{
	out->size = 0;
	for (const uint8_t *size; (size = bytes_take(&in, 1)) && *size;) {
		const uint8_t *label = *size <= LABEL_MAX ? bytes_take(&in, *size) : NULL;
		if (!label || !add_label(out, label, *size))
			return false;
	}
	return true;
}

bool dns_decode(struct bytes in, struct dns *out, struct anomalies *seen)
{
	struct bytes message = in;
	const uint8_t *header = bytes_take(&in, HEADER);
	if (!header)
		return anomaly(seen, DNS_SHORT);
	uint16_t flags = be16(header + 2);
	*out = (struct dns){
		.id = be16(header),
		.flags = flags,
		.response = flags >> 15,
		.opcode = flags >> 11 & 15,
		.code = flags & 15,
		.message = message,
		.in = in,
		.questions = be16(header + 4),
		.records = (uint32_t)be16(header + 6) + be16(header + 8) + be16(header + 10),
	};
	return true;
}

static bool question(struct dns *dns, struct dns_item *out, struct anomalies *seen)
{
	const uint8_t *fields = bytes_take(&dns->in, 4);
	if (!fields)
		return anomaly(seen, DNS_SHORT);
	out->question = true;
	out->type = be16(fields);
	out->class = be16(fields + 2) & 0x7fff;
	return true;
}

static bool record(struct dns *dns, struct dns_item *out, struct anomalies *seen)
{
	const uint8_t *fields = bytes_take(&dns->in, 10);
	if (!fields)
		return anomaly(seen, DNS_SHORT);
	out->type = be16(fields);
	out->class = be16(fields + 2) & 0x7fff;
	out->ttl = be32(fields + 4);
	size_t size = be16(fields + 8);
	out->data = bytes_split(&dns->in, size);
	if (bytes_size(out->data) < size)
		return anomaly(seen, DNS_SHORT);
	struct bytes data = out->data;
	if (out->type == DNS_A && size == 4)
		out->address = address_v4(data.at);
	if (out->type == DNS_AAAA && size == 16)
		out->address = address_v6(data.at);
	return out->type != DNS_PTR || dns_name_decode(dns->message, &data, &out->target, seen);
}

bool dns_next(struct dns *dns, struct dns_item *out, struct anomalies *seen)
{
	bool asks = dns->questions > 0;
	if (!asks && !dns->records)
		return false;
	if (dns->read == DNS_ITEMS_MAX)
		return anomaly(seen, DNS_MANY);
	dns->read++;
	*(asks ? &dns->questions : &dns->records) -= 1;
	*out = (struct dns_item){ .question = false };
	bool ok = dns_name_decode(dns->message, &dns->in, &out->name, seen) &&
		  (asks ? question(dns, out, seen) : record(dns, out, seen));
	if (!ok)
		dns->questions = dns->records = 0;
	return ok;
}
