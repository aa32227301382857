/* The two hellos (RFC 8446 4.1; RFC 5246 7.4.1; RFC 5246 E.2 for the form of SSLv2). A hello whose
 * frame is broken gives nothing: half a list would make a wrong mark. An extension whose content is
 * broken costs only what it would have told. */
#include "wire/tls.h"

enum { /* extensions */
	EXTENSION_SNI = 0,
	EXTENSION_SIGNATURES = 13,
	EXTENSION_ALPN = 16,
	EXTENSION_VERSIONS = 43
};

/* The next vector: its size in 1 or 2 bytes, then so many bytes. */
static bool vector_take(struct bytes *in, size_t width, struct bytes *out)
{
	const uint8_t *head = bytes_take(in, width);
	size_t size = !head ? 0 : width == 1 ? head[0] : be16(head);
	if (!head || size > bytes_size(*in))
		return false;
	*out = bytes_split(in, size);
	return true;
}

bool tls_is_grease(uint16_t code)
{
	return (code & 0x0f0f) == 0x0a0a && code >> 8 == (code & 0xff);
}

/* `size` codes can be held; false: no memory. */
static bool codes_room(struct tls_codes *codes, size_t size, uint16_t **at, struct arena *arena,
	struct anomalies *seen)
{
	*at = arena_take(arena, (size ? size : 1) * sizeof **at);
	*codes = (struct tls_codes){ *at, 0 };
	return *at || anomaly(seen, SMTP_ARENA_FULL);
}

static void code_add(struct tls_codes *codes, uint16_t *at, uint16_t code)
{
	if (!tls_is_grease(code))
		at[codes->count++] = code;
}

static bool codes_keep(
	struct tls_codes *codes, struct bytes in, struct arena *arena, struct anomalies *seen)
{
	uint16_t *at;
	const uint8_t *code;
	if (bytes_size(in) % 2)
		return anomaly(seen, TLS_HELLO_BAD);
	if (!codes_room(codes, bytes_size(in) / 2, &at, arena, seen))
		return false;
	while ((code = bytes_take(&in, 2)))
		code_add(codes, at, be16(code));
	return true;
}

static bool extension_take(struct bytes *in, uint16_t *type, struct bytes *content)
{
	const uint8_t *head = bytes_take(in, 2);
	if (!head)
		return false;
	*type = be16(head);
	return vector_take(in, 2, content);
}

/* The types of the extensions; false: their frame is broken, or no memory. */
static bool extensions_keep(
	struct tls_codes *codes, struct bytes in, struct arena *arena, struct anomalies *seen)
{
	struct bytes again = in, content;
	uint16_t *at, type;
	size_t count = 0;
	for (; in.at != in.end; count++)
		if (!extension_take(&in, &type, &content))
			return anomaly(seen, TLS_HELLO_BAD);
	if (!codes_room(codes, count, &at, arena, seen))
		return false;
	while (extension_take(&again, &type, &content))
		code_add(codes, at, type);
	return true;
}

/* The block of extensions, which may be left out; bytes behind it are odd, but do no harm. */
static bool extensions_take(struct bytes *in, struct bytes *out, struct anomalies *seen)
{
	*out = (struct bytes){ NULL, NULL };
	if (in->at == in->end)
		return true;
	if (!vector_take(in, 2, out))
		return anomaly(seen, TLS_HELLO_BAD);
	if (in->at != in->end)
		anomaly(seen, TLS_HELLO_BAD);
	return true;
}

struct bytes tls_name_keep(struct arena *arena, struct bytes name, struct anomalies *seen)
{
	struct bytes kept;
	bytes_limit(&name, TLS_NAME_MAX);
	kept = arena_keep(arena, name);
	if (name.at && !kept.at)
		anomaly(seen, SMTP_ARENA_FULL);
	return kept;
}

struct part {                            /* where the content of an extension goes */
	struct tls_client_hello *client; /* one of both */
	struct tls_server_hello *server;
	struct arena *arena;
	struct anomalies *seen;
};

/* RFC 6066 3: the first host name of the list. A server only says that it took it. */
static bool on_sni(const struct part *part, struct bytes in)
{
	struct bytes list, name;
	const uint8_t *type;
	if (!part->client)
		return true;
	if (!vector_take(&in, 2, &list) || in.at != in.end)
		return false;
	type = bytes_take(&list, 1);
	if (!type || *type || !vector_take(&list, 2, &name) || !bytes_size(name) ||
		bytes_size(name) > TLS_NAME_MAX)
		return false;
	part->client->sni = tls_name_keep(part->arena, name, part->seen);
	return true;
}

static bool is_grease_name(struct bytes name)
{
	return bytes_size(name) == 2 && tls_is_grease(be16(name.at));
}

/* RFC 7301 3.1. A server's list has one name. */
static bool on_alpn(const struct part *part, struct bytes in)
{
	struct bytes list, name;
	if (!vector_take(&in, 2, &list) || in.at != in.end || list.at == list.end)
		return false;
	while (list.at != list.end) { /* each turn takes a byte */
		if (!vector_take(&list, 1, &name))
			return false;
		if (part->server) {
			part->server->alpn = tls_name_keep(part->arena, name, part->seen);
			return list.at == list.end;
		}
		if (is_grease_name(name))
			continue;
		struct tls_names *names = &part->client->alpn;
		if (names->count < TLS_NAMES_MAX)
			names->at[names->count] = tls_name_keep(part->arena, name, part->seen);
		names->count++;
	}
	return true;
}

static bool on_signatures(const struct part *part, struct bytes in)
{
	struct bytes list;
	if (!part->client)
		return true;
	if (!vector_take(&in, 2, &list) || in.at != in.end || bytes_size(list) % 2)
		return false;
	codes_keep(&part->client->signatures, list, part->arena, part->seen);
	return true;
}

/* RFC 8446 4.2.1: a client's list, and a server's choice; either outweighs the old field. */
static bool on_versions(const struct part *part, struct bytes in)
{
	struct bytes list;
	const uint8_t *code;
	uint16_t highest = 0;
	if (part->server) {
		code = bytes_take(&in, 2);
		if (code)
			part->server->version = be16(code);
		return code && in.at == in.end;
	}
	if (!vector_take(&in, 1, &list) || in.at != in.end || bytes_size(list) % 2)
		return false;
	while ((code = bytes_take(&list, 2)))
		if (be16(code) > highest && !tls_is_grease(be16(code)))
			highest = be16(code);
	if (highest)
		part->client->version = highest;
	return true;
}

static const struct extension {
	uint16_t type;
	bool (*seen)(const struct part *part, struct bytes content); /* false: it is broken */
} extensions[] = {
	{ EXTENSION_SNI, on_sni },
	{ EXTENSION_SIGNATURES, on_signatures },
	{ EXTENSION_ALPN, on_alpn },
	{ EXTENSION_VERSIONS, on_versions },
};

/* The first of a kind counts: a second one is not allowed (RFC 8446 4.2). */
static void extensions_read(const struct part *part, struct bytes in)
{
	bool had[COUNT(extensions)] = { false };
	struct bytes content;
	uint16_t type;
	while (extension_take(&in, &type, &content)) {
		for (size_t i = 0; i < COUNT(extensions); i++) {
			if (extensions[i].type != type)
				continue;
			if (had[i] || !extensions[i].seen(part, content))
				anomaly(part->seen, TLS_HELLO_BAD);
			had[i] = true;
		}
	}
}

struct tls_client_hello *tls_client_hello_decode(
	struct bytes in, struct arena *arena, struct anomalies *seen)
{
	struct tls_client_hello *hello = arena_take(arena, sizeof *hello);
	const uint8_t *head = bytes_take(&in, 2 + 32); /* version, random */
	struct bytes ciphers, other, block;
	if (!hello) {
		anomaly(seen, SMTP_ARENA_FULL);
		return NULL;
	}
	if (!head || !vector_take(&in, 1, &other) || !vector_take(&in, 2, &ciphers) ||
		!vector_take(&in, 1, &other)) { /* session, ciphers, compression */
		anomaly(seen, TLS_HELLO_BAD);
		return NULL;
	}
	hello->version = be16(head);
	if (!codes_keep(&hello->ciphers, ciphers, arena, seen) ||
		!extensions_take(&in, &block, seen) ||
		!extensions_keep(&hello->extensions, block, arena, seen))
		return NULL;
	extensions_read(&(struct part){ hello, NULL, arena, seen }, block);
	return hello;
}

/* Its ciphers have three bytes; those of TLS begin with a zero, the others are of SSL 2.0 alone. */
struct tls_client_hello *tls_client_hello_decode_v2(
	struct bytes in, struct arena *arena, struct anomalies *seen)
{
	struct tls_client_hello *hello = arena_take(arena, sizeof *hello);
	const uint8_t *head = bytes_take(&in, 9), *code;
	uint16_t *at;
	if (!hello) {
		anomaly(seen, SMTP_ARENA_FULL);
		return NULL;
	}
	if (!head || be16(head + 3) % 3 || !bytes_limit(&in, be16(head + 3))) {
		anomaly(seen, TLS_HELLO_BAD);
		return NULL;
	}
	hello->version = be16(head + 1);
	if (!codes_room(&hello->ciphers, bytes_size(in) / 3, &at, arena, seen))
		return NULL;
	while ((code = bytes_take(&in, 3)))
		if (!code[0])
			code_add(&hello->ciphers, at, be16(code + 1));
	return hello;
}

/* A ServerHello whose random is this one asks for another ClientHello: RFC 8446 4.1.3. */
static const uint8_t retry_random[32] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe,
	0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
	0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };

struct tls_server_hello *tls_server_hello_decode(
	struct bytes in, struct arena *arena, struct anomalies *seen)
{
	struct tls_server_hello *hello = arena_take(arena, sizeof *hello);
	const uint8_t *head = bytes_take(&in, 2 + 32), *choice;
	struct bytes session, block;
	if (!hello) {
		anomaly(seen, SMTP_ARENA_FULL);
		return NULL;
	}
	if (!head || !vector_take(&in, 1, &session) || !(choice = bytes_take(&in, 3))) {
		anomaly(seen, TLS_HELLO_BAD);
		return NULL;
	}
	hello->version = be16(head);
	hello->cipher = be16(choice); /* behind it: compression */
	hello->retry = !memcmp(head + 2, retry_random, sizeof retry_random);
	if (!extensions_take(&in, &block, seen) ||
		!extensions_keep(&hello->extensions, block, arena, seen))
		return NULL;
	extensions_read(&(struct part){ NULL, hello, arena, seen }, block);
	return hello;
}
