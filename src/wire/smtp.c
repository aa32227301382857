/* The SMTP parser's engine room: it takes the bytes of both sides as they come, gives each to the
 * file that reads its kind, and hands out items one by one. Nothing is ever queued up as items:
 * what must still be told is state (a reply that is complete, commands to be answered, a chunk that
 * is over), and smtp_next() turns one piece of it into an item at a time.
 *
 * A client may speak before it knows how its words are taken: what follows DATA, STARTTLS or AUTH
 * is content, TLS or a response if the server agrees, and commands if it does not. Such bytes are
 * held, and read again when the reply is there. */
#include "wire/smtp.h"

#include "wire/smtp_internal.h"

struct smtp *smtp_init(struct arena *arena, struct anomalies *seen)
{
	struct smtp *smtp = arena_take(arena, sizeof *smtp);
	if (!smtp)
		return NULL;
	smtp->arena = arena;
	smtp->seen = seen;
	return smtp;
}

/* A capture begins where a packet does, so the first line is most likely whole and is not dropped
 * as it is after a gap. */
void smtp_middle(struct smtp *smtp)
{
	smtp->middle = smtp->greeted = true;
	smtp->doubt = smtp->unsure = true;
}

void smtp_one_sided(struct smtp *smtp)
{
	smtp->one_sided = true;
	smtp->tls_ready |= smtp->tls_asked; /* nobody will be seen to agree */
	smtp->tls_asked = false;
}

void smtp_want_content(struct smtp *smtp)
{
	smtp->want_content = true;
}

/* Adds what fits below `max`; false: not all of it did, or there is no memory. */
bool smtp_buffer_add(struct smtp *smtp, struct smtp_buffer *buffer, struct bytes in, uint32_t max)
{
	bool whole = bytes_size(in) <= max - buffer->size;
	bytes_limit(&in, max - buffer->size);
	uint32_t size = (uint32_t)bytes_size(in), room = buffer->room ? buffer->room : 128;
	if (buffer->size + size > buffer->room) {
		uint8_t *at;
		while (room < buffer->size + size)
			room *= 2;
		room = room > max ? max : room;
		at = arena_take(smtp->arena, room);
		if (!at)
			return anomaly(smtp->seen, SMTP_ARENA_FULL);
		if (buffer->size) {
			memcpy(at, buffer->at, buffer->size);
			explicit_bzero(buffer->at, buffer->size); /* may hold a password */
		}
		buffer->at = at;
		buffer->room = room;
	}
	if (size)
		memcpy(&buffer->at[buffer->size], in.at, size);
	buffer->size += size;
	return whole;
}

/* CR stands among them, for clients end lines with CR CR LF. */
static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

struct bytes smtp_trim(struct bytes text)
{
	while (text.at != text.end && is_blank(*text.at))
		bytes_take(&text, 1);
	size_t size = bytes_size(text);
	while (size && is_blank(text.at[size - 1]))
		size--;
	bytes_limit(&text, size);
	return text;
}

/* The end of a line off, and what is too long; tells what was odd. */
static struct bytes line_finish(
	struct smtp *smtp, enum smtp_side side, struct bytes line, bool over)
{
	size_t size = bytes_size(line);
	if (!over && size && line.at[size - 1] == '\r')
		size--;
	else if (!over && side == SMTP_CLIENT)
		anomaly(smtp->seen, SMTP_BARE_LF);
	over = over || size > SMTP_LINE_MAX;
	if (over)
		anomaly(smtp->seen, side == SMTP_CLIENT ? SMTP_LINE_LONG : SMTP_REPLY_LONG);
	bytes_limit(&line, size < SMTP_LINE_MAX ? size : SMTP_LINE_MAX);
	return line;
}

/* Steps over the bytes up to the end of a line, or over all. true: `line` is one, without its end,
 * read where it lies if it lies there whole. Its CR is kept beside the most that a line may have,
 * so that a line of just that length is the same wherever it was cut. */
bool smtp_line_read(struct smtp *smtp, enum smtp_side side, struct bytes *in, struct bytes *line)
{
	struct smtp_line *state = &smtp->line[side];
	const uint8_t *lf = bytes_find(*in, '\n');
	size_t all = bytes_size(*in);
	struct bytes piece = bytes_split(in, lf ? bytes_size((struct bytes){ in->at, lf }) : all);
	bool over;
	if (lf)
		bytes_take(in, 1);
	if (lf && !state->cut.size) {
		over = bytes_size(piece) > SMTP_LINE_MAX + 1;
		state->torn = false;
		*line = line_finish(smtp, side, piece, over);
		return true;
	}
	if (!smtp_buffer_add(smtp, &state->cut, piece, SMTP_LINE_MAX + 1))
		state->over = true;
	if (!lf)
		return false;
	piece = bytes_make(state->cut.at, state->cut.size);
	over = state->over;
	state->torn = state->over = false;
	state->cut.size = 0;
	*line = line_finish(smtp, side, piece, over);
	return true;
}

/* Something of the client's was lost where commands may have been: from here on only lines that
 * look like commands are believed, and what replies answer is known only of the commands before. */
void smtp_resync(struct smtp *smtp)
{
	struct smtp_line *line = &smtp->line[SMTP_CLIENT];
	anomaly(smtp->seen, SMTP_COMMAND_LOST);
	line->torn = true;
	line->over = false;
	line->cut.size = 0;
	if (!smtp->doubt)
		smtp->waiting_sure = smtp->waiting_count;
	smtp->doubt = smtp->unsure = true;
	smtp->age++;
}

/* What was held is known now: read it as that. */
void smtp_release(struct smtp *smtp, enum smtp_reading reading)
{
	smtp->reading = (uint8_t)reading;
	if (reading == READING_CONTENT)
		smtp_content_begin(smtp);
	if (!smtp->held_gap)
		return;
	smtp->held_gap = false;
	if (reading == READING_CONTENT)
		smtp_content_gap(smtp, 0);
	else
		smtp_resync(smtp);
}

void smtp_want_public(struct smtp *smtp)
{
	smtp->want_public = true;
}

void smtp_feed(struct smtp *smtp, enum smtp_side side, struct bytes in, int64_t time)
{
	smtp->in = in;
	smtp->side = (uint8_t)side;
	smtp->fed = time;
	smtp->public_end = NULL;
	smtp->hidden = side == SMTP_SERVER || !smtp->want_public;
}

const uint8_t *smtp_public(const struct smtp *smtp)
{
	return smtp->public_end;
}

/* Steps over some bytes of the client; true: they made an item. */
static bool client_read(struct smtp *smtp, struct bytes *in, struct smtp_item *out)
{
	smtp->hidden |= smtp->reading != READING_COMMAND;
	switch ((enum smtp_reading)smtp->reading) {
	case READING_COMMAND:
		return smtp_client_command(smtp, in, out);
	case READING_RESPONSE:
		smtp_client_response(smtp, in);
		return false;
	case READING_CONTENT:
		return smtp_client_content(smtp, in, out);
	case READING_CHUNK:
		return smtp_client_chunk(smtp, in, out);
	case READING_HELD:
		smtp_client_held(smtp, in);
		return false;
	case READING_TLS:
	case READING_NOTHING:
		smtp_tls_read(smtp, SMTP_CLIENT, in);
		return false;
	}
	return false;
}

static bool replay(struct smtp *smtp, struct smtp_item *out)
{
	struct bytes in = bytes_make(smtp->held.at, smtp->held.size);
	bool item;
	bytes_take(&in, smtp->held_read);
	smtp->now = smtp->held_time;
	smtp->replaying = true;
	item = client_read(smtp, &in, out);
	smtp->replaying = false;
	if (!item && smtp->held_for == SMTP_VERB_AUTH) /* it may have been a password */
		explicit_bzero(&smtp->held.at[smtp->held_read],
			smtp->held.size - smtp->held_read - bytes_size(in));
	smtp->held_read = smtp->held.size - (uint32_t)bytes_size(in);
	if (smtp->held_read == smtp->held.size)
		smtp->held.size = smtp->held_read = 0;
	return item;
}

/* Are there commands that need not wait any longer? With one side only, none waits; but the item of
 * AUTH comes with the identity and that of a chunk behind it. */
static bool waiting_over(const struct smtp *smtp)
{
	bool open = smtp->reading == READING_HELD || smtp->reading == READING_RESPONSE ||
		    smtp->reading == READING_CHUNK;
	return smtp->waiting_count && (smtp->drain || (smtp->one_sided && !open));
}

/* All input is read. What is still open stays so: nothing more will decide it. */
static bool finish_next(struct smtp *smtp, struct smtp_item *out)
{
	bool inside = smtp->reading == READING_CHUNK || smtp->line[SMTP_CLIENT].cut.size ||
		      (smtp->reading == READING_CONTENT && !smtp->answered);
	if (inside && !smtp->cut_counted)
		anomaly(smtp->seen, SMTP_CUT);
	if (smtp->reading == READING_CONTENT && smtp->early_code && !smtp->cut_counted)
		anomaly(smtp->seen, SMTP_REPLY_UNEXPECTED);
	smtp->cut_counted = true;
	if (!smtp->waiting_count)
		return false;
	smtp->drain = 0;
	smtp_waiting_lose(smtp, out);
	return true;
}

static bool tls_item(struct smtp *smtp, struct smtp_item *out)
{
	smtp->tls_ready = false;
	*out = (struct smtp_item){
		.kind = SMTP_TLS,
		.verb = smtp->tls_implicit ? SMTP_VERB_UNKNOWN : SMTP_VERB_STARTTLS,
		.tls_implicit = smtp->tls_implicit,
		.time = smtp->now,
	};
	return true;
}

bool smtp_next(struct smtp *smtp, struct smtp_item *out)
{
	for (;;) { /* each turn takes a byte, a reply or a waiting command */
		bool held = smtp->held.size > smtp->held_read;
		bool open = smtp->doubt || smtp->one_sided || smtp->finished;
		smtp->now = smtp->fed;
		if (waiting_over(smtp)) {
			smtp_waiting_lose(smtp, out);
			return true;
		}
		if (smtp->reading == READING_CHUNK && !smtp->chunk) {
			if (smtp_chunk_end(smtp, out))
				return true;
		} else if (smtp->reply_ready) {
			if (smtp_reply_settle(smtp, out))
				return true;
		} else if (smtp->tls_ready) {
			return tls_item(smtp, out);
		} else if (held && smtp->reading != READING_HELD) {
			if (replay(smtp, out))
				return true;
		} else if (held && open && smtp_held_decide(smtp, smtp->finished)) {
			continue;
		} else if (smtp->in.at == smtp->in.end) {
			return smtp->finished && finish_next(smtp, out);
		} else if (smtp->side == SMTP_SERVER) {
			smtp_server_read(smtp, &smtp->in);
		} else if (client_read(smtp, &smtp->in, out)) {
			return true;
		}
	}
}

static void client_gap(struct smtp *smtp, uint64_t size)
{
	switch ((enum smtp_reading)smtp->reading) {
	case READING_COMMAND:
		smtp_resync(smtp);
		break;
	case READING_RESPONSE:
		smtp->reading = READING_COMMAND;
		smtp_resync(smtp);
		break;
	case READING_CONTENT:
		smtp_content_gap(smtp, size);
		break;
	case READING_CHUNK:
		smtp_chunk_gap(smtp, size);
		break;
	case READING_HELD: /* what is held is not contiguous with what comes: let it go */
		smtp->held.size = smtp->held_read = 0;
		smtp->held_gap = true;
		break;
	case READING_TLS:
	case READING_NOTHING:
		smtp_tls_gap(smtp, SMTP_CLIENT, size);
		break;
	}
}

static void server_gap(struct smtp *smtp, uint64_t size)
{
	struct smtp_line *line = &smtp->line[SMTP_SERVER];
	if (smtp->reading == READING_TLS) {
		smtp->tls_ready |= smtp->tls_asked;
		smtp->tls_asked = false;
		smtp_tls_gap(smtp, SMTP_SERVER, size);
		return;
	}
	smtp_reply_drop(smtp);
	line->torn = true;
	line->over = false;
	line->cut.size = 0;
	smtp->greeted = true; /* or it was just lost */
	smtp->doubt = true;
	smtp->waiting_sure = smtp->doubtful_count = 0;
	smtp->abandoned = 0;
}

void smtp_gap(struct smtp *smtp, enum smtp_side side, uint64_t size, int64_t time)
{
	smtp->fed = smtp->now = time;
	if (side == SMTP_CLIENT)
		client_gap(smtp, size);
	else
		server_gap(smtp, size);
}

void smtp_finish(struct smtp *smtp, int64_t time)
{
	struct smtp_line *line = &smtp->line[SMTP_SERVER];
	smtp->in = (struct bytes){ NULL, NULL };
	smtp->fed = smtp->now = time;
	smtp->finished = true;
	if (smtp->reading == READING_TLS)
		return;
	if (line->cut.size) { /* a server that closes may leave the end of its last line off */
		anomaly(smtp->seen, SMTP_CUT);
		smtp_reply_take(smtp, bytes_make(line->cut.at, line->cut.size), line->torn);
	} else if (smtp->reply_lines) {
		anomaly(smtp->seen, SMTP_CUT);
	}
	smtp->reply_ready = smtp->reply_lines;
	if (!smtp->greeted && !smtp->reply_ready && !smtp->one_sided)
		anomaly(smtp->seen, SMTP_GREETING_NONE);
}
