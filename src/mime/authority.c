/* Step by step: cut the ends, unescape, then read as IPv6, as numbers, or as labels. Case is folded
 * for ASCII only; the full mapping of UTS 46 would need its tables, and a host that differs in them
 * is merely told twice. */
#include "mime/authority.h"

#include "base/utf8.h"
#include "mime/text.h"

#define LABEL_MAX 63

struct host {
	size_t size;
	uint8_t *room; /* MIME_HOST_MAX + 1 bytes */
	bool full;
};

static void put(struct host *host, uint8_t byte)
{
	if (host->size == MIME_HOST_MAX)
		host->full = true;
	else
		host->room[host->size++] = byte;
}

static bool ends(uint8_t byte)
{
	return byte <= '?' ? byte <= ' ' || text_among(byte, "/?#\"'<>&")
			   : byte == '\\' || byte == 0x7F;
}

/* Unescapes into `room`, up to what cannot be part of an authority. */
static struct bytes unescape(struct bytes in, uint8_t room[AUTHORITY_MAX])
{
	size_t size = 0;
	while (in.at != in.end && size < AUTHORITY_MAX) {
		uint8_t byte = *bytes_take(&in, 1);
		if (byte == '%' && bytes_size(in) > 1 && text_hex(in.at[0]) >= 0 &&
			text_hex(in.at[1]) >= 0) {
			byte = (uint8_t)(text_hex(in.at[0]) << 4 | text_hex(in.at[1]));
			bytes_take(&in, 2);
		}
		if (ends(byte))
			break;
		room[size++] = byte;
	}
	return bytes_make(room, size);
}

static bool is_dot(uint32_t code) /* IDEOGRAPHIC, FULLWIDTH and HALFWIDTH FULL STOP (UTS 46) */
{
	return code == '.' || code == 0x3002 || code == 0xFF0E || code == 0xFF61;
}

/* RFC 3492 section 6.1 */
static unsigned adapt(uint32_t delta, uint32_t points, bool first)
{
	unsigned k = 0;
	delta = first ? delta / 700 : delta / 2;
	delta += delta / points;
	for (; delta > 455; k += 36)
		delta /= 35;
	return k + 36 * delta / (delta + 38);
}

static void put_digit(struct host *host, uint32_t value)
{
	put(host, (uint8_t)(value < 26 ? 'a' + value : '0' + value - 26));
}

/* A variable-length integer, RFC 3492 section 6.3. */
static void put_number(struct host *host, uint32_t number, unsigned bias)
{
	for (unsigned k = 36;; k += 36) {
		unsigned t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
		if (number < t)
			break;
		put_digit(host, t + (number - t) % (36 - t));
		number = (number - t) / (36 - t);
	}
	put_digit(host, number);
}

/* One label of non-ASCII characters, RFC 3492 section 6.3. Labels are at most 63 characters, so the
 * square of that bounds the work, and no sum overflows. */
static void put_punycode(struct host *host, const uint32_t *label, uint32_t size)
{
	uint32_t n = 0x80, delta = 0, done = 0, basic, least;
	unsigned bias = 72;
	for (const char *at = "xn--"; *at; at++)
		put(host, (uint8_t)*at);
	for (uint32_t i = 0; i < size; i++) {
		if (label[i] >= 0x80)
			continue;
		put(host, (uint8_t)label[i]);
		done++;
	}
	basic = done;
	if (basic)
		put(host, '-');
	for (; done < size; n++, delta++) {
		least = UINT32_MAX;
		for (uint32_t i = 0; i < size; i++)
			if (label[i] >= n && label[i] < least)
				least = label[i];
		delta += (least - n) * (done + 1);
		n = least;
		for (uint32_t i = 0; i < size; i++) {
			delta += label[i] < n;
			if (label[i] != n)
				continue;
			put_number(host, delta, bias);
			bias = adapt(delta, done + 1, done == basic);
			delta = 0;
			done++;
		}
	}
}

static bool letter(uint32_t code)
{
	return (code >= 'a' && code <= 'z') || (code >= '0' && code <= '9') || code == '-' ||
	       code == '_' || code > 0x9F;
}

/* The next label, stepped over with its dot; its size, 0: bad. */
static uint32_t label_read(struct bytes *in, uint32_t label[LABEL_MAX], bool *ascii)
{
	uint32_t size = 0;
	*ascii = true;
	while (in->at != in->end) {
		uint32_t code;
		size_t bytes = utf8_size(*in, &code);
		if (!bytes)
			return 0;
		bytes_take(in, bytes);
		if (is_dot(code))
			return size;
		if (code < 0x80)
			code = byte_lower((uint8_t)code);
		if (!letter(code) || size == LABEL_MAX)
			return 0;
		*ascii &= code < 0x80;
		label[size++] = code;
	}
	return size;
}

/* A number as inet_aton() and browsers take it: 0x7f, 0177, 127. -1: none. */
static int64_t number(struct bytes in)
{
	unsigned base = 10;
	int64_t value = 0;
	if (in.at == in.end)
		return -1;
	if (bytes_begin_case(in, bytes_of("0x"))) {
		base = 16;
		bytes_take(&in, 2);
	} else if (*in.at == '0') {
		base = 8;
	}
	while (in.at != in.end) {
		int digit = text_hex(*bytes_take(&in, 1));
		if (digit < 0 || (unsigned)digit >= base || value > UINT32_MAX)
			return -1;
		value = value * base + digit;
	}
	return value;
}

/* 127.0.0.1, 127.1, 0x7f000001: one to four numbers, the last one filling what is left. */
static bool numbers(struct bytes in, struct address *out)
{
	uint64_t value = 0;
	unsigned count = 0;
	while (in.at != in.end) {
		const uint8_t *dot = bytes_find(in, '.');
		struct bytes part = bytes_split(&in, dot ? (size_t)(dot - in.at) : bytes_size(in));
		int64_t next = number(part);
		bytes_split(&in, 1);
		if (next < 0 || ++count > 4 || (in.at != in.end && next > 255))
			return false;
		if (in.at == in.end) {
			if (next >> (8 * (5 - count)))
				return false;
			value |= (uint64_t)next;
		} else {
			value |= (uint64_t)next << (8 * (4 - count));
		}
	}
	*out = address_v4((uint8_t[4]){ (uint8_t)(value >> 24), (uint8_t)(value >> 16),
		(uint8_t)(value >> 8), (uint8_t)value });
	return count > 0;
}

static size_t put_address(const struct address *address, uint8_t *room)
{
	char text[ADDRESS_TEXT];
	size_t size = strlen(address_text(address, text));
	memcpy(room, text, size);
	return size;
}

static size_t put_labels(struct bytes in, uint8_t *room)
{
	struct host host = { 0, room, false };
	unsigned labels = 0;
	uint32_t label[LABEL_MAX], size = 0;
	while (in.at != in.end) {
		bool ascii;
		size = label_read(&in, label, &ascii);
		if (!size)
			return 0;
		if (labels++)
			put(&host, '.');
		if (ascii)
			for (uint32_t i = 0; i < size; i++)
				put(&host, (uint8_t)label[i]);
		else
			put_punycode(&host, label, size);
	}
	/* A name of the world has a dot, and a last label with a letter in it. */
	return labels > 1 && size > 1 && label[0] > '9' && !host.full ? host.size : 0;
}

size_t authority_host(struct bytes authority, uint8_t host[MIME_HOST_MAX + 1])
{
	uint8_t room[AUTHORITY_MAX];
	struct bytes name = unescape(authority, room);
	const uint8_t *at = name.at == name.end ? NULL : memrchr(name.at, '@', bytes_size(name));
	struct address address;
	if (at)
		bytes_split(&name, (size_t)(at - name.at) + 1);
	if (name.at != name.end && *name.at == '[') {
		bytes_take(&name, 1);
		at = bytes_find(name, ']');
		bytes_limit(&name, at ? (size_t)(at - name.at) : 0);
		return address_parse(name, &address) ? put_address(&address, host) : 0;
	}
	at = bytes_find(name, ':');
	if (at)
		bytes_limit(&name, (size_t)(at - name.at));
	while (name.at != name.end && text_among(name.at[bytes_size(name) - 1], ".,;!*~_-=+"))
		bytes_limit(&name, bytes_size(name) - 1);
	if (numbers(name, &address))
		return put_address(&address, host);
	return put_labels(name, host);
}
