/* Standard output by a stream of our own, whose one write function sees every failure first: stdio
 * forgets the reason, and a full disk must not look like success. */
#include "app/output.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/fault.h"

#define WIDTH_DEFAULT 80
#define WIDTH_READABLE                                                                             \
	100 /* lines longer than that are hard to follow, however wide the screen                  \
	     */

static ssize_t write_some(const char *data, size_t size)
{
	ssize_t done;
	if (fault_call()) {
		errno = ENOSPC;
		return -1;
	}
	do
		done = write(STDOUT_FILENO, data, size);
	while (done < 0 && errno == EINTR);
	return done;
}

/* For fopencookie(): 0 is its sign of failure. */
static ssize_t write_all(void *cookie, const char *data, size_t size)
{
	struct output *output = cookie;
	for (size_t at = 0; at < size;) {
		ssize_t done = output->error ? -1 : write_some(data + at, size - at);
		if (done < 0) {
			output->error = output->error ? output->error : errno;
			return 0;
		}
		at += (size_t)done;
	}
	return (ssize_t)size;
}

static unsigned width_find(bool terminal)
{
	struct winsize size = { .ws_col = 0 };
	const char *columns = getenv("COLUMNS");
	unsigned long width = columns ? strtoul(columns, NULL, 10) : 0;
	if (terminal && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		width = size.ws_col;
	if (!width)
		return WIDTH_DEFAULT;
	return width < WIDTH_READABLE ? (unsigned)width : WIDTH_READABLE;
}

/* https://no-color.org: any value but the empty one forbids. */
static bool colour_find(enum colour colour, bool terminal)
{
	const char *forbidden = getenv("NO_COLOR"), *term = getenv("TERM");
	if (colour == COLOUR_ALWAYS || colour == COLOUR_NEVER)
		return colour == COLOUR_ALWAYS;
	return terminal && !(forbidden && *forbidden) && term && strcmp(term, "dumb");
}

bool output_open(struct output *output, enum colour colour)
{
	bool terminal = isatty(STDOUT_FILENO);
	*output = (struct output){ .terminal = terminal };
	output->width = width_find(terminal);
	output->colour = colour_find(colour, terminal);
	output->utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	if (!fault_call())
		output->file =
			fopencookie(output, "w", (cookie_io_functions_t){ .write = write_all });
	if (!output->file)
		return false;
	if (terminal)
		setvbuf(output->file, NULL, _IOLBF, 0);
	return true;
}

void output_line(struct output *output, struct bytes line)
{
	fwrite(line.at, 1, bytes_size(line), output->file);
	putc('\n', output->file);
}

enum status output_close(struct output *output)
{
	struct error error;
	fclose(output->file);
	if (!output->error)
		return STATUS_FINE;
	if (output->error != EPIPE) {
		error_set(&error, "standard output: %s; what was found is not complete there",
			strerror(output->error));
		output_error(&error);
	}
	return STATUS_SYSTEM;
}

void output_error(const struct error *error)
{
	struct bytes left = bytes_of(error->text);
	while (bytes_size(left)) {
		const uint8_t *end = bytes_find(left, '\n');
		size_t size = end ? (size_t)(end - left.at) : bytes_size(left);
		struct bytes line = bytes_split(&left, size);
		fprintf(stderr, "mailwarden: %.*s\n", (int)size, (const char *)line.at);
		bytes_take(&left, 1);
	}
}

enum status output_no_memory(void)
{
	struct error error;
	error_set(&error, "the system gives no more memory; end other programs, then try again");
	output_error(&error);
	return STATUS_SYSTEM;
}
