/* Plain bytes from whatever is given. The first bytes tell: they are looked at where the caller
 * wants them, so that what is not compressed, nearly all of it, is never copied. */
#include "sense/input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"
#include "sense/unpack.h"

#define PACKED_SIZE ((size_t)64 * 1024)

struct input {
	const char *name, *shown;
	int fd; /* -1: none */
	bool regular, looked, ended;
	bool may_end; /* of compressed data: between two members */
	uint64_t size, taken;
	struct unpack *unpack; /* NULL: the bytes are plain */
	uint8_t *buffer;       /* PACKED_SIZE, when there is `unpack` */
	struct bytes packed;   /* lies in it */
};

static bool is_standard(const struct input *input)
{
	return !strcmp(input->name, "-");
}

static bool open_descriptor(struct input *input, struct error *error)
{
	struct stat status;
	input->fd = is_standard(input) ? STDIN_FILENO
				       : open(input->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (input->fd < 0 || fstat(input->fd, &status) < 0)
		return error_set(error, "%s: %s; %s", input->shown, strerror(errno),
			errno == EMFILE ? "raise the limit with ulimit -n"
					: "check the name and the rights");
	if (S_ISDIR(status.st_mode))
		return error_set(error, "%s: a directory; name the files in it, as %s/*.pcap",
			input->shown, input->shown);
	input->regular = S_ISREG(status.st_mode);
	input->size = input->regular ? (uint64_t)status.st_size : 0;
	return true;
}

struct input *input_open(const char *name, const char *shown, struct error *error)
{
	struct input *input = fault_call() ? NULL : calloc(1, sizeof(*input));
	if (!input) {
		error_no_memory(error, shown);
		return NULL;
	}
	*input = (struct input){ .name = name, .shown = shown, .fd = -1 };
	if (open_descriptor(input, error))
		return input;
	input_close(input);
	return NULL;
}

void input_close(struct input *input)
{
	if (!input)
		return;
	if (input->fd >= 0 && !is_standard(input))
		close(input->fd);
	unpack_free(input->unpack);
	free(input->buffer);
	free(input);
}

/* read(2), with its trouble told. */
static bool read_some(
	struct input *input, uint8_t *out, size_t room, size_t *got, struct error *error)
{
	ssize_t done;
	do
		done = read(input->fd, out, room);
	while (done < 0 && errno == EINTR);
	if (done < 0)
		return error_set(error, "%s: %s at offset %" PRIu64 "; check the disk",
			input->shown, strerror(errno), input->taken);
	*got = (size_t)done;
	input->ended = !done;
	input->taken += *got;
	return true;
}

/* The first bytes, as many as tell the format; from a pipe they may come one by one. Compressed,
 * they move to a buffer of their own, and none is given. */
static bool look(struct input *input, uint8_t *out, size_t room, size_t *got, struct error *error)
{
	size_t more;
	input->looked = true;
	if (room > PACKED_SIZE)
		room = PACKED_SIZE;
	for (*got = 0; *got < UNPACK_LOOK && *got < room && !input->ended; *got += more)
		if (!read_some(input, out + *got, room - *got, &more, error))
			return false;
	struct bytes first = bytes_make(out, *got);
	if (!unpack_knows(first))
		return true;
	input->unpack = unpack_new(first);
	input->buffer = fault_call() ? NULL : malloc(PACKED_SIZE);
	if (!input->unpack || !input->buffer)
		return error_no_memory(error, input->shown);
	memcpy(input->buffer, out, *got);
	input->packed = bytes_make(input->buffer, *got);
	*got = 0;
	return true;
}

static bool unpack_trouble(
	const struct input *input, enum unpack_step step, const char *where, struct error *error)
{
	const char *name = unpack_name(input->unpack);
	if (step == UNPACK_NO_MEMORY)
		return error_no_memory(error, input->shown);
	if (step == UNPACK_LARGE)
		return error_set(error,
			"%s: compressed (%s) so that more than 128 MiB of memory are needed; %s; "
			"decompress it first: %s FILE | mailwarden read -",
			input->shown, name, where, unpack_command(input->unpack));
	return error_set(error,
		"%s: compressed data (%s) are damaged at offset %" PRIu64
		"; %s; the file is damaged from here on, copy or record it again",
		input->shown, name, input_offset(input), where);
}

static enum input_step end_packed(
	const struct input *input, const char *where, bool *cut, struct error *error)
{
	if (input->may_end)
		return INPUT_END;
	*cut = true;
	error_set(error,
		"%s: compressed data (%s) end early, at offset %" PRIu64
		"; %s; the recording was stopped while writing, or the copy is incomplete",
		input->shown, unpack_name(input->unpack), input->taken, where);
	return INPUT_ERROR;
}

static enum input_step read_packed(struct input *input, uint8_t *out, size_t room, size_t *got,
	const char *where, bool *cut, struct error *error)
{
	for (;;) { /* each round gives bytes, or reads some, or ends */
		size_t more;
		enum unpack_step step = unpack_some(input->unpack, &input->packed, out, room, got);
		if (step != UNPACK_ON && step != UNPACK_BETWEEN) {
			unpack_trouble(input, step, where, error);
			return INPUT_ERROR;
		}
		input->may_end = step == UNPACK_BETWEEN;
		if (*got)
			return INPUT_BYTES;
		if (input->ended)
			return end_packed(input, where, cut, error);
		if (!read_some(input, input->buffer, PACKED_SIZE, &more, error))
			return INPUT_ERROR;
		input->packed = bytes_make(input->buffer, more);
	}
}

enum input_step input_read(struct input *input, uint8_t *out, size_t room, size_t *got,
	const char *where, bool *cut, struct error *error)
{
	*got = 0;
	*cut = false;
	if (!input->looked) {
		if (!look(input, out, room, got, error))
			return INPUT_ERROR;
	} else if (!input->unpack && !read_some(input, out, room, got, error)) {
		return INPUT_ERROR;
	}
	if (input->unpack)
		return read_packed(input, out, room, got, where, cut, error);
	return *got ? INPUT_BYTES : INPUT_END;
}

bool input_reopens(const struct input *input)
{
	return input->regular && !is_standard(input);
}

uint64_t input_size(const struct input *input)
{
	return input->size;
}

bool input_packed(const struct input *input)
{
	return input->unpack != NULL;
}

uint64_t input_offset(const struct input *input)
{
	return input->taken - bytes_size(input->packed);
}
