/* Bodies: content up to boundaries (RFC 2046 5.1.1). A boundary counts when the whole line is it,
 * but for blanks at its end, which is how all readers compared take it; the RFC itself is content
 * with a line that begins so, and such a line is marked as ambiguous. The line end before a
 * boundary belongs to it: line ends are therefore held back until the next line is known. */
#include "mime/mime_internal.h"
#include "mime/scan.h"

enum delimiter { DELIMITER_NONE, DELIMITER_NEXT, DELIMITER_LAST };

static void content(struct mime *mime, struct bytes in)
{
	if (in.at == in.end)
		return;
	mime->before = in.at[bytes_size(in) - 1];
	if (!mime->voided)
		leaf_feed(mime, in);
}

static struct bytes line_ends_off(struct bytes in)
{
	while (in.at != in.end && text_space(in.at[bytes_size(in) - 1]))
		bytes_limit(&in, bytes_size(in) - 1);
	return in;
}

static enum delimiter compare(struct mime *mime, const struct frame *frame, struct bytes line)
{
	struct bytes boundary = bytes_make(frame->boundary, frame->boundary_size);
	size_t size = frame->boundary_size;
	mime->steps++;
	if (!size || bytes_size(line) < size || memcmp(line.at, boundary.at, size) != 0)
		return DELIMITER_NONE;
	mime->steps += size;
	bytes_split(&line, size);
	if (line.at == line.end)
		return DELIMITER_NEXT;
	if (bytes_equal(line, bytes_of("--")))
		return DELIMITER_LAST;
	anomaly(mime->seen, MIME_AMBIGUOUS);
	return DELIMITER_NONE;
}

/* The line (from "--" on) as a boundary of the innermost multipart that has it. */
static enum delimiter find(struct mime *mime, struct bytes line, unsigned *frame)
{
	bytes_split(&line, 2);
	line = line_ends_off(line);
	for (unsigned i = mime->depth; i > 0; i--) {
		enum delimiter delimiter = compare(mime, &mime->stack[i - 1], line);
		*frame = i - 1;
		if (delimiter != DELIMITER_NONE)
			return delimiter;
	}
	return DELIMITER_NONE;
}

static void unwind(struct mime *mime, enum delimiter delimiter, unsigned frame)
{
	bool last = delimiter == DELIMITER_LAST;
	mime->stack[frame].ended = last;
	mime->unwind_to = last ? frame : frame + 1;
	mime->after = last ? AFTER_VOID : AFTER_PART;
	mime->state = STATE_UNWIND;
	mime->held_size = 0;
	mime->before = '\n'; /* the next line may be a boundary too */
}

/* Where the line begins in what is held: behind a line end. */
static size_t held_line(const struct mime *mime)
{
	size_t at = 0;
	while (at < mime->held_size && (mime->held[at] == '\r' || mime->held[at] == '\n'))
		at++;
	return at;
}

/* What is held is content, but for the last `keep` bytes, which may begin the next boundary. */
static void held_flush(struct mime *mime, size_t keep)
{
	size_t size = mime->held_size - keep;
	memcpy(mime->flushed, mime->held, size);
	memmove(mime->held, mime->held + size, keep);
	mime->held_size = keep;
	content(mime, bytes_make(mime->flushed, size));
}

static size_t line_end_size(struct bytes in)
{
	size_t size = bytes_size(in);
	if (size && in.at[size - 1] == '\r')
		return 1;
	if (!size || in.at[size - 1] != '\n')
		return 0;
	return size > 1 && in.at[size - 2] == '\r' ? 2 : 1;
}

/* A line that begins with "--" is whole. */
static void held_end(struct mime *mime)
{
	struct bytes held = bytes_make(mime->held, mime->held_size), line = held;
	unsigned frame;
	bytes_split(&line, held_line(mime));
	enum delimiter delimiter = find(mime, line, &frame);
	if (delimiter != DELIMITER_NONE)
		unwind(mime, delimiter, frame);
	else
		held_flush(mime, mime->finished ? 0 : line_end_size(line));
}

/* Could `byte` go on what is held, line end and "--"? */
static bool held_fits(const struct mime *mime, uint8_t byte)
{
	size_t line = held_line(mime), dashes = mime->held_size - line;
	if (dashes >= 2)
		return true;
	if (byte == '\n')
		return !dashes && line && mime->held[line - 1] == '\r';
	return byte == '-' && (!line || mime->held[line - 1] == '\n');
}

static bool line_whole(const struct mime *mime)
{
	size_t line = held_line(mime);
	return mime->held_size - line > 2 && mime->held[mime->held_size - 1] == '\n';
}

static void held_step(struct mime *mime)
{
	while (mime->in.at != mime->in.end && !line_whole(mime)) {
		if (mime->held_size == HELD_MAX || !held_fits(mime, *mime->in.at)) {
			held_flush(mime, 0);
			return;
		}
		mime->held[mime->held_size++] = *bytes_take(&mime->in, 1);
		mime->steps++;
	}
	if (line_whole(mime))
		held_end(mime);
}

/* Content up to what may be a boundary. */
static void content_step(struct mime *mime)
{
	size_t size = bytes_size(mime->in), dash = scan_dash(mime->before, mime->in);
	struct bytes run = bytes_split(&mime->in, dash);
	mime->steps += size - bytes_size(mime->in);
	size_t keep = line_end_size(run);
	struct bytes rest = run, line_end;
	struct bytes text = bytes_split(&rest, bytes_size(run) - keep);
	line_end = rest;
	if (keep)
		memcpy(mime->held, line_end.at, keep);
	mime->held_size = keep;
	if (dash < size)
		mime->held[mime->held_size++] = *bytes_take(&mime->in, 1);
	content(mime, text);
}

static enum step input_over(struct mime *mime)
{
	if (!mime->finished)
		return STEP_STARVED;
	if (mime->held_size - held_line(mime) > 2)
		held_end(mime);
	else if (mime->held_size)
		held_flush(mime, 0);
	else {
		mime->unwind_to = 0;
		mime->after = AFTER_END;
		mime->state = STATE_UNWIND;
	}
	return STEP_ON;
}

enum step body_step(struct mime *mime)
{
	if (mime->held_size && line_whole(mime)) {
		held_end(mime); /* the header ended with it */
		return STEP_ON;
	}
	if (mime->in.at == mime->in.end)
		return input_over(mime);
	if (mime->held_size) {
		held_step(mime);
	} else if (mime->boundaries) {
		content_step(mime);
	} else {
		mime->steps += bytes_size(mime->in) / 16;
		content(mime, mime->in);
		mime->in = (struct bytes){ NULL, NULL };
	}
	return STEP_ON;
}
