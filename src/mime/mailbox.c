/* One pass finds where a mailbox ends and what stands in angle brackets and in comments. An open
 * quote or bracket reaches to the end of the field: nothing worse than one odd mailbox comes of it.
 */
#include "mime/mailbox.h"

struct shape { /* offsets from the mailbox's first byte; `end` where nothing was found */
	size_t begin, angle, angle_end, comment, comment_end, end;
	bool has_angle, has_comment;
};

struct lexer {
	bool quote, angle, escape;
	unsigned comment;
};

/* True when the byte separates mailboxes. */
static bool lex(struct lexer *lexer, struct shape *shape, size_t i, uint8_t byte)
{
	if (lexer->escape) {
		lexer->escape = false;
	} else if (byte == '\\') {
		lexer->escape = lexer->quote || lexer->comment;
	} else if (byte == '"' && !lexer->comment) {
		lexer->quote = !lexer->quote;
	} else if (lexer->quote) {
		return false;
	} else if (byte == '(' && !lexer->comment++) {
		shape->comment = i + 1;
		shape->has_comment = true;
	} else if (byte == ')' && lexer->comment && !--lexer->comment) {
		shape->comment_end = i;
	} else if (byte == '<' && !lexer->comment) {
		shape->angle = i + 1;
		lexer->angle = shape->has_angle = true;
	} else if (byte == '>' && lexer->angle && !lexer->comment) {
		shape->angle_end = i;
		lexer->angle = false;
	} else if (byte == ':' && !shape->has_angle && !lexer->comment) {
		shape->begin = i + 1; /* what stands before is a group's name */
	} else {
		return !lexer->comment && ((byte == ',' && !lexer->angle) || byte == ';');
	}
	return false;
}

static struct bytes piece(struct bytes in, size_t from, size_t to)
{
	bytes_split(&in, from);
	return bytes_split(&in, to > from ? to - from : 0);
}

/* Takes a route (RFC 5322 4.4) off. */
static struct bytes without_route(struct bytes in)
{
	const uint8_t *colon;
	in = text_trim(in);
	colon = in.at != in.end && *in.at == '@' ? memrchr(in.at, ':', bytes_size(in)) : NULL;
	if (colon)
		bytes_split(&in, (size_t)(colon - in.at) + 1);
	return in;
}

static void pieces(struct bytes in, const struct shape *shape, struct mailbox *out)
{
	size_t end = shape->has_comment ? shape->comment - 1 : shape->end;
	*out = (struct mailbox){ .address = text_trim(piece(in, shape->begin, end)) };
	if (shape->has_angle) {
		out->address = without_route(piece(in, shape->angle, shape->angle_end));
		out->name = text_trim(piece(in, shape->begin, shape->angle - 1));
	} else if (shape->has_comment && out->address.at == out->address.end) {
		out->address = text_trim(piece(in, shape->comment_end + 1, shape->end));
	}
	if (out->name.at == out->name.end && shape->has_comment)
		out->name = text_trim(piece(in, shape->comment, shape->comment_end));
}

bool mailbox_next(struct bytes *in, struct mailbox *out)
{
	while (in->at != in->end) {
		size_t size = bytes_size(*in), i = 0;
		struct lexer lexer = { 0 };
		struct shape shape = { 0 };
		while (i < size && !lex(&lexer, &shape, i, in->at[i]))
			i++;
		shape.end = i;
		if (lexer.angle)
			shape.angle_end = i;
		if (lexer.comment || shape.comment_end < shape.comment)
			shape.comment_end = i;
		pieces(bytes_make(in->at, i), &shape, out);
		bytes_split(in, i + 1);
		if (out->address.at != out->address.end || out->name.at != out->name.end)
			return true;
	}
	return false;
}

void mailbox_name(const struct mailbox *mailbox, struct words *words, struct text *out)
{
	struct text *plain = &words->scratch;
	struct bytes in = mailbox->name;
	bool quote = false;
	text_clear(plain);
	while (in.at != in.end) {
		struct bytes byte = bytes_split(&in, 1);
		if (*byte.at == '"') {
			quote = !quote;
			continue;
		}
		if (*byte.at == '\\' && quote && in.at != in.end)
			byte = bytes_split(&in, 1);
		text_put(plain, byte);
	}
	words_decode(words, text_trimmed(plain), out);
}
