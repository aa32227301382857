/* Contexts of libxxhash and OpenSSL. XXH3 tells equal parts from others at the speed of memory; MD5
 * and SHA-256 are what other tools and malware lists know a file by. */
#include "mime/digest.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <xxhash.h>

#include "base/fault.h"

struct digest_kinds {
	EVP_MD *md5, *sha256;
};

struct digest {
	const struct digest_kinds *kinds;
	XXH3_state_t *xxh3;
	EVP_MD_CTX *md5, *sha256;
	bool fine; /* OpenSSL did all it was asked to: MD5 may be forbidden (FIPS) */
};

struct digest_kinds *digest_kinds_open(void)
{
	struct digest_kinds *kinds = fault_call() ? NULL : calloc(1, sizeof *kinds);
	if (!kinds)
		return NULL;
	kinds->md5 = EVP_MD_fetch(NULL, "MD5", NULL);
	kinds->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	return kinds;
}

void digest_kinds_close(struct digest_kinds *kinds)
{
	if (!kinds)
		return;
	EVP_MD_free(kinds->md5);
	EVP_MD_free(kinds->sha256);
	free(kinds);
}

struct digest *digest_new(const struct digest_kinds *kinds)
{
	struct digest *digest = fault_call() ? NULL : calloc(1, sizeof *digest);
	if (!digest)
		return NULL;
	digest->kinds = kinds;
	digest->xxh3 = fault_call() ? NULL : XXH3_createState();
	if (kinds) {
		digest->md5 = fault_call() ? NULL : EVP_MD_CTX_new();
		digest->sha256 = EVP_MD_CTX_new();
	}
	if (digest->xxh3 && (!kinds || (digest->md5 && digest->sha256)))
		return digest;
	digest_free(digest);
	return NULL;
}

void digest_free(struct digest *digest)
{
	if (!digest)
		return;
	XXH3_freeState(digest->xxh3);
	EVP_MD_CTX_free(digest->md5);
	EVP_MD_CTX_free(digest->sha256);
	free(digest);
}

void digest_begin(struct digest *digest)
{
	const struct digest_kinds *kinds = digest->kinds;
	XXH3_128bits_reset(digest->xxh3);
	digest->fine = kinds && kinds->md5 && kinds->sha256 &&
		       EVP_DigestInit_ex2(digest->md5, kinds->md5, NULL) &&
		       EVP_DigestInit_ex2(digest->sha256, kinds->sha256, NULL);
}

void digest_sent(struct digest *digest, struct bytes in)
{
	if (in.at != in.end)
		XXH3_128bits_update(digest->xxh3, in.at, bytes_size(in));
}

void digest_decoded(struct digest *digest, struct bytes in)
{
	if (digest->fine && in.at != in.end)
		digest->fine = EVP_DigestUpdate(digest->md5, in.at, bytes_size(in)) &&
			       EVP_DigestUpdate(digest->sha256, in.at, bytes_size(in));
}

void digest_sent_end(struct digest *digest, uint8_t xxh3[16])
{
	XXH128_canonical_t canonical;
	XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(digest->xxh3));
	memcpy(xxh3, canonical.digest, 16);
}

bool digest_decoded_end(struct digest *digest, uint8_t md5[16], uint8_t sha256[32])
{
	return digest->fine && EVP_DigestFinal_ex(digest->md5, md5, NULL) &&
	       EVP_DigestFinal_ex(digest->sha256, sha256, NULL);
}
