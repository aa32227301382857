/* Addresses as text and back. inet_pton() wants a NUL behind its input and inet_ntop() prints
 * mapped addresses in its own way, so both directions are written out here: RFC 4291 2.2 for
 * reading, RFC 5952 for writing. */
#include "base/address.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fault.h"

#define GROUPS 8 /* of 16 bits in an IPv6 address */

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff }; /* ::ffff:0:0/96 */

struct address address_v4(const uint8_t byte[4])
{
	struct address address;
	memcpy(address.byte, mapped, 12);
	memcpy(address.byte + 12, byte, 4);
	return address;
}

struct address address_v6(const uint8_t byte[16])
{
	struct address address;
	memcpy(address.byte, byte, 16);
	return address;
}

bool address_is_v4(const struct address *address)
{
	return !memcmp(address->byte, mapped, 12);
}

bool address_is_none(const struct address *address)
{
	static const struct address none;
	return address_equal(address, &none);
}

bool address_equal(const struct address *a, const struct address *b)
{
	return !memcmp(a->byte, b->byte, 16);
}

int address_compare(const struct address *a, const struct address *b)
{
	bool a_v4 = address_is_v4(a), b_v4 = address_is_v4(b);
	if (a_v4 != b_v4)
		return a_v4 ? -1 : 1;
	return memcmp(a->byte, b->byte, 16);
}

/* A decimal number of 0..max without leading zeros, stepped over. */
static bool take_decimal(struct bytes *in, unsigned max, unsigned *out)
{
	const uint8_t *first = in->at;
	unsigned number = 0;
	while (in->at != in->end && *in->at >= '0' && *in->at <= '9') {
		number = number * 10 + (unsigned)(*in->at++ - '0');
		if (number > max)
			return false;
	}
	*out = number;
	return in->at != first && (*first != '0' || in->at - first == 1);
}

static bool take_byte(struct bytes *in, uint8_t byte)
{
	if (in->at == in->end || *in->at != byte)
		return false;
	in->at++;
	return true;
}

/* All of `text` as four numbers: leading zeros are refused, as some read them as octal. */
static bool parse_v4(struct bytes text, uint8_t out[4])
{
	for (unsigned i = 0; i < 4; i++) {
		unsigned number;
		if ((i && !take_byte(&text, '.')) || !take_decimal(&text, 255, &number))
			return false;
		out[i] = (uint8_t)number;
	}
	return text.at == text.end;
}

/* One to four hexadecimal digits, stepped over. */
static bool take_group(struct bytes *in, uint8_t out[2])
{
	unsigned number = 0, digits = 0;
	for (; digits < 4 && in->at != in->end; digits++, in->at++) {
		uint8_t byte = byte_lower(*in->at);
		if (byte >= '0' && byte <= '9')
			number = number << 4 | (unsigned)(byte - '0');
		else if (byte >= 'a' && byte <= 'f')
			number = number << 4 | (unsigned)(byte - 'a' + 10);
		else
			break;
	}
	out[0] = (uint8_t)(number >> 8);
	out[1] = (uint8_t)number;
	return digits > 0;
}

/* Groups with colons between them up to the end or to a "::", the last two perhaps as IPv4 address;
 * gives their number, GROUPS + 1 when it cannot be read. */
static unsigned take_groups(struct bytes *in, uint8_t out[16])
{
	for (unsigned count = 0; count < GROUPS;) {
		struct bytes rest = *in;
		if (count <= GROUPS - 2 && parse_v4(rest, out + 2 * (size_t)count)) {
			in->at = in->end;
			return count + 2;
		}
		if (!take_group(&rest, out + 2 * (size_t)count))
			return GROUPS + 1;
		count++;
		*in = rest;
		if (rest.at == rest.end || (bytes_size(rest) > 1 && !memcmp(rest.at, "::", 2)))
			return count;
		if (!take_byte(in, ':'))
			return GROUPS + 1;
	}
	return GROUPS + 1;
}

static bool parse_v6(struct bytes text, uint8_t out[16])
{
	uint8_t tail[16] = { 0 };
	unsigned before = 0, behind = 0;
	memset(out, 0, 16);
	if (text.at == text.end)
		return false;
	if (*text.at != ':')
		before = take_groups(&text, out);
	if (before > GROUPS)
		return false;
	if (text.at == text.end)
		return before == GROUPS;
	if (!take_byte(&text, ':') || !take_byte(&text, ':'))
		return false;
	if (text.at != text.end)
		behind = take_groups(&text, tail);
	/* "::" stands for one group at least (RFC 4291 2.2). */
	if (text.at != text.end || before + behind >= GROUPS)
		return false;
	memcpy(out + 16 - 2 * (size_t)behind, tail, 2 * (size_t)behind);
	return true;
}

bool address_parse(struct bytes text, struct address *out)
{
	uint8_t v4[4];
	if (!parse_v4(text, v4))
		return parse_v6(text, out->byte);
	*out = address_v4(v4);
	return true;
}

/* The longest run of zero groups, of equal ones the first; a single group is no run. */
static void longest_zeros(const uint8_t byte[16], unsigned *first, unsigned *count)
{
	unsigned run = 0;
	*first = GROUPS;
	*count = 1;
	for (unsigned i = 0; i < GROUPS; i++) {
		run = be16(byte + 2 * (size_t)i) ? 0 : run + 1;
		if (run > *count) {
			*count = run;
			*first = i + 1 - run;
		}
	}
}

const char *address_text(const struct address *address, char text[ADDRESS_TEXT])
{
	const uint8_t *byte = address->byte;
	unsigned zeros_first, zeros;
	size_t used = 0;
	if (address_is_v4(address)) {
		snprintf(text, ADDRESS_TEXT, "%u.%u.%u.%u", byte[12], byte[13], byte[14], byte[15]);
		return text;
	}
	longest_zeros(byte, &zeros_first, &zeros);
	text[0] = '\0';
	for (unsigned i = 0; i < GROUPS; i++) {
		const char *colon = i && i != zeros_first + zeros ? ":" : "";
		if (i == zeros_first) {
			used += (size_t)snprintf(text + used, ADDRESS_TEXT - used, "::");
			i += zeros - 1;
		} else {
			used += (size_t)snprintf(text + used, ADDRESS_TEXT - used, "%s%x", colon,
				be16(byte + 2 * (size_t)i));
		}
	}
	return text;
}

/* Sets all bits behind the first `length` to zero. */
static void clear_behind(struct address *address, unsigned length)
{
	for (unsigned i = 0; i < 16; i++) {
		unsigned kept = length > 8 * i ? length - 8 * i : 0;
		if (kept < 8)
			address->byte[i] &= (uint8_t)(0xff00u >> kept);
	}
}

struct prefix address_prefix(const struct address *address, unsigned v4_length, unsigned v6_length)
{
	struct prefix prefix = { *address, address_is_v4(address) ? 96 + v4_length : v6_length };
	if (prefix.length > 128)
		prefix.length = 128;
	clear_behind(&prefix.address, prefix.length);
	return prefix;
}

bool prefix_parse(struct bytes text, struct prefix *out, struct error *error)
{
	struct bytes rest = text, address_part;
	const uint8_t *slash = bytes_find(text, '/');
	struct address address;
	unsigned length, length_max;
	int shown = (int)(bytes_size(text) < PREFIX_TEXT ? bytes_size(text) : PREFIX_TEXT);
	const char *start = (const char *)text.at;
	char better[PREFIX_TEXT];
	address_part = slash ? bytes_split(&rest, (size_t)(slash - text.at)) : text;
	if (!address_parse(address_part, &address))
		return error_set(error,
			"'%.*s' is no address or prefix; write it like 192.0.2.0/24"
			" or 2001:db8::/32",
			shown, start ? start : "");
	/* Written with a colon, the length counts from the first of 128 bits, also where the
	 * address is a mapped one. */
	length = length_max = bytes_find(address_part, ':') ? 128 : 32;
	if (slash && (!take_byte(&rest, '/') || !take_decimal(&rest, length_max, &length) ||
			     rest.at != rest.end))
		return error_set(error, "'%.*s' has no length of 0 to %u behind the /; write one",
			shown, start, length_max);
	*out = (struct prefix){ address, length + 128 - length_max };
	clear_behind(&out->address, out->length);
	if (!address_equal(&out->address, &address))
		return error_set(error, "%.*s has bits set behind /%u; write %s", shown, start,
			length, prefix_text(out, better));
	return true;
}

const char *prefix_text(const struct prefix *prefix, char text[PREFIX_TEXT])
{
	bool v4 = address_is_v4(&prefix->address);
	char address[ADDRESS_TEXT];
	snprintf(text, PREFIX_TEXT, "%s/%u", address_text(&prefix->address, address),
		(prefix->length - (v4 ? 96 : 0)) % 1000);
	return text;
}

bool prefix_has(const struct prefix *prefix, const struct address *address)
{
	struct address masked = *address;
	if (address_is_v4(address) != address_is_v4(&prefix->address))
		return false;
	clear_behind(&masked, prefix->length);
	return address_equal(&masked, &prefix->address);
}

bool prefixes_add(struct prefixes *list, struct prefix prefix)
{
	struct prefix *at =
		fault_call() ? NULL : reallocarray(list->at, list->count + 1, sizeof(*list->at));
	if (!at)
		return false;
	list->at = at;
	list->at[list->count++] = prefix;
	return true;
}

bool prefixes_has(const struct prefixes *list, const struct address *address)
{
	for (size_t i = 0; i < list->count; i++)
		if (prefix_has(&list->at[i], address))
			return true;
	return false;
}

void prefixes_free(struct prefixes *list)
{
	free(list->at);
	*list = (struct prefixes){ NULL, 0 };
}

bool mac_is_local(const uint8_t mac[6])
{
	return mac[0] & 2;
}

const char *mac_text(const uint8_t mac[6], char text[MAC_TEXT])
{
	snprintf(text, MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
		mac[4], mac[5]);
	return text;
}
