/* One capture file. Reading ahead into one buffer keeps packets where read(2) put them; what is not
 * consumed when it runs dry is less than one packet, and is moved to the front. */
#include "sense/file.h"

#include <assert.h>
#include <stdlib.h>

#include "base/fault.h"
#include "sense/input.h"
#include "wire/format.h"

#define BUFFER_SIZE ((size_t)256 * 1024)

struct file {
	const char *shown; /* its name, to people */
	struct input *input;
	bool ended;
	uint8_t *buffer;
	size_t room;
	struct bytes in; /* read, but not consumed */
	struct capture capture;
};

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
	file->shown = strcmp(name, "-") ? name : "standard input";
	capture_init(&file->capture);
	file->input = input_open(name, file->shown, error);
	if (file->input && resize(file, BUFFER_SIZE, error))
		return file;
	file_close(file);
	return NULL;
}

void file_close(struct file *file)
{
	if (!file)
		return;
	input_close(file->input);
	free(file->buffer);
	free(file);
}

/* More bytes behind those that are left, so that `need` may be reached. */
static bool fill(struct file *file, size_t need, struct anomalies *seen, struct error *error)
{
	char where[FORMAT_READ_TEXT];
	size_t kept = bytes_size(file->in), got;
	bool cut;
	assert(need > kept);
	if (need > file->room && !resize(file, 2 * need, error))
		return false;
	memmove(file->buffer, file->in.at, kept);
	file->in = bytes_make(file->buffer, kept);
	enum input_step step = input_read(file->input, file->buffer + kept, file->room - kept, &got,
		format_read(&file->capture, where), &cut, error);
	if (cut)
		anomaly(seen, FILE_CUT);
	file->ended = step == INPUT_END;
	file->in = bytes_make(file->buffer, kept + got);
	return step != INPUT_ERROR;
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
		if (!fill(file, need, seen, error))
			return FILES_ERROR;
	}
}

bool file_reopens(const struct file *file)
{
	return input_reopens(file->input);
}

uint64_t file_size(const struct file *file)
{
	return input_size(file->input);
}

uint64_t file_dropped(const struct file *file)
{
	return file->capture.dropped;
}

uint64_t file_position(const struct file *file)
{
	return input_packed(file->input) ? input_offset(file->input) : file->capture.offset;
}
