/* One capture file. Reading ahead into one buffer keeps packets where read(2) put them; what is not
 * consumed when it runs dry is less than one packet, and is moved to the front. */
#include "sense/file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"

#define BUFFER_SIZE ((size_t)256 * 1024)

struct file {
	const char *name, *shown; /* shown: to people */
	int fd;                   /* -1: none */
	bool regular, ended;
	uint64_t size;
	uint8_t *buffer;
	size_t room;
	struct bytes in; /* read, but not consumed */
	struct capture capture;
};

static bool is_standard(const struct file *file)
{
	return !strcmp(file->name, "-");
}

static bool open_descriptor(struct file *file, struct error *error)
{
	struct stat status;
	file->fd = is_standard(file) ? STDIN_FILENO
				     : open(file->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (file->fd < 0 || fstat(file->fd, &status) < 0)
		return error_set(error, "%s: %s; %s", file->shown, strerror(errno),
			errno == EMFILE ? "raise the limit with ulimit -n"
					: "check the name and the rights");
	if (S_ISDIR(status.st_mode))
		return error_set(error, "%s: a directory; name the files in it, as %s/*.pcap",
			file->shown, file->shown);
	file->regular = S_ISREG(status.st_mode);
	file->size = file->regular ? (uint64_t)status.st_size : 0;
	return true;
}

static bool resize(struct file *file, size_t room, struct error *error)
{
	uint8_t *buffer = fault_call() ? NULL : malloc(room);
	size_t kept = bytes_size(file->in);
	if (!buffer)
		return error_no_memory(error, file->shown);
	if (kept)
		memcpy(buffer, file->in.at, kept);
	free(file->buffer);
	file->buffer = buffer;
	file->room = room;
	file->in = bytes_make(buffer, kept);
	return true;
}

struct file *file_open(const char *name, struct error *error)
{
	struct file *file = fault_call() ? NULL : calloc(1, sizeof(*file));
	if (!file) {
		error_no_memory(error, name);
		return NULL;
	}
	file->name = name;
	file->fd = -1;
	file->shown = is_standard(file) ? "standard input" : name;
	capture_init(&file->capture);
	if (open_descriptor(file, error) && resize(file, BUFFER_SIZE, error))
		return file;
	file_close(file);
	return NULL;
}

void file_close(struct file *file)
{
	if (!file)
		return;
	if (file->fd >= 0 && !is_standard(file))
		close(file->fd);
	free(file->buffer);
	free(file);
}

/* More bytes behind those that are left, so that `need` may be reached. */
static bool fill(struct file *file, size_t need, struct error *error)
{
	size_t kept = bytes_size(file->in);
	ssize_t got;
	assert(need > kept);
	if (need > file->room && !resize(file, 2 * need, error))
		return false;
	memmove(file->buffer, file->in.at, kept);
	file->in = bytes_make(file->buffer, kept);
	do
		got = read(file->fd, file->buffer + kept, file->room - kept);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_set(error, "%s: %s at offset %" PRIu64 "; check the disk", file->shown,
			strerror(errno), file->capture.offset + kept);
	file->ended = !got;
	file->in = bytes_make(file->buffer, kept + (size_t)got);
	return true;
}

enum files_step file_next(
	struct file *file, struct packet *out, struct anomalies *seen, struct error *error)
{
	for (;;) { /* each round reads bytes, or ends */
		size_t need;
		switch (capture_next(
			&file->capture, &file->in, out, &need, file->shown, seen, error)) {
		case CAPTURE_PACKET:
			return FILES_PACKET;
		case CAPTURE_BAD:
			return FILES_ERROR;
		case CAPTURE_MORE:
			break;
		}
		if (file->ended)
			return capture_end(&file->capture, file->in, file->shown, seen, error)
				       ? FILES_END
				       : FILES_ERROR;
		if (!fill(file, need, error))
			return FILES_ERROR;
	}
}

bool file_reopens(const struct file *file)
{
	return file->regular && !is_standard(file);
}

uint64_t file_size(const struct file *file)
{
	return file->size;
}

uint64_t file_position(const struct file *file)
{
	return file->capture.offset;
}
