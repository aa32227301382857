/* A key file may hold anything that nobody else knows; SHA-256 makes a key of the right size out of
 * it. It is never made here: a key that comes into being by a misspelt name would part what belongs
 * together. */
#include "app/key.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "app/output.h"
#include "base/fault.h"

static void exposed_tell(int fd, const char *path)
{
	struct stat stat;
	struct error error;
	if (fstat(fd, &stat) || !S_ISREG(stat.st_mode) || !(stat.st_mode & (S_IRGRP | S_IROTH)))
		return;
	error_set(&error,
		"%.400s: others may read this key, and undo pseudonyms with it; chmod 600 %.400s",
		path, path);
	output_error(&error);
}

/* At most `room` bytes; < 0: errno says why. */
static ssize_t read_all(int fd, uint8_t *out, size_t room)
{
	size_t size = 0;
	while (size < room) {
		ssize_t got = fault_call() ? (errno = EIO, -1) : read(fd, out + size, room - size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (!got)
			break;
		size += (size_t)got;
	}
	return (ssize_t)size;
}

/* false: no memory. */
static bool derive(const uint8_t *content, size_t size, struct pseudonyms *out)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	bool ok = !fault_call() && EVP_Digest(content, size, digest, NULL, EVP_sha256(), NULL);
	if (ok) {
		out->key.k0 = (uint64_t)be32(&digest[0]) << 32 | be32(&digest[4]);
		out->key.k1 = (uint64_t)be32(&digest[8]) << 32 | be32(&digest[12]);
	}
	explicit_bzero(digest, sizeof digest);
	return ok;
}

static bool take(const char *path, const uint8_t *content, ssize_t size, struct pseudonyms *out,
	struct error *error)
{
	if (size < 0) {
		int reason = errno;
		error_set(error,
			"%.400s: %s; a key file is made with: head -c 32 /dev/urandom > FILE", path,
			strerror(reason));
		error->no_memory = reason == EIO; /* a disk that fails is no wrong usage */
		return false;
	}
	if (size < KEY_SIZE_MIN)
		return error_set(error,
			"%.400s: a key of %zd bytes can be guessed, 16 are needed; make one with: "
			"head -c 32 /dev/urandom > FILE",
			path, size);
	if (size > KEY_SIZE_MAX)
		return error_set(error,
			"%.400s: longer than %d bytes: is it a key? make one with: head -c 32 "
			"/dev/urandom > FILE",
			path, KEY_SIZE_MAX);
	return derive(content, (size_t)size, out) || error_no_memory(error, path);
}

bool key_read(const char *path, struct pseudonyms *out, struct error *error)
{
	uint8_t content[KEY_SIZE_MAX + 1];
	int fd = fault_call() ? (errno = EIO, -1) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t size = fd < 0 ? -1 : read_all(fd, content, sizeof content);
	bool ok = take(path, content, size, out, error);
	if (ok)
		exposed_tell(fd, path);
	if (fd >= 0)
		close(fd);
	explicit_bzero(content, sizeof content);
	return ok;
}
