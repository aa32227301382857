/* All pseudonyms come from SipHash-2-4, a pseudorandom function under a secret key of 128 bits: who
 * has not the key can neither compute nor test one. Short inputs and outputs are what it is made
 * for; 64 bits are enough, as nothing but chance may make two values alike. IPv4 addresses go
 * through a permutation instead (a Feistel network), so that not even chance can. */
#include "base/pseudonym.h"

#include <stdio.h>

#define TOKEN 13     /* characters with NUL: 60 bits */
#define HOST_TEXT 40 /* "h-TOKEN.d-TOKEN.invalid" with NUL */
#define ROUNDS 10    /* of the permutation: four are enough against who sees few pairs */

enum tag { /* values of different kinds have nothing to do with each other */
	TAG_V4 = 1,
	TAG_V6,
	TAG_PREFIX,
	TAG_MAC,
	TAG_HOST,
	TAG_DOMAIN,
	TAG_LOCAL,
	TAG_WORDS,
	TAG_ID
};

/* Second labels below which countries register. A name that is not here keeps one label less. */
static const char *const registries[] = { "ac", "co", "com", "edu", "gob", "gov", "govt", "mil",
	"ne", "net", "nom", "or", "org", "sch" };

/* Block by block, so that a name of any length can be folded to lower case on the way. */
static uint64_t mark(const struct pseudonyms *by, enum tag tag, struct bytes text, bool fold)
{
	uint8_t block[128];
	uint64_t sum = 0;
	do {
		struct bytes piece = bytes_split(&text, sizeof block - 9);
		size_t size = 0;
		block[size++] = (uint8_t)tag;
		for (int shift = 56; shift >= 0; shift -= 8)
			block[size++] = (uint8_t)(sum >> shift);
		for (const uint8_t *byte; (byte = bytes_take(&piece, 1));)
			block[size++] = fold ? byte_lower(*byte) : *byte;
		sum = hash_bytes(by->key, block, size);
	} while (bytes_size(text));
	return sum;
}

static const char *token(uint64_t mark, char text[TOKEN])
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567"; /* RFC 4648 */
	for (unsigned i = 0; i < TOKEN - 1; i++, mark <<= 5)
		text[i] = digits[mark >> 59];
	text[TOKEN - 1] = '\0';
	return text;
}

static struct bytes before(struct bytes text, const uint8_t *place)
{
	return bytes_split(&text, (size_t)(place - text.at));
}

static struct bytes behind(struct bytes text, const uint8_t *place)
{
	bytes_split(&text, (size_t)(place - text.at) + 1);
	return text;
}

static const uint8_t *find_last(struct bytes text, uint8_t byte)
{
	return bytes_size(text) ? memrchr(text.at, byte, bytes_size(text)) : NULL;
}

/* --- addresses */

static uint32_t permute(const struct pseudonyms *by, uint32_t number)
{
	uint16_t left = (uint16_t)(number >> 16), right = (uint16_t)number;
	for (uint8_t round = 0; round < ROUNDS; round++) {
		const uint8_t in[] = { round, (uint8_t)(right >> 8), (uint8_t)right };
		uint64_t sum = mark(by, TAG_V4, bytes_make(in, sizeof in), false);
		uint16_t next = (uint16_t)(left ^ sum);
		left = right;
		right = next;
	}
	return (uint32_t)left << 16 | right;
}

static void put_number(uint8_t *at, uint64_t number, size_t size)
{
	for (size_t i = size; i-- > 0; number >>= 8)
		at[i] = (uint8_t)number;
}

struct address pseudonym_address(const struct pseudonyms *by, const struct address *address)
{
	struct address out = { { 0x20, 0x01, 0x0d, 0xb8, 0, 6 } };
	if (!by)
		return *address;
	if (address_is_v4(address)) {
		out.byte[5] = 4;
		put_number(&out.byte[12], permute(by, be32(&address->byte[12])), 4);
	} else {
		struct bytes whole = bytes_make(address->byte, sizeof address->byte);
		put_number(&out.byte[8], mark(by, TAG_V6, whole, false), 8);
	}
	return out;
}

const char *pseudonym_address_text(
	const struct pseudonyms *by, const struct address *address, char text[ADDRESS_TEXT])
{
	struct address shown = pseudonym_address(by, address);
	return address_text(&shown, text);
}

const char *pseudonym_mac_text(
	const struct pseudonyms *by, const uint8_t mac[6], char text[MAC_TEXT])
{
	uint8_t shown[6] = { 2 }; /* locally administered: no maker's */
	if (!by)
		return mac_text(mac, text);
	put_number(&shown[1], mark(by, TAG_MAC, bytes_make(mac, 6), false), 5);
	return mac_text(shown, text);
}

/* A single machine is told as such. */
const char *pseudonym_prefix_text(
	const struct pseudonyms *by, const struct prefix *prefix, char text[PREFIX_TEXT])
{
	unsigned unit = address_is_v4(&prefix->address) ? 96 : 0;
	char name[TOKEN], address[ADDRESS_TEXT];
	uint8_t whole[17];
	if (!by)
		return prefix_text(prefix, text);
	memcpy(whole, prefix->address.byte, 16);
	whole[16] = (uint8_t)prefix->length;
	if (prefix->length == 128)
		snprintf(text, PREFIX_TEXT, "%s/128",
			pseudonym_address_text(by, &prefix->address, address));
	else
		snprintf(text, PREFIX_TEXT, "net-%s/%u",
			token(mark(by, TAG_PREFIX, bytes_make(whole, sizeof whole), false), name),
			(prefix->length - unit) % 1000);
	return text;
}

/* --- names */

static bool is_registry(struct bytes label)
{
	for (size_t i = 0; i < COUNT(registries); i++)
		if (bytes_equal_case(label, bytes_of(registries[i])))
			return true;
	return false;
}

/* The last two labels, or three below a country's registry; absent: it has only one. */
static struct bytes domain_of(struct bytes name)
{
	struct bytes none = { NULL, NULL };
	const uint8_t *last = find_last(name, '.');
	if (!last)
		return none;
	const uint8_t *second = find_last(before(name, last), '.');
	if (!second)
		return name;
	struct bytes domain = behind(name, second);
	bool country = bytes_size(behind(name, last)) == 2;
	if (!country || !is_registry(before(domain, last)))
		return domain;
	const uint8_t *third = find_last(before(name, second), '.');
	return third ? behind(name, third) : name;
}

static const char *host_text(const struct pseudonyms *by, struct bytes name, char text[HOST_TEXT])
{
	char host[TOKEN], shown[TOKEN];
	while (bytes_size(name) > 1 && name.end[-1] == '.') /* the root */
		name = before(name, name.end - 1);
	struct bytes domain = domain_of(name);
	token(mark(by, TAG_HOST, name, true), host);
	token(mark(by, TAG_DOMAIN, domain, true), shown);
	if (!domain.at)
		snprintf(text, HOST_TEXT, "h-%s", host);
	else if (domain.at == name.at)
		snprintf(text, HOST_TEXT, "d-%s.invalid", shown);
	else
		snprintf(text, HOST_TEXT, "h-%s.d-%s.invalid", host, shown);
	return text;
}

static bool has_brackets(struct bytes text, uint8_t open, uint8_t close)
{
	return bytes_size(text) > 1 && *text.at == open && text.end[-1] == close;
}

static struct bytes inside(struct bytes text)
{
	return behind(before(text, text.end - 1), text.at);
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]" (RFC 5321 4.1.3), an address without brackets, a name. */
static size_t put_host(const struct pseudonyms *by, struct bytes name, char *out, size_t room)
{
	bool bracketed = has_brackets(name, '[', ']');
	struct bytes literal = bracketed ? inside(name) : name, family = bytes_of("IPv6:");
	char text[ADDRESS_TEXT], host[HOST_TEXT];
	struct address address;
	if (bytes_begin_case(literal, family))
		bytes_split(&literal, bytes_size(family));
	if (address_parse(literal, &address))
		return (size_t)snprintf(out, room, "%s%s%s", bracketed ? "[IPv6:" : "",
			pseudonym_address_text(by, &address, text), bracketed ? "]" : "");
	bool wild = bytes_begin_case(name, bytes_of("*."));
	if (wild) /* of a certificate */
		bytes_split(&name, 2);
	return (size_t)snprintf(out, room, "%s%s", wild ? "*." : "", host_text(by, name, host));
}

/* Without its source route (RFC 5321 appendix C), which leads to the same. Quotes may stand around
 * any local part (4.1.2), and change nothing. */
struct bytes pseudonym_local_part(struct bytes mailbox)
{
	const uint8_t *colon = bytes_find(mailbox, ':');
	if (bytes_size(mailbox) && *mailbox.at == '@' && colon)
		mailbox = behind(mailbox, colon);
	const uint8_t *at = find_last(mailbox, '@');
	if (at)
		mailbox = before(mailbox, at);
	bool quoted = has_brackets(mailbox, '"', '"') && bytes_size(mailbox) > 2;
	return quoted ? inside(mailbox) : mailbox;
}

static size_t put_mailbox(const struct pseudonyms *by, struct bytes mailbox, char *out, size_t room)
{
	char name[TOKEN], host[HOST_TEXT + ADDRESS_TEXT] = "";
	bool bracketed = has_brackets(mailbox, '<', '>');
	if (bracketed)
		mailbox = inside(mailbox);
	const uint8_t *at = find_last(mailbox, '@');
	struct bytes local = pseudonym_local_part(mailbox);
	struct bytes domain = at ? behind(mailbox, at) : (struct bytes){ NULL, NULL };
	if (bytes_size(domain))
		put_host(by, domain, host, sizeof host);
	token(mark(by, TAG_LOCAL, local, false), name);
	return (size_t)snprintf(out, room, "%s%s%s%s%s%s", bracketed ? "<" : "",
		bytes_size(local) ? "u-" : "", bytes_size(local) ? name : "", at ? "@" : "", host,
		bracketed ? ">" : "");
}

static size_t put_words(const struct pseudonyms *by, struct bytes words, char *out, size_t room)
{
	char text[TOKEN];
	return (size_t)snprintf(out, room, "s-%s", token(mark(by, TAG_WORDS, words, false), text));
}

/* Version 8: made in a way of our own (RFC 9562 5.8). */
static size_t put_id(const struct pseudonyms *by, struct bytes id, char *out, size_t room)
{
	uint64_t first = mark(by, TAG_ID, id, false);
	uint8_t again[8];
	put_number(again, first, sizeof again);
	uint64_t last = mark(by, TAG_ID, bytes_make(again, sizeof again), false);
	return (size_t)snprintf(out, room, "%08x-%04x-8%03x-%04x-%012llx", (unsigned)(first >> 32),
		(unsigned)(first >> 16 & 0xffff), (unsigned)(first & 0xfff),
		(unsigned)(last >> 48 & 0x3fff) | 0x8000,
		(unsigned long long)last & 0xffffffffffff);
}

static size_t put_spotted(
	const struct pseudonyms *by, const struct spotted *spotted, char *out, size_t room)
{
	char text[PREFIX_TEXT];
	switch (spotted->kind) {
	case SPOT_ADDRESS:
		pseudonym_address_text(by, &spotted->prefix.address, text);
		break;
	case SPOT_PREFIX:
		pseudonym_prefix_text(by, &spotted->prefix, text);
		break;
	case SPOT_MAC:
		pseudonym_mac_text(by, spotted->mac, text);
		break;
	case SPOT_HOST:
		host_text(by, spotted->text, text);
		break;
	case SPOT_MAILBOX:
		return put_mailbox(by, spotted->text, out, room);
	case SPOT_PLAIN:
		return 0;
	}
	return (size_t)snprintf(out, room, "%s", text);
}

/* --- values */

static size_t (*const puts_of[])(const struct pseudonyms *, struct bytes, char *, size_t) = {
	[PSEUDONYM_HOST] = put_host,
	[PSEUDONYM_MAILBOX] = put_mailbox,
	[PSEUDONYM_WORDS] = put_words,
	[PSEUDONYM_ID] = put_id,
};

struct bytes pseudonym_value(const struct pseudonyms *by, enum pseudonym_kind kind,
	struct bytes text, char room[PSEUDONYM_ROOM])
{
	if (!by || !bytes_size(text))
		return text;
	return bytes_make(room, puts_of[kind](by, text, room, PSEUDONYM_ROOM));
}

void pseudonym_open(struct pseudonym *pseudonym, const struct pseudonyms *by,
	enum pseudonym_kind kind, struct bytes text, struct bytes about)
{
	pseudonym->by = by;
	pseudonym->kind = kind;
	pseudonym->begun = false;
	spot_init(&pseudonym->spot, text, pseudonym_local_part(about));
}

/* All that is left, at once. */
static bool next_whole(struct pseudonym *pseudonym, struct bytes *piece)
{
	struct bytes *rest = &pseudonym->spot.rest;
	struct bytes whole = bytes_split(rest, bytes_size(*rest));
	*piece = pseudonym_value(pseudonym->by, pseudonym->kind, whole, pseudonym->room);
	return bytes_size(whole) > 0;
}

static bool next_first(struct pseudonym *pseudonym, struct bytes *piece)
{
	struct bytes *rest = &pseudonym->spot.rest;
	size_t size = 0;
	while (size < bytes_size(*rest) && rest->at[size] > ' ')
		size++;
	struct bytes word = bytes_split(rest, size);
	*piece = pseudonym_value(pseudonym->by, PSEUDONYM_HOST, word, pseudonym->room);
	return bytes_size(word) > 0;
}

/* Words that only look like host names where they stand. */
static bool is_word(enum pseudonym_kind kind, struct bytes name)
{
	static const struct {
		enum pseudonym_kind kind;
		const char *head;
	} words[] = {
		{ PSEUDONYM_TYPE, "vnd." }, /* RFC 6838 3.2, 3.3 */
		{ PSEUDONYM_TYPE, "prs." },
		{ PSEUDONYM_SENTENCE, "site." },
		{ PSEUDONYM_SENTENCE, "detectors." },
	};
	for (size_t i = 0; i < COUNT(words); i++)
		if (words[i].kind == kind && bytes_begin_case(name, bytes_of(words[i].head)))
			return true;
	return false;
}

bool pseudonym_next(struct pseudonym *pseudonym, struct bytes *piece)
{
	struct spotted spotted;
	bool first = !pseudonym->begun;
	pseudonym->begun = true;
	if (!pseudonym->by || pseudonym->kind >= PSEUDONYM_HOST)
		return next_whole(pseudonym, piece);
	if (first && pseudonym->kind == PSEUDONYM_GREETING && next_first(pseudonym, piece))
		return true;
	if (!spot_next(&pseudonym->spot, &spotted))
		return false;
	bool plain = spotted.kind == SPOT_PLAIN ||
		     (spotted.kind == SPOT_HOST && is_word(pseudonym->kind, spotted.text));
	*piece = plain ? spotted.text
		       : bytes_make(pseudonym->room, put_spotted(pseudonym->by, &spotted,
							     pseudonym->room, PSEUDONYM_ROOM));
	return true;
}
