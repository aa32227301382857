/* The client's mark follows JA4 (https://github.com/FoxIO-LLC/ja4, technical_details/JA4.md): what
 * clients shuffle is sorted, and what depends on the server asked for (name, protocol) is kept out
 * of the digests. The server's order tells servers apart, so it stays as it is. */
#include "model/tls_mark.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fault.h"

#define HASH_DIGITS 12

static const char digits[] = "0123456789abcdef";

static const char *version_mark(uint16_t version)
{
	static const struct {
		uint16_t version;
		const char *mark;
	} rows[] = {
		{ 0x0304, "13" },
		{ 0x0303, "12" },
		{ 0x0302, "11" },
		{ 0x0301, "10" },
		{ 0x0300, "s3" },
		{ 0x0002, "s2" },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].version == version)
			return rows[i].mark;
	return "00";
}

/* Codes as "002f,0035"; `before`: what stands before the first of them. */
static bool digest_codes(EVP_MD_CTX *context, const char *before, struct tls_codes codes)
{
	if (codes.count && !EVP_DigestUpdate(context, before, strlen(before)))
		return false;
	for (size_t i = 0; i < codes.count; i++) {
		uint16_t code = codes.at[i];
		const char text[5] = { digits[code >> 12], digits[code >> 8 & 15],
			digits[code >> 4 & 15], digits[code & 15], ',' };
		if (!EVP_DigestUpdate(context, text, i + 1 < codes.count ? 5 : 4))
			return false;
	}
	return true;
}

/* The first 12 hexadecimal digits of SHA-256 over `head`, the list `a`, and behind "_" the list
 * `b`; zeros when there is nothing to be digested. */
static bool digest(const char *head, struct tls_codes a, struct tls_codes b, char *text)
{
	uint8_t hash[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *context;
	bool ok;
	memset(text, '0', HASH_DIGITS);
	text[HASH_DIGITS] = '\0';
	if (!*head && !a.count)
		return true;
	context = EVP_MD_CTX_new();
	ok = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) &&
	     EVP_DigestUpdate(context, head, strlen(head)) && digest_codes(context, "", a) &&
	     digest_codes(context, "_", b) && EVP_DigestFinal_ex(context, hash, NULL);
	EVP_MD_CTX_free(context);
	for (size_t i = 0; ok && i < HASH_DIGITS; i++)
		text[i] = digits[i % 2 ? hash[i / 2] & 15 : hash[i / 2] >> 4];
	return ok;
}

static int code_compare(const void *a, const void *b)
{
	uint16_t left = *(const uint16_t *)a, right = *(const uint16_t *)b;
	return (left > right) - (left < right);
}

/* Sorted in `room`, which has room for all; without SNI and ALPN where `bare`. */
static struct tls_codes sorted(struct tls_codes codes, bool bare, uint16_t *room)
{
	size_t count = 0;
	for (size_t i = 0; i < codes.count; i++)
		if (!bare || (codes.at[i] != 0x0000 && codes.at[i] != 0x0010))
			room[count++] = codes.at[i];
	if (count)
		qsort(room, count, sizeof *room, code_compare);
	return (struct tls_codes){ room, count };
}

static bool is_alnum(uint8_t byte)
{
	uint8_t lower = byte_lower(byte);
	return (byte >= '0' && byte <= '9') || (lower >= 'a' && lower <= 'z');
}

/* First and last character of the first protocol; of its hexadecimal form where one is no letter
 * and no digit. */
static void protocol_mark(const struct tls_names *alpn, char out[2])
{
	struct bytes name = alpn->count ? alpn->at[0] : (struct bytes){ NULL, NULL };
	size_t size = bytes_size(name);
	out[0] = out[1] = '0';
	if (!size)
		return;
	uint8_t first = name.at[0], last = name.at[size - 1];
	bool plain = is_alnum(first) && is_alnum(last);
	out[0] = plain ? (char)first : digits[first >> 4];
	out[1] = plain ? (char)last : digits[last & 15];
}

static bool has_sni(struct tls_codes extensions)
{
	for (size_t i = 0; i < extensions.count; i++)
		if (!extensions.at[i])
			return true;
	return false;
}

static unsigned at_most_99(size_t count)
{
	return count < 99 ? (unsigned)count : 99;
}

bool tls_client_mark(const struct tls_client_hello *hello, char text[TLS_CLIENT_MARK_TEXT])
{
	size_t ciphers = hello->ciphers.count, extensions = hello->extensions.count;
	size_t most = ciphers > extensions ? ciphers : extensions;
	uint16_t *room = fault_call() ? NULL : malloc((most + 1) * sizeof *room);
	struct tls_codes none = { NULL, 0 };
	char a[HASH_DIGITS + 1], b[HASH_DIGITS + 1], protocol[2];
	bool ok;
	*text = '\0';
	protocol_mark(&hello->alpn, protocol);
	ok = room && digest("", sorted(hello->ciphers, false, room), none, a) &&
	     digest("", sorted(hello->extensions, true, room), hello->signatures, b);
	if (ok)
		snprintf(text, TLS_CLIENT_MARK_TEXT, "t%s%c%02u%02u%c%c_%s_%s",
			version_mark(hello->version), has_sni(hello->extensions) ? 'd' : 'i',
			at_most_99(ciphers), at_most_99(extensions), protocol[0], protocol[1], a,
			b);
	free(room);
	return ok;
}

bool tls_server_mark(const struct tls_server_hello *hello, char text[TLS_SERVER_MARK_TEXT])
{
	struct tls_codes choice = { &hello->cipher, 1 };
	char head[4], hash[HASH_DIGITS + 1];
	const char *version = version_mark(hello->version);
	snprintf(head, sizeof head, "%s,", version);
	bool ok = digest(head, choice, hello->extensions, hash);
	*text = '\0';
	if (ok)
		snprintf(text, TLS_SERVER_MARK_TEXT, "s%s-%s", version, hash);
	return ok;
}
