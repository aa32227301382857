/* The vector search finds pairs of bytes that end something of interest; the last sixteen bytes
 * read then tell whether it is there. Nothing is looked for ahead, so that slices need no joining.
 * Defanged links (hxxp://, example[.]com) are none: no reader makes them clickable. */
#include "mime/prose.h"

#include "mime/scan.h"
#include "mime/text.h"

#define TAIL sizeof(((struct prose *)0)->tail)

void prose_begin(struct prose *prose)
{
	prose->state = PROSE_TEXT;
	prose->links = prose->images = prose->steps = 0;
	prose->armor = prose->bad = prose->in_line = prose->trial = false;
	prose->line_size = prose->authority_size = prose->name_size = 0;
	memset(prose->tail, 0, TAIL);
	prose->tail[TAIL - 1] = '\n'; /* a text begins with a line */
}

static uint8_t last(const struct prose *prose)
{
	return prose->tail[TAIL - 1];
}

/* A line that is no marker any more is not gathered further. */
static bool may_be_marker(const struct prose *prose)
{
	static const char *const markers[] = { "begin ", "=ybegin ", "-----BEGIN PGP " };
	for (size_t i = 0; i < COUNT(markers); i++) {
		size_t size = strlen(markers[i]);
		if (size > prose->line_size)
			size = prose->line_size;
		if (!memcmp(prose->line, markers[i], size))
			return true;
	}
	return false;
}

static void gather(struct prose *prose, struct bytes run)
{
	size_t size = bytes_size(run);
	if (size > PROSE_LINE_MAX - prose->line_size) {
		prose->in_line = prose->trial = false;
		return;
	}
	memcpy(prose->line + prose->line_size, run.at, size);
	prose->line_size += size;
	prose->in_line = prose->trial || may_be_marker(prose);
}

/* Steps over `size` bytes. */
static void take(struct prose *prose, struct bytes *in, size_t size)
{
	struct bytes run = bytes_split(in, size), end = run;
	if (size < TAIL)
		memmove(prose->tail, prose->tail + size, TAIL - size);
	else
		bytes_split(&end, size - TAIL);
	size_t kept = bytes_size(end);
	memcpy(prose->tail + TAIL - kept, end.at, kept);
	if (prose->in_line)
		gather(prose, run);
	prose->steps += size;
}

/* Does what was read, but for `behind` bytes, end with `word` (lower case)? */
static bool ends_with(const struct prose *prose, size_t behind, const char *word)
{
	size_t size = strlen(word);
	const uint8_t *at = prose->tail + TAIL - behind - size;
	return bytes_equal_case(bytes_make(at, size), bytes_of(word));
}

static bool name_byte(uint8_t byte)
{
	byte = byte_lower(byte);
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

/* A scheme that links have, and no longer word, in front of `behind` bytes. */
static bool scheme(const struct prose *prose, size_t behind)
{
	static const char *const schemes[] = { "http", "https", "ftp" };
	for (size_t i = 0; i < COUNT(schemes); i++) {
		size_t size = strlen(schemes[i]);
		if (ends_with(prose, behind, schemes[i]) &&
			!name_byte(prose->tail[TAIL - behind - size - 1]))
			return true;
	}
	return false;
}

static bool bare_www(const struct prose *prose)
{
	uint8_t before = prose->tail[TAIL - 5];
	return ends_with(prose, 0, "www.") && !name_byte(before) && before < 0x80 &&
	       before != '.' && before != '-' && before != '@' && before != '_';
}

/* The search stopped behind a pair. */
static void found(struct prose *prose)
{
	uint8_t byte = last(prose);
	bool link = false;
	prose->authority_size = 0;
	if (byte == '/') {
		link = ends_with(prose, 0, "://") && scheme(prose, 3);
	} else if (byte == '.') {
		link = bare_www(prose);
		prose->authority_size = 4;
		memcpy(prose->authority, "www.", 4);
	} else if ((byte | 0x20) == 'f') {
		link = ends_with(prose, 0, "%3a%2f%2f") && scheme(prose, 9);
	} else if ((byte | 0x20) == 'g') {
		prose->images += ends_with(prose, 0, "<img");
	} else {
		prose->in_line = true;
		prose->line[0] = byte;
		prose->line_size = 1;
	}
	if (link)
		prose->state = PROSE_AUTHORITY;
}

/* A line of uuencode: its length, then that many bytes as groups of four letters, at times with a
 * checksum behind them. */
static bool is_uu(struct bytes line)
{
	size_t size = bytes_size(line), groups;
	if (!size || line.at[0] <= ' ' || line.at[0] > '`' || line.at[0] == '`')
		return false;
	groups = ((line.at[0] - 32u) + 2) / 3;
	for (size_t i = 1; i < size; i++)
		if (line.at[i] < ' ' || line.at[i] > '`')
			return false;
	return size - 1 >= 4 * groups && size - 1 <= 4 * groups + 2;
}

static struct bytes line_text(const struct prose *prose)
{
	struct bytes line = bytes_make(prose->line, prose->line_size);
	while (line.at != line.end &&
		(line.at[bytes_size(line) - 1] == '\n' || line.at[bytes_size(line) - 1] == '\r'))
		bytes_limit(&line, bytes_size(line) - 1);
	return line;
}

static void name_keep(struct prose *prose, struct bytes name)
{
	name = text_trim(name);
	name = bytes_split(&name, PROSE_NAME_MAX);
	prose->name_size = bytes_size(name);
	if (prose->name_size)
		memcpy(prose->file_name, name.at, prose->name_size);
}

/* "begin 644 name": three or four octal digits. */
static bool uu_begin(struct prose *prose, struct bytes line)
{
	unsigned digits = 0;
	bytes_split(&line, 6);
	while (line.at != line.end && *line.at >= '0' && *line.at <= '7') {
		bytes_take(&line, 1);
		digits++;
	}
	if (digits < 3 || digits > 4 || line.at == line.end || *line.at != ' ')
		return false;
	name_keep(prose, line);
	return prose->name_size > 0;
}

static enum prose_event file_begin(struct prose *prose, enum mime_encoding encoding)
{
	prose->encoding = encoding;
	prose->name = bytes_make(prose->file_name, prose->name_size);
	prose->state = encoding == MIME_YENC ? PROSE_FILE : PROSE_FIRST;
	prose->bad = prose->in_line = prose->trial = false;
	return PROSE_BEGIN;
}

/* A gathered line is whole. */
static enum prose_event line_end(struct prose *prose)
{
	struct bytes line = line_text(prose), rest;
	const uint8_t *at;
	bool trial = prose->trial;
	prose->in_line = prose->trial = false;
	if (trial)
		return is_uu(line) ? file_begin(prose, MIME_UUENCODE) : PROSE_NONE;
	if (bytes_begin_case(line, bytes_of("-----begin pgp "))) {
		prose->armor = true;
		return PROSE_NONE;
	}
	if (bytes_begin_case(line, bytes_of("begin "))) {
		prose->in_line = prose->trial = uu_begin(prose, line);
		prose->line_size = 0;
		return PROSE_NONE;
	}
	at = line.at == line.end ? NULL : memmem(line.at, bytes_size(line), " name=", 6);
	if (!at || !bytes_begin_case(line, bytes_of("=ybegin ")))
		return PROSE_NONE;
	rest = line;
	bytes_split(&rest, (size_t)(at - line.at) + 6);
	name_keep(prose, rest);
	prose->line_size = 0;
	return file_begin(prose, MIME_YENC);
}

static enum prose_event text_step(struct prose *prose, struct bytes *in)
{
	size_t hit = scan_text(last(prose), *in), size = bytes_size(*in);
	size_t run = hit < size ? hit + 1 : size;
	bool gathered = prose->in_line;
	if (gathered) {
		struct bytes line = *in;
		const uint8_t *at = bytes_find(bytes_split(&line, run), '\n');
		if (at)
			run = (size_t)(at - in->at) + 1;
	}
	take(prose, in, run);
	if (gathered && last(prose) == '\n')
		return prose->in_line ? line_end(prose) : PROSE_NONE;
	if (hit < size && run == hit + 1)
		found(prose);
	return PROSE_NONE;
}

static enum prose_event authority_end(struct prose *prose)
{
	struct bytes authority = bytes_make(prose->authority, prose->authority_size);
	size_t size = authority_host(authority, prose->host_room);
	prose->steps += prose->authority_size;
	prose->state = PROSE_TEXT;
	if (!size)
		return PROSE_NONE;
	prose->host = bytes_make(prose->host_room, size);
	prose->links++;
	return PROSE_LINK;
}

static bool ends_authority(uint8_t byte)
{
	switch (byte) {
	case '/':
	case '?':
	case '#':
	case '\\':
	case '"':
	case '\'':
	case '<':
	case '>':
	case '&':
	case '(':
	case ')':
	case '{':
	case '}':
	case '|':
	case '^':
	case '`':
	case ',':
	case ';':
	case 0x7F:
		return true;
	default:
		return byte <= ' ';
	}
}

static enum prose_event authority_step(struct prose *prose, struct bytes *in)
{
	size_t room = AUTHORITY_MAX - prose->authority_size, size = 0;
	while (size < bytes_size(*in) && size < room && !ends_authority(in->at[size]))
		size++;
	if (size) {
		memcpy(prose->authority + prose->authority_size, in->at, size);
		prose->authority_size += size;
		take(prose, in, size);
	}
	if (in->at == in->end)
		return PROSE_NONE;
	if (ends_authority(*in->at))
		return authority_end(prose);
	prose->state = PROSE_TEXT;
	return PROSE_NONE;
}

static size_t uu_decode(struct bytes line, uint8_t *out)
{
	size_t wanted = (*bytes_take(&line, 1) - 32u) & 63, size = 0;
	for (; size < wanted; size += 3) {
		uint8_t letter[4] = { 0 };
		for (unsigned i = 0; i < 4 && line.at != line.end; i++)
			letter[i] = (uint8_t)((*bytes_take(&line, 1) - 32u) & 63);
		out[size] = (uint8_t)(letter[0] << 2 | letter[1] >> 4);
		out[size + 1] = (uint8_t)(letter[1] << 4 | letter[2] >> 2);
		out[size + 2] = (uint8_t)(letter[2] << 6 | letter[3]);
	}
	return wanted;
}

static size_t yenc_decode(struct bytes line, uint8_t *out)
{
	size_t size = 0;
	while (line.at != line.end) {
		uint8_t byte = *bytes_take(&line, 1);
		if (byte == '=' && line.at != line.end)
			byte = (uint8_t)(*bytes_take(&line, 1) - 64);
		out[size++] = (uint8_t)(byte - 42);
	}
	return size;
}

static enum prose_event file_end(struct prose *prose, bool bad)
{
	prose->state = PROSE_TEXT;
	prose->bad = bad;
	prose->line_size = 0;
	return PROSE_END;
}

/* The line gathered belongs to a file. */
static enum prose_event file_line(struct prose *prose)
{
	struct bytes line = line_text(prose);
	bool uu = prose->encoding == MIME_UUENCODE;
	size_t size;
	prose->state = PROSE_FILE;
	if (bytes_equal(line, bytes_of(uu ? "end" : "=yend")) ||
		(!uu && bytes_begin_case(line, bytes_of("=yend "))))
		return file_end(prose, false);
	if (uu && line.at != line.end && (*line.at < ' ' || *line.at > '`'))
		return file_end(prose, true);
	if (line.at == line.end || (!uu && bytes_begin_case(line, bytes_of("=y"))))
		size = 0;
	else
		size = uu ? uu_decode(line, prose->decoded) : yenc_decode(line, prose->decoded);
	prose->sent = bytes_make(prose->line, prose->line_size);
	prose->data = bytes_make(prose->decoded, size);
	prose->steps += prose->line_size;
	prose->line_size = 0;
	return PROSE_DATA;
}

static enum prose_event file_step(struct prose *prose, struct bytes *in)
{
	struct bytes line = *in;
	const uint8_t *at;
	size_t room = PROSE_LINE_MAX - prose->line_size;
	line = bytes_split(&line, room);
	at = bytes_find(line, '\n');
	if (at)
		bytes_limit(&line, (size_t)(at - line.at) + 1);
	memcpy(prose->line + prose->line_size, line.at, bytes_size(line));
	prose->line_size += bytes_size(line);
	take(prose, in, bytes_size(line));
	if (at)
		return file_line(prose);
	return prose->line_size == PROSE_LINE_MAX ? file_end(prose, true) : PROSE_NONE;
}

enum prose_event prose_feed(struct prose *prose, struct bytes *in)
{
	enum prose_event event = PROSE_NONE;
	while (event == PROSE_NONE && (in->at != in->end || prose->state == PROSE_FIRST)) {
		switch (prose->state) {
		case PROSE_TEXT:
			event = text_step(prose, in);
			break;
		case PROSE_AUTHORITY:
			event = authority_step(prose, in);
			break;
		case PROSE_FIRST:
			event = file_line(prose);
			break;
		case PROSE_FILE:
			event = file_step(prose, in);
			break;
		}
	}
	return event;
}

enum prose_event prose_end(struct prose *prose)
{
	switch (prose->state) {
	case PROSE_AUTHORITY:
		return authority_end(prose);
	case PROSE_FIRST:
		return file_line(prose);
	case PROSE_FILE:
		return prose->line_size ? file_line(prose) : file_end(prose, true);
	case PROSE_TEXT:
		break;
	}
	return PROSE_NONE;
}
