/* Headers, line by line: unfolding (RFC 5322 2.2.3), their end, their limits. A field is read when
 * the next line shows that it is over; until then it is kept, unfolded, in one buffer. Lines that
 * are no field are stepped over; a line that begins with "--" ends the header, as no field does so
 * and boundaries follow headers without a blank line now and then. */
#include "base/fault.h"
#include "mime/mime_internal.h"

void head_begin(struct mime *mime, bool mine)
{
	struct draft *draft = &mime->draft;
	draft->has_type = draft->has_encoding = draft->has_disposition = false;
	draft->has_type_name = draft->has_name = false;
	draft->encoding = MIME_ENCODING_NONE;
	draft->disposition = MIME_DISPOSITION_NONE;
	draft->crypto = MIME_CRYPTO_NONE;
	draft->type_size = draft->charset_size = 0;
	text_clear(&draft->boundary);
	text_clear(&draft->type_name);
	text_clear(&draft->name);
	mime->mine = mine;
	mime->lines = mime->header_size = mime->line_size = mime->field_size = mime->line_at = 0;
	mime->shift = mime->line_cut = mime->field_cut = false;
	mime->header_end = mime->header_skip = mime->header_cut = false;
	mime->held_size = mime->peeked_size = 0;
	mime->state = STATE_HEADER;
}

/* Adds input up to the end of the line; false: its end is not there yet. */
static bool line_read(struct mime *mime)
{
	const uint8_t *at = bytes_find(mime->in, '\n');
	struct bytes head =
		bytes_split(&mime->in, at ? (size_t)(at - mime->in.at) + 1 : bytes_size(mime->in));
	mime->line_size += bytes_size(head);
	mime->steps += bytes_size(head);
	struct bytes fits = bytes_split(&head, sizeof mime->field - mime->field_size);
	if (fits.at != fits.end)
		memcpy(mime->field + mime->field_size, fits.at, bytes_size(fits));
	mime->field_size += bytes_size(fits);
	mime->line_cut |= head.at != head.end;
	return at || (mime->finished && mime->field_size > mime->line_at);
}

static struct bytes line_now(const struct mime *mime)
{
	return bytes_make(mime->field + mime->line_at, mime->field_size - mime->line_at);
}

static void line_drop(struct mime *mime)
{
	mime->field_size = mime->line_at;
}

/* Takes the line end off the line. */
static void line_strip(struct mime *mime)
{
	while (mime->field_size > mime->line_at &&
		(mime->field[mime->field_size - 1] == '\n' ||
			mime->field[mime->field_size - 1] == '\r'))
		mime->field_size--;
}

/* The field [0, line_at) is over. */
static enum step field_end(struct mime *mime, struct mime_item *out)
{
	struct bytes field = bytes_make(mime->field, mime->line_at);
	if (mime->field_cut)
		anomaly(mime->seen, MIME_FIELD_LONG);
	mime->field_cut = false;
	if (field.at == field.end)
		return STEP_ON;
	mime->steps += bytes_size(field);
	return field_read(mime, field, out);
}

/* The line goes on with the field before it. */
static void line_join(struct mime *mime)
{
	struct bytes line = text_trim(line_now(mime));
	if (line.at == line.end) /* others take it for the end of the header */
		anomaly(mime->seen, MIME_AMBIGUOUS);
	if (!mime->line_at) {
		anomaly(mime->seen, MIME_HEADER_BAD);
		line_drop(mime);
		return;
	}
	if (mime->field_size > MIME_FIELD_MAX) {
		mime->field_size = MIME_FIELD_MAX;
		mime->line_cut = true;
	}
	mime->field_cut |= mime->line_cut;
	mime->line_at = mime->field_size;
}

/* The line begins with "--": the body has begun, with this line. */
static enum step line_to_body(struct mime *mime, struct mime_item *out)
{
	struct bytes line = line_now(mime);
	line = bytes_split(&line, HELD_MAX);
	mime->held_size = bytes_size(line);
	memcpy(mime->held, line.at, mime->held_size);
	mime->header_end = true;
	line_drop(mime);
	return field_end(mime, out);
}

/* The line begins a field; the one before it is over. */
static enum step line_new(struct mime *mime, struct mime_item *out)
{
	const uint8_t *colon = bytes_find(line_now(mime), ':');
	bool mbox = mime->mine && mime->lines == 1 &&
		    (bytes_begin_case(line_now(mime), bytes_of("From ")) ||
			    bytes_begin_case(line_now(mime), bytes_of(">From ")));
	if (!colon || mbox) {
		if (!mbox)
			anomaly(mime->seen, MIME_HEADER_BAD);
		line_drop(mime);
		return STEP_ON;
	}
	mime->shift = true;
	return field_end(mime, out);
}

static void line_shift(struct mime *mime)
{
	size_t size = mime->field_size - mime->line_at;
	memmove(mime->field, mime->field + mime->line_at, size);
	mime->field_cut = mime->line_cut;
	mime->field_size = mime->line_at = size > MIME_FIELD_MAX ? MIME_FIELD_MAX : size;
	mime->shift = false;
}

/* Beyond a limit only what a message may hold once and has not shown yet is still read, so that
 * neither its subject nor its structure can be hidden behind a thousand lines. */
static void count_line(struct mime *mime)
{
	if (!mime->header_skip && (mime->lines > MIME_HEADER_LINES_MAX || fault_limit() ||
					  mime->header_size >= MIME_HEADER_MAX)) {
		anomaly(mime->seen, MIME_HEADER_LONG);
		mime->header_skip = true;
	}
	mime->header_size += mime->line_size;
	mime->line_size = 0;
}

/* A whole line is there. */
static enum step line_step(struct mime *mime, struct mime_item *out)
{
	struct bytes line = line_now(mime);
	enum step step = STEP_ON;
	mime->lines++;
	if (bytes_size(line) > 2 && line.at[0] == '-' && line.at[1] == '-' &&
		bytes_size(line) <= HELD_MAX)
		return line_to_body(mime, out);
	line_strip(mime);
	if (mime->field_size == mime->line_at) {
		mime->header_end = true;
		return field_end(mime, out);
	}
	line = line_now(mime);
	if (*line.at == ' ' || *line.at == '\t')
		line_join(mime);
	else
		step = line_new(mime, out);
	count_line(mime);
	return step;
}

void head_cut(struct mime *mime)
{
	line_drop(mime);
	mime->header_cut = true;
}

enum step head_step(struct mime *mime, struct mime_item *out)
{
	enum step step;
	if (mime->shift)
		line_shift(mime);
	if (mime->header_end)
		return mime_part_begin(mime, out);
	if (mime->header_cut || !line_read(mime)) {
		if (!mime->header_cut && !mime->finished)
			return STEP_STARVED;
		mime->header_end = true;
		return field_end(mime, out);
	}
	step = line_step(mime, out);
	mime->line_cut &= mime->shift;
	return step;
}
