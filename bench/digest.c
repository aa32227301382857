/* What OpenSSL alone takes for MD5 and SHA-256: `digest BYTES`, in pieces of 4 KiB. */
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define PIECE 4096

int main(int argc, char **argv)
{
	static uint8_t piece[PIECE];
	uint64_t left = argc == 2 ? strtoull(argv[1], NULL, 10) : 0;
	EVP_MD_CTX *md5 = EVP_MD_CTX_new(), *sha256 = EVP_MD_CTX_new();
	bool ok = left && md5 && sha256 && EVP_DigestInit_ex(md5, EVP_md5(), NULL) &&
		  EVP_DigestInit_ex(sha256, EVP_sha256(), NULL);
	while (ok && left) {
		size_t size = left < PIECE ? (size_t)left : PIECE;
		ok = EVP_DigestUpdate(md5, piece, size) && EVP_DigestUpdate(sha256, piece, size);
		left -= size;
	}
	EVP_MD_CTX_free(md5);
	EVP_MD_CTX_free(sha256);
	return ok ? 0 : 4;
}
