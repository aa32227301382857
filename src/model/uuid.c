/* UUID version 5 (RFC 9562 5.5): names that are derived, so that the same input gives the same ids
 * in any run, split or process. SHA-1 is what the RFC says; nothing rests on its strength. */
#include "model/session.h"

#include <openssl/evp.h>

/* mailwarden's namespace, drawn once: c0c6d7b8-d3d0-4a1a-a100-c2af88c6ba8c. Never change it. */
static const uint8_t namespace[16] = {
	0xc0,
	0xc6,
	0xd7,
	0xb8,
	0xd3,
	0xd0,
	0x4a,
	0x1a,
	0xa1,
	0x00,
	0xc2,
	0xaf,
	0x88,
	0xc6,
	0xba,
	0x8c,
};

void uuid5(const void *name, size_t size, char out[UUID_TEXT])
{
	static const char hex[] = "0123456789abcdef";
	uint8_t digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool ok = context && EVP_DigestInit_ex(context, EVP_sha1(), NULL) &&
		  EVP_DigestUpdate(context, namespace, sizeof namespace) &&
		  EVP_DigestUpdate(context, name, size) &&
		  EVP_DigestFinal_ex(context, digest, NULL);
	size_t at = 0;
	EVP_MD_CTX_free(context);
	if (!ok) /* no memory: an id that says so is better than none */
		memset(digest, 0, sizeof digest);
	digest[6] = (uint8_t)((digest[6] & 0x0f) | 0x50);
	digest[8] = (uint8_t)((digest[8] & 0x3f) | 0x80);
	for (size_t i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[at++] = '-';
		out[at++] = hex[digest[i] >> 4];
		out[at++] = hex[digest[i] & 15];
	}
	out[at] = '\0';
}
