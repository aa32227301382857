/* The message: behind DATA up to the line with the dot (RFC 5321 4.1.1.4, 4.5.2), or in chunks of
 * stated size (BDAT, RFC 3030). It is stepped over where it lies: only dots behind a line end, or
 * behind what some server takes for one, are looked for.
 *
 * Only CRLF.CRLF ends a message. Servers that took LF or CR for a line's end took more than that
 * for an end (SMTP smuggling, 2023), so each such place is counted and remembered: when the server
 * replies inside a message, it has found the end there. The same holds for the place of a gap. */
#include "wire/smtp_internal.h"

#include "base/vector.h"

void smtp_content_begin(struct smtp *smtp)
{
	smtp->content = CONTENT_BEGIN;
	smtp->size = smtp->raw = 0;
	smtp->tail = UINT32_MAX;
	smtp->early_code = 0;
	smtp->end_maybe = smtp->answered = false;
}

/* `size`: of the message up to there; `raw`: bytes that were sent up to behind it. */
static void end_maybe(struct smtp *smtp, uint64_t size, uint64_t raw)
{
	smtp->end_maybe = true;
	smtp->end_size = size;
	smtp->end_raw = raw;
}

static void end_disputed(struct smtp *smtp, uint64_t size, uint64_t raw)
{
	anomaly(smtp->seen, SMTP_SMUGGLING);
	end_maybe(smtp, size, raw);
}

/* Puts bytes of a line into the tail. A CR within them is rare; then each byte is looked at, for a
 * dot between two CR. `before`: bytes of this step that lie before. */
static void tail_add(struct smtp *smtp, struct bytes line, uint64_t before)
{
	const uint32_t cr_dot_cr = '\r' << 16 | '.' << 8 | '\r';
	size_t size = bytes_size(line), skip = size > 4 ? size - 4 : 0;
	const uint8_t *cr = bytes_find(line, '\r');
	bool old = (smtp->tail & 0xff) == '\r' || (smtp->tail & 0xffff) == ('\r' << 8 | '.');
	bool search = old || (cr && cr != &line.at[size - 1]);
	for (size_t i = search ? 0 : skip; i < size; i++) {
		smtp->tail = smtp->tail << 8 | line.at[i];
		before += search;
		if (search && (smtp->tail & 0xffffff) == cr_dot_cr)
			end_disputed(smtp, smtp->size + before - 2, smtp->raw + before);
	}
}

/* A line ends with LF: how? Was it a dot behind a bare CR, or behind a NUL, which some servers
 * drop? `taken`: bytes of this step with the LF. */
static void line_end(struct smtp *smtp, uint64_t taken)
{
	const uint32_t nul_dot = 0xffff0000 | '.', nul_dot_cr = 0xff000000 | '.' << 8 | '\r';
	uint32_t tail = smtp->tail;
	bool crlf = (tail & 0xff) == '\r';
	if ((tail & 0xffff) == ('\r' << 8 | '.') || tail == nul_dot || tail == nul_dot_cr)
		end_disputed(smtp, smtp->size + taken - 2 - crlf, smtp->raw + taken);
	smtp->content = crlf ? CONTENT_BEGIN : CONTENT_BEGIN_LF;
	smtp->tail = UINT32_MAX;
}

/* One line, or what is there of it, byte for byte. `begin`: of this step. */
static void step_line(struct smtp *smtp, struct bytes *in, const uint8_t *begin)
{
	const uint8_t *lf = bytes_find(*in, '\n');
	size_t before = bytes_size((struct bytes){ begin, in->at });
	smtp->content = CONTENT_INSIDE;
	if (!lf) {
		tail_add(smtp, *in, before);
		in->at = in->end;
		return;
	}
	tail_add(smtp, bytes_split(in, bytes_size((struct bytes){ in->at, lf })), before);
	bytes_take(in, 1);
	line_end(smtp, bytes_size((struct bytes){ begin, in->at }));
}

/* Index of the first dot behind LF, CR or NUL, all of which are at most CR; the size when there is
 * none. What stands at most CR beside them, a tab, is rare enough. The first byte has nothing
 * before it. */
static size_t find_dot(struct bytes in)
{
	size_t size = bytes_size(in), i = 1;
	for (; i + 2 * VECTOR_WIDTH <= size; i += 2 * VECTOR_WIDTH) {
		const uint8_t *at = &in.at[i];
		vector hit =
			(vector)(vector_load(at) == '.') & (vector)(vector_load(at - 1) <= '\r');
		vector next = (vector)(vector_load(at + VECTOR_WIDTH) == '.') &
			      (vector)(vector_load(at + VECTOR_WIDTH - 1) <= '\r');
		if (vector_first(hit | next) < VECTOR_WIDTH)
			break;
	}
	while (i < size && (in.at[i] != '.' || in.at[i - 1] > '\r'))
		i++;
	return i < size ? i : size;
}

/* Does the line so far end so that its next bytes may make a disputed end of it? */
static bool tail_odd(uint32_t tail)
{
	uint8_t last = tail & 0xff, before = tail >> 8 & 0xff;
	return last == '\r' || last == '\0' || (last == '.' && (before == '\r' || before == '\0'));
}

/* Steps over bytes in which nothing is odd: only where they leave off matters. */
static void step_plain(struct smtp *smtp, struct bytes plain)
{
	size_t size = bytes_size(plain);
	uint32_t tail = smtp->tail;
	for (size_t i = size > 5 ? size - 5 : 0; i < size; i++) {
		bool crlf = (tail & 0xff) == '\r';
		tail = tail << 8 | plain.at[i];
		if (plain.at[i] != '\n')
			continue;
		smtp->content = crlf ? CONTENT_BEGIN : CONTENT_BEGIN_LF;
		tail = UINT32_MAX;
	}
	if (size && plain.at[size - 1] != '\n')
		smtp->content = CONTENT_INSIDE;
	smtp->tail = tail;
}

/* To the next line that begins with a dot, or to the end of what is there. Each turn takes all up
 * to the line that holds an odd dot, or that line. Looking at the bytes once in place of finding
 * each line's end and its CRs halved the cost of a message that is not looked into. */
static struct bytes step_inside(struct smtp *smtp, struct bytes *in)
{
	struct bytes piece = *in;
	do {
		size_t dot = tail_odd(smtp->tail) ? 0 : find_dot(*in);
		const uint8_t *lf = dot ? memrchr(in->at, '\n', dot) : NULL;
		size_t plain = lf ? bytes_size((struct bytes){ in->at, lf }) + 1 : 0;
		if (dot == bytes_size(*in))
			plain = dot;
		if (plain)
			step_plain(smtp, bytes_split(in, plain));
		else
			step_line(smtp, in, piece.at);
	} while (in->at != in->end && (smtp->content == CONTENT_INSIDE || *in->at != '.'));
	piece.end = in->at;
	return piece;
}

/* Behind a dot at the begin of a line: the byte decides whether it was stuffed or stands alone. */
static struct bytes step_dot(struct smtp *smtp, struct bytes *in)
{
	bool bare = smtp->content == CONTENT_DOT_LF;
	struct bytes piece = { in->at, in->at };
	smtp->content = CONTENT_INSIDE;
	if (*in->at == '\r') {
		bytes_take(in, 1);
		smtp->content = bare ? CONTENT_DOT_CR_LF : CONTENT_DOT_CR;
	} else if (*in->at == '\n') {
		end_disputed(smtp, smtp->size, smtp->raw + 1);
		smtp->content = CONTENT_BEGIN_LF;
		piece = bytes_split(in, 1);
	} else if (*in->at == '\0') {
		end_disputed(smtp, smtp->size, smtp->raw);
	}
	return piece;
}

/* Behind a dot and CR. The CR may lie in bytes that are gone, so it is given from here. */
static struct bytes step_dot_cr(struct smtp *smtp, struct bytes *in)
{
	static const uint8_t crlf[2] = { '\r', '\n' };
	bool bare = smtp->content == CONTENT_DOT_CR_LF;
	if (*in->at != '\n') {
		end_disputed(smtp, smtp->size, smtp->raw);
		smtp->content = CONTENT_INSIDE;
		smtp->tail = UINT32_MAX << 8 | '\r';
		return bytes_make(crlf, 1);
	}
	bytes_take(in, 1);
	if (bare) {
		end_disputed(smtp, smtp->size, smtp->raw + 1);
		smtp->content = CONTENT_BEGIN;
		return bytes_make(crlf, 2);
	}
	smtp->reading = READING_COMMAND;
	return bytes_make(crlf, 0);
}

/* Steps over one piece; gives the bytes of it that belong to the message. */
static struct bytes content_step(struct smtp *smtp, struct bytes *in)
{
	switch ((enum smtp_content)smtp->content) {
	case CONTENT_BEGIN:
	case CONTENT_BEGIN_LF:
		if (*in->at == '.') {
			bytes_take(in, 1);
			smtp->content =
				smtp->content == CONTENT_BEGIN ? CONTENT_DOT : CONTENT_DOT_LF;
			break;
		}
		smtp->content = CONTENT_INSIDE;
		break;
	case CONTENT_DOT:
	case CONTENT_DOT_LF:
		return step_dot(smtp, in);
	case CONTENT_DOT_CR:
	case CONTENT_DOT_CR_LF:
		return step_dot_cr(smtp, in);
	case CONTENT_INSIDE:
		return step_inside(smtp, in);
	}
	return (struct bytes){ in->at, in->at };
}

/* The message is over; its reply is waited for, unless the server refused it before. LMTP (RFC 2033
 * 4.2) answers each recipient. */
static bool message_end(
	struct smtp *smtp, enum smtp_verb verb, uint64_t size, struct smtp_item *out)
{
	struct smtp_command end = { .verb = verb, .size = size };
	uint16_t replies = smtp->lmtp && smtp->accepted ? smtp->accepted : 1;
	bool late = verb == SMTP_VERB_BDAT ? !smtp_waiting_whole(smtp, size) : smtp->answered;
	*out = (struct smtp_item){
		.kind = SMTP_MESSAGE,
		.verb = verb,
		.phase = SMTP_PHASE_END,
		.late = late,
		.time = smtp->now,
		.size = size,
	};
	smtp->reading = READING_COMMAND;
	smtp->last_verb = SMTP_VERB_UNKNOWN;
	smtp->mail = smtp->rcpt = smtp->chunks = false;
	smtp->accepted = 0;
	if (verb == SMTP_VERB_DATA && !late)
		for (uint16_t i = 0; i < replies; i++)
			smtp_waiting_push(smtp, &end, SMTP_PHASE_END);
	if (smtp->early_code) { /* its reply is there already */
		smtp->drain = 1;
		smtp->anchored = false;
	}
	return true;
}

static bool content_item(
	struct smtp *smtp, enum smtp_verb verb, struct bytes piece, struct smtp_item *out)
{
	smtp->size += bytes_size(piece);
	if (!smtp->want_content || piece.at == piece.end)
		return false;
	*out = (struct smtp_item){ .kind = SMTP_CONTENT, .verb = verb, .time = smtp->now };
	out->text = piece;
	return true;
}

bool smtp_client_content(struct smtp *smtp, struct bytes *in, struct smtp_item *out)
{
	while (in->at != in->end) { /* two turns at most take a byte */
		size_t before = bytes_size(*in);
		struct bytes piece = content_step(smtp, in);
		smtp->raw += before - bytes_size(*in);
		if (smtp->reading != READING_CONTENT)
			return message_end(smtp, SMTP_VERB_DATA, smtp->size, out);
		if (content_item(smtp, SMTP_VERB_DATA, piece, out))
			return true;
	}
	return false;
}

/* The server replied although no end was seen. If there is a place that it took for one, the
 * message ends there; true with the message, whose reply it then is. */
bool smtp_content_decided(struct smtp *smtp, struct smtp_item *out)
{
	bool behind = smtp->raw != smtp->end_raw;
	bool begin = smtp->content == CONTENT_BEGIN || smtp->content == CONTENT_BEGIN_LF;
	if (!smtp->end_maybe || smtp->answered)
		return false;
	message_end(smtp, SMTP_VERB_DATA, smtp->end_size, out);
	if (behind) {
		smtp_resync(smtp);
		smtp->line[SMTP_CLIENT].torn = !begin;
	}
	return true;
}

/* Content is looked through as before, but what was lost may have held its end. */
void smtp_content_gap(struct smtp *smtp, uint64_t size)
{
	end_maybe(smtp, smtp->size, smtp->raw);
	smtp->raw++; /* at least: what is behind it is never known to be nothing */
	smtp->content = CONTENT_INSIDE;
	smtp->tail = UINT32_MAX;
	smtp->size += size;
}

void smtp_chunk_begin(struct smtp *smtp, const struct smtp_command *command)
{
	if (!smtp->chunks)
		smtp->size = 0;
	smtp->chunks = true;
	smtp->chunk = command->size;
	smtp->chunk_last = command->last;
	smtp->answered = false;
	smtp->reading = READING_CHUNK;
}

bool smtp_client_chunk(struct smtp *smtp, struct bytes *in, struct smtp_item *out)
{
	size_t size = bytes_size(*in);
	struct bytes piece = bytes_split(in, smtp->chunk < size ? (size_t)smtp->chunk : size);
	smtp->chunk -= bytes_size(piece);
	return content_item(smtp, SMTP_VERB_BDAT, piece, out);
}

/* true: it was the last. Its own reply is waited for since the command was read. */
bool smtp_chunk_end(struct smtp *smtp, struct smtp_item *out)
{
	smtp->reading = READING_COMMAND;
	return smtp->chunk_last && message_end(smtp, SMTP_VERB_BDAT, smtp->size, out);
}

void smtp_chunk_gap(struct smtp *smtp, uint64_t size)
{
	uint64_t left = smtp->chunk;
	if (size && size <= left) {
		smtp->chunk -= size;
		smtp->size += size;
		return;
	}
	smtp->size += left;
	smtp->chunk = 0;
	if (!size) { /* how much of it is missing is not known, nor what the next bytes are */
		smtp->reading = READING_COMMAND;
		smtp->chunks = false;
	}
	smtp_resync(smtp);
}
