/* A TLS conversation: pieces of one byte of head (1: the server's, 2: a gap, 4: a gap of unknown
 * size) and two bytes of size, and so many bytes. Read as it is cut and byte by byte: the same
 * facts. */
#include <assert.h>
#include <stdlib.h>

#include "wire/tls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void feed(struct tls *tls, enum tls_side side, struct bytes in, bool bytewise)
{
	while (in.at != in.end) {
		struct bytes piece = bytes_split(&in, bytewise ? 1 : bytes_size(in));
		size_t size = bytes_size(piece);
		uint8_t *copy = malloc(size);
		assert(copy);
		memcpy(copy, piece.at, size);
		tls_feed(tls, side, bytes_make(copy, size));
		free(copy);
	}
}

static struct tls *run(struct bytes in, struct arena *arena, struct anomalies *seen, bool bytewise)
{
	struct tls *tls = tls_init(arena, seen);
	const uint8_t *head;
	assert(tls);
	while ((head = bytes_take(&in, 3))) {
		enum tls_side side = head[0] & 1 ? TLS_SERVER : TLS_CLIENT;
		if (head[0] & 4)
			tls_gap(tls, side, 0);
		else if (head[0] & 2)
			tls_gap(tls, side, be16(head + 1));
		else
			feed(tls, side, bytes_split(&in, be16(head + 1)), bytewise);
	}
	return tls;
}

static void same_codes(struct tls_codes a, struct tls_codes b)
{
	assert(a.count == b.count);
	assert(!a.count || !memcmp(a.at, b.at, a.count * sizeof *a.at));
	for (size_t i = 0; i < a.count; i++)
		assert(!tls_is_grease(a.at[i]));
}

static void same_names(const struct tls_names *a, const struct tls_names *b)
{
	assert(a->count == b->count);
	for (unsigned i = 0; i < a->count && i < TLS_NAMES_MAX; i++)
		assert(bytes_equal(a->at[i], b->at[i]) && bytes_size(a->at[i]) <= TLS_NAME_MAX);
}

static void same_client(const struct tls_client_hello *a, const struct tls_client_hello *b)
{
	assert(a->version == b->version && bytes_equal(a->sni, b->sni));
	same_codes(a->ciphers, b->ciphers);
	same_codes(a->extensions, b->extensions);
	same_codes(a->signatures, b->signatures);
	same_names(&a->alpn, &b->alpn);
}

static void same_certificate(const struct tls_certificate *a, const struct tls_certificate *b)
{
	assert(bytes_equal(a->subject, b->subject) && bytes_equal(a->issuer, b->issuer));
	assert(bytes_equal(a->issuer_organization, b->issuer_organization));
	same_names(&a->names, &b->names);
	assert(a->dated == b->dated);
	assert(a->not_before == b->not_before && a->not_after == b->not_after);
}

static void same(const struct tls_facts *a, const struct tls_facts *b)
{
	assert(!a->client == !b->client && !a->server == !b->server);
	assert(!a->certificate == !b->certificate && a->retry == b->retry);
	assert(!memcmp(a->alert, b->alert, sizeof a->alert));
	if (a->client)
		same_client(a->client, b->client);
	if (a->server) {
		assert(a->server->version == b->server->version);
		assert(a->server->cipher == b->server->cipher && !a->server->retry);
		assert(bytes_equal(a->server->alpn, b->server->alpn));
		same_codes(a->server->extensions, b->server->extensions);
	}
	if (a->certificate)
		same_certificate(a->certificate, b->certificate);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct anomaly_totals totals[2] = { 0 };
	struct anomalies seen[2] = { { .total = &totals[0] }, { .total = &totals[1] } };
	struct arena *arena[2] = { arena_new(256 * 1024), arena_new(256 * 1024) };
	struct bytes in = bytes_make(data, size);
	struct tls *tls[2];
	assert(arena[0] && arena[1]);
	for (int i = 0; i < 2; i++)
		tls[i] = run(in, arena[i], &seen[i], i);
	assert(!anomaly_is(&seen[0], SMTP_ARENA_FULL) && !anomaly_is(&seen[1], SMTP_ARENA_FULL));
	assert(!memcmp(&totals[0], &totals[1], sizeof totals[0]));
	same(tls_facts(tls[0]), tls_facts(tls[1]));
	for (int side = TLS_CLIENT; side <= TLS_SERVER; side++)
		assert(tls_bytes(tls[0], side) == tls_bytes(tls[1], side));
	arena_free(arena[0]);
	arena_free(arena[1]);
	return 0;
}
