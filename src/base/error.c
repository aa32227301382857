/* Error lines. Names and values in them come from files and networks, so the finished line goes
 * through utf8_show(): it can neither move a cursor nor forge a second line. */
#include "base/error.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include "base/utf8.h"

/* Puts the line at error->text + used, cut between characters where the text ends. */
static void put_line(struct error *error, size_t used, const char *line)
{
	char room[UTF8_SHOW];
	struct bytes in = bytes_of(line);
	while (in.at != in.end) {
		struct bytes piece = utf8_show(&in, room);
		size_t size = bytes_size(piece);
		if (size >= sizeof(error->text) - used)
			break;
		memcpy(error->text + used, piece.at, size);
		used += size;
	}
	error->text[used] = '\0';
}

bool error_set(struct error *error, const char *format, ...)
{
	char line[sizeof(error->text)];
	va_list arguments;
	if (!error)
		return false;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	put_line(error, 0, line);
	error->no_memory = false;
	return false;
}

bool error_no_memory(struct error *error, const char *where)
{
	error_set(error, "%s: the system gives no more memory; end other programs, then try again",
		where);
	if (error)
		error->no_memory = true;
	return false;
}

bool error_add(struct error *error, const char *format, ...)
{
	char line[sizeof(error->text)];
	va_list arguments;
	size_t used;
	if (!error)
		return false;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	used = strlen(error->text);
	if (used && used < sizeof(error->text) - 1)
		error->text[used++] = '\n';
	put_line(error, used, line);
	return false;
}
