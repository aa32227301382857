/* Two readings of one run of characters: as an atom of RFC 5322, which is a local part when @
 * follows, and within it as labels joined by dots. Each run is read once for either; addresses are
 * looked for at each number, but none is longer than some dozen bytes. So nobody can make this slow
 * by what he says. */
#include "base/spot.h"

#define ABOUT_MIN 2      /* bytes: "a" is a word of its own */
#define ABOUT_MAX 64     /* bytes of a local part (RFC 5321 4.5.3.1.1) */
#define QUOTED_MAX 256   /* bytes of a quoted local part that is looked for */
#define LITERAL_MAX 64   /* bytes of an address in brackets */
#define ZONE_MAX 32      /* bytes of an interface's name behind % (RFC 4007) */
#define COLONS_CERTAIN 3 /* an IPv6 address for sure, whatever follows */

/* Property names of Authentication-Results (RFC 8601): they look like host names. */
static const char *const properties[] = { "smtp.mailfrom=", "smtp.mfrom=", "smtp.helo=",
	"smtp.rcpttodomain=", "smtp.auth=", "smtp.remote-ip=", "header.from=", "header.sender=",
	"header.d=", "header.i=", "header.a=", "header.s=", "header.b=", "policy.iprev=",
	"policy.dmarc=", "policy.published-domain-policy=" };

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_hex(uint8_t byte)
{
	uint8_t lower = byte_lower(byte);
	return is_digit(byte) || (lower >= 'a' && lower <= 'f');
}

/* Of a word in any script. */
static bool is_letter(uint8_t byte)
{
	uint8_t lower = byte_lower(byte);
	return (lower >= 'a' && lower <= 'z') || byte >= 0x80;
}

static bool is_word(uint8_t byte)
{
	return is_letter(byte) || is_digit(byte);
}

static bool is_label(uint8_t byte)
{
	return is_word(byte) || byte == '-' || byte == '_';
}

static bool is_host(uint8_t byte)
{
	return is_label(byte) || byte == '.';
}

static bool is_atom(uint8_t byte)
{
	return is_host(byte) || (byte && bytes_find(bytes_of("!#$%&'*+/=?^`{|}~"), byte));
}

/* How many bytes at the beginning, of at most `max`, are such. */
static size_t run_size(struct bytes in, bool (*is)(uint8_t), size_t max)
{
	struct bytes rest = in;
	const uint8_t *byte;
	size_t size = 0;
	while (size < max && (byte = bytes_take(&rest, 1)) && is(*byte))
		size++;
	return size;
}

static struct bytes head(struct bytes in, size_t size)
{
	return bytes_split(&in, size);
}

static struct bytes behind(struct bytes in, size_t size)
{
	bytes_split(&in, size);
	return in;
}

static uint8_t byte_at(struct bytes in, size_t place)
{
	in = behind(in, place);
	return bytes_size(in) ? *in.at : 0;
}

/* Without the dots and hyphens that end a sentence, not a name. */
static size_t trimmed(struct bytes name)
{
	size_t size = bytes_size(name);
	while (size && !is_word(byte_at(name, size - 1)))
		size--;
	return size;
}

/* Labels up to an empty one: dots that follow each other join no names. */
static size_t labels_size(struct bytes in)
{
	size_t size = 0;
	for (; size < bytes_size(in) && is_host(in.at[size]); size++)
		if (size && in.at[size] == '.' && in.at[size - 1] == '.')
			return size - 1;
	return size;
}

/* How many of these bytes are "mail.example.com": up to the last label that begins with a letter
 * and has another byte, if there is one before it. 0: none. */
static size_t host_name_size(struct bytes labels)
{
	size_t end = trimmed(labels);
	for (size_t at = end; at-- > 1;) {
		if (labels.at[at] != '.')
			continue;
		if (end - at > 2 && is_letter(labels.at[at + 1]))
			return end;
		end = at;
	}
	return 0;
}

static bool is_colon_group(uint8_t byte)
{
	return is_hex(byte) || byte == ':' || byte == '.';
}

static bool is_zone(uint8_t byte)
{
	return is_host(byte) || byte == '~';
}

/* Behind an address: /n makes it a prefix, unless n is all of it. */
static size_t add_length(struct bytes rest, size_t size, unsigned width, struct spotted *out)
{
	struct bytes tail = behind(rest, size);
	size_t digits = byte_at(tail, 0) == '/' ? run_size(behind(tail, 1), is_digit, 4) : 0;
	unsigned length = 0;
	for (size_t i = 1; i <= digits; i++)
		length = length * 10 + (tail.at[i] - '0');
	if (!digits || digits > 3 || length > width)
		return size;
	out->prefix = address_prefix(&out->prefix.address, length, length);
	if (length < width)
		out->kind = SPOT_PREFIX;
	return size + 1 + digits;
}

static size_t find_v6(struct bytes rest, struct spotted *out)
{
	size_t size = run_size(rest, is_colon_group, LITERAL_MAX), colons = 0;
	for (size_t i = 0; i < size; i++)
		if (rest.at[i] == ':' && ++colons == 8)
			size = i; /* a port, or more */
	if (colons < 2)
		return 0;
	/* What ends a sentence or comes before a reason is not of the address. */
	while (size > 2 && !address_parse(head(rest, size), &out->prefix.address)) {
		uint8_t last = byte_at(rest, --size);
		if (last != '.' && last != ':')
			return 0;
	}
	if (size < 3 || (colons < COLONS_CERTAIN && is_word(byte_at(rest, size))))
		return 0;
	out->kind = SPOT_ADDRESS;
	out->prefix.length = 128;
	if (byte_at(rest, size) == '%') {
		size_t zone = run_size(behind(rest, size + 1), is_zone, ZONE_MAX);
		return size + (zone ? 1 + zone : 0);
	}
	return add_length(rest, size, 128, out);
}

/* Four numbers of one to three digits, joined by one of . - _ */
static size_t find_v4(const struct spot *spot, struct spotted *out)
{
	struct bytes rest = spot->rest;
	uint8_t byte[4], joint = 0;
	size_t size = 0;
	if (is_digit(spot->before))
		return 0;
	for (unsigned part = 0; part < 4; part++) {
		size_t digits = run_size(behind(rest, size), is_digit, 4);
		unsigned number = 0;
		for (size_t i = 0; i < digits; i++)
			number = number * 10 + (byte_at(rest, size + i) - '0');
		if (!digits || digits > 3 || number > 255)
			return 0;
		byte[part] = (uint8_t)number;
		size += digits;
		if (part == 3)
			break;
		uint8_t next = byte_at(rest, size++);
		if ((next != '.' && next != '-' && next != '_') || (joint && next != joint))
			return 0;
		joint = next;
	}
	out->kind = SPOT_ADDRESS;
	out->prefix = (struct prefix){ address_v4(byte), 128 };
	return add_length(rest, size, 32, out);
}

/* "00:0c:29:01:02:03", "00-0c-29-01-02-03", "000c.2901.0203" */
static size_t find_mac(struct bytes rest, struct spotted *out)
{
	static const struct {
		uint8_t joint;
		unsigned digits;
	} forms[] = { { ':', 2 }, { '-', 2 }, { '.', 4 } };
	for (size_t form = 0; form < COUNT(forms); form++) {
		unsigned digits = 0;
		size_t at = 0;
		for (; digits < 12; at++) {
			uint8_t byte = byte_at(rest, at);
			if (at && digits % forms[form].digits == 0 && byte == forms[form].joint)
				byte = byte_at(rest, ++at);
			else if (at && digits % forms[form].digits == 0)
				break;
			if (!is_hex(byte))
				break;
			int value = is_digit(byte) ? byte - '0' : byte_lower(byte) - 'a' + 10;
			out->mac[digits / 2] = (uint8_t)(out->mac[digits / 2] << 4 | value);
			digits++;
		}
		if (digits == 12 && !is_word(byte_at(rest, at))) {
			out->kind = SPOT_MAC;
			return at;
		}
	}
	return 0;
}

/* With letters before it, a group is of a word: IPv6:2001:db8::1. */
static size_t find_groups(const struct spot *spot, struct spotted *out)
{
	uint8_t first = *spot->rest.at;
	bool opens = first == ':' && byte_at(spot->rest, 1) == ':' && spot->before != ':';
	if (is_word(spot->before) || (!is_hex(first) && !opens))
		return 0;
	size_t size = find_mac(spot->rest, out);
	return size ? size : find_v6(spot->rest, out);
}

/* Behind the @ of a mail address; 0: none. */
static size_t domain_size(struct bytes in)
{
	if (byte_at(in, 0) != '[')
		return trimmed(head(in, labels_size(in)));
	const uint8_t *end = bytes_find(head(in, LITERAL_MAX), ']');
	return end ? (size_t)(end - in.at) + 1 : 0;
}

/* "john smith"@example.com */
static size_t find_quoted(struct bytes rest, struct spotted *out)
{
	struct bytes in = head(rest, QUOTED_MAX);
	size_t size = 1;
	while (size < bytes_size(in) && in.at[size] != '"')
		size += in.at[size] == '\\' ? 2 : 1;
	if (byte_at(rest, size) != '"' || byte_at(rest, size + 1) != '@')
		return 0;
	size_t domain = domain_size(behind(rest, size + 2));
	out->kind = SPOT_MAILBOX;
	return domain ? size + 2 + domain : 0;
}

/* user%host.example, user%40host.example, host!user: as mail was addressed once, and in links. */
static bool is_routed(struct bytes atom)
{
	size_t mark = bytes_size(atom);
	while (mark-- > 1) {
		if (!is_word(byte_at(atom, mark - 1)) || !is_word(byte_at(atom, mark + 1)))
			continue;
		if (atom.at[mark] == '!')
			return true;
		if (atom.at[mark] == '%') {
			struct bytes host = behind(atom, mark + 1);
			return host_name_size(head(host, labels_size(host))) > 0;
		}
	}
	return false;
}

static size_t find_mailbox(struct spot *spot, struct spotted *out)
{
	struct bytes rest = spot->rest;
	if (*rest.at == '"')
		return find_quoted(rest, out);
	if (!is_label(*rest.at) || (spot->unmailed && rest.at < spot->unmailed))
		return 0;
	size_t size = run_size(rest, is_atom, SIZE_MAX);
	size_t domain = byte_at(rest, size) == '@' ? domain_size(behind(rest, size + 1)) : 0;
	out->kind = SPOT_MAILBOX;
	if (domain)
		return size + 1 + domain;
	if (is_routed(head(rest, size)))
		return trimmed(head(rest, size));
	spot->unmailed = behind(rest, size).at;
	return 0;
}

static size_t find_about(const struct spot *spot, struct spotted *out)
{
	size_t size = bytes_size(spot->about);
	if (size < ABOUT_MIN || size > ABOUT_MAX || is_word(spot->before) ||
		!bytes_begin_case(spot->rest, spot->about) || is_word(byte_at(spot->rest, size)))
		return 0;
	out->kind = SPOT_MAILBOX;
	return size;
}

static size_t find_host(struct spot *spot, struct spotted *out)
{
	struct bytes rest = spot->rest;
	if (!is_label(*rest.at) || (spot->unnamed && rest.at < spot->unnamed))
		return 0;
	size_t size = labels_size(rest);
	size_t name =
		spot->before == '@' ? trimmed(head(rest, size)) : host_name_size(head(rest, size));
	out->kind = SPOT_HOST;
	if (name)
		return name;
	spot->unnamed = behind(rest, size).at;
	return 0;
}

/* <jsmith>: whoever is put so into an answer is a mailbox. */
static size_t find_bracketed(const struct spot *spot, struct spotted *out)
{
	size_t size;
	if (spot->before != '<' || !is_atom(*spot->rest.at))
		return 0;
	size = run_size(spot->rest, is_atom, QUOTED_MAX);
	out->kind = SPOT_MAILBOX;
	return byte_at(spot->rest, size) == '>' ? size : 0;
}

static size_t find(struct spot *spot, struct spotted *out)
{
	size_t size = find_mailbox(spot, out);
	if (!size)
		size = find_about(spot, out);
	if (!size)
		size = find_groups(spot, out);
	/* A name may begin with a number: 192.0.2.1.dynamic.example. */
	if (!size)
		size = find_host(spot, out);
	if (!size)
		size = find_v4(spot, out);
	return size ? size : find_bracketed(spot, out);
}

static size_t property_size(const struct spot *spot)
{
	if (is_host(spot->before) || !is_letter(*spot->rest.at))
		return 0;
	for (size_t i = 0; i < COUNT(properties); i++)
		if (bytes_begin_case(spot->rest, bytes_of(properties[i])))
			return strlen(properties[i]);
	return 0;
}

/* What is nothing by itself: a word up to a number in it, a number, else one byte. */
static size_t step_size(struct bytes rest)
{
	size_t size = run_size(rest, is_letter, SIZE_MAX);
	if (!size)
		size = run_size(rest, is_digit, SIZE_MAX);
	return size ? size : 1;
}

static void step(struct spot *spot, size_t size)
{
	spot->before = byte_at(spot->rest, size - 1);
	bytes_split(&spot->rest, size);
}

void spot_init(struct spot *spot, struct bytes text, struct bytes about)
{
	*spot = (struct spot){ .rest = text, .about = about };
}

bool spot_next(struct spot *spot, struct spotted *out)
{
	struct bytes from = spot->rest;
	size_t plain = 0, size = 0;
	*out = (struct spotted){ .kind = SPOT_PLAIN };
	while (bytes_size(spot->rest)) {
		size_t own = property_size(spot);
		size = own ? 0 : find(spot, out);
		if (size)
			break;
		size_t stepped = own ? own : step_size(spot->rest);
		step(spot, stepped);
		plain += stepped;
	}
	if (!plain && !size)
		return false;
	if (plain) /* what was found is found again by the next call */
		*out = (struct spotted){ .kind = SPOT_PLAIN, .text = head(from, plain) };
	else {
		out->text = head(from, size);
		step(spot, size);
	}
	return true;
}
