/* A list of parameters is read once, into a table; pieces are then found by number. */
#include "mime/parameters.h"

#include "base/fault.h"

/* Up to the closing quote, stepped over; without one, all. */
static struct bytes quoted(struct bytes *in)
{
	struct bytes rest = *in;
	while (rest.at != rest.end && *rest.at != '"') {
		bool escape = *rest.at == '\\';
		bytes_take(&rest, 1);
		if (escape)
			bytes_split(&rest, 1);
	}
	struct bytes value = bytes_split(in, bytes_size(*in) - bytes_size(rest));
	bytes_split(in, 1);
	return value;
}

/* What is left up to the semicolon, which is stepped over. */
static struct bytes up_to_semicolon(struct bytes *in)
{
	const uint8_t *at = bytes_find(*in, ';');
	struct bytes head = bytes_split(in, at ? (size_t)(at - in->at) : bytes_size(*in));
	bytes_split(in, 1);
	return text_trim(head);
}

/* Takes "*", "*N", "*N*" off the end of a name. */
static void name_read(struct parameter *parameter)
{
	struct bytes name = parameter->name;
	size_t size = bytes_size(name), digits = 0;
	parameter->piece = -1;
	if (size > 1 && name.at[size - 1] == '*') {
		parameter->extended = true;
		size--;
	}
	while (digits < size && name.at[size - 1 - digits] >= '0' &&
		name.at[size - 1 - digits] <= '9')
		digits++;
	if (digits && digits < size && name.at[size - 1 - digits] == '*') {
		struct bytes number = name;
		bytes_split(&number, size - digits);
		parameter->piece = 0;
		for (size_t i = 0; i < digits && parameter->piece < PIECES_MAX; i++)
			parameter->piece = parameter->piece * 10 + (number.at[i] - '0');
		size -= digits + 1;
	}
	bytes_limit(&parameter->name, size);
}

/* One parameter, stepped over; false: what stands there is none. */
static bool parameter_read(struct bytes *in, struct parameter *out)
{
	*out = (struct parameter){ .piece = -1 };
	while (in->at != in->end && text_space(*in->at))
		bytes_take(in, 1);
	const uint8_t *semicolon = bytes_find(*in, ';'), *equal;
	struct bytes head = *in;
	if (semicolon)
		bytes_limit(&head, (size_t)(semicolon - head.at));
	equal = bytes_find(head, '=');
	if (!equal) {
		out->name = head;
		up_to_semicolon(in);
		return false;
	}
	out->name = text_trim(bytes_split(in, (size_t)(equal - in->at)));
	bytes_take(in, 1);
	while (in->at != in->end && text_space(*in->at))
		bytes_take(in, 1);
	out->quoted = in->at != in->end && *in->at == '"';
	if (out->quoted) {
		bytes_take(in, 1);
		out->value = quoted(in);
		up_to_semicolon(in);
	} else {
		out->value = up_to_semicolon(in);
	}
	name_read(out);
	return out->name.at != out->name.end;
}

void parameters_read(struct bytes field, struct parameters *out, struct anomalies *seen)
{
	out->count = 0;
	out->value = up_to_semicolon(&field);
	for (unsigned turn = 0; field.at != field.end; turn++) {
		struct parameter parameter;
		if (turn == PARAMETERS_MAX || fault_limit()) {
			anomaly(seen, MIME_PARAMETERS_MANY);
			return;
		}
		if (parameter_read(&field, &parameter))
			out->at[out->count++] = parameter;
		else if (parameter.name.at != parameter.name.end)
			anomaly(seen, MIME_PARAMETER_BAD);
	}
}

static bool named(const struct parameter *parameter, const char *name)
{
	return bytes_equal_case(parameter->name, bytes_of(name));
}

unsigned parameters_count(const struct parameters *in, const char *name)
{
	unsigned count = 0;
	for (unsigned i = 0; i < in->count; i++)
		count += named(&in->at[i], name) && in->at[i].piece < 0 && !in->at[i].extended;
	return count;
}

static const struct parameter *find(
	const struct parameters *in, const char *name, int piece, bool extended)
{
	for (unsigned i = 0; i < in->count; i++)
		if (named(&in->at[i], name) && in->at[i].piece == piece &&
			(piece >= 0 || in->at[i].extended == extended))
			return &in->at[i];
	return NULL;
}

/* The value without the backslashes of a quoted string (RFC 5322 3.2.4). A backslash before what
 * needs none stays: programs put Windows paths there. */
static void put_plain(const struct parameter *parameter, struct text *out)
{
	struct bytes value = parameter->value;
	while (value.at != value.end) {
		uint8_t next = bytes_size(value) > 1 ? value.at[1] : 0;
		if (parameter->quoted && *value.at == '\\' && (next == '"' || next == '\\'))
			bytes_take(&value, 1);
		text_put(out, bytes_split(&value, 1));
	}
}

static void put_percent(struct bytes value, struct text *out)
{
	while (value.at != value.end) {
		struct bytes head = bytes_split(&value, 1);
		uint8_t byte = *head.at;
		if (byte == '%' && bytes_size(value) > 1 && text_hex(value.at[0]) >= 0 &&
			text_hex(value.at[1]) >= 0) {
			byte = (uint8_t)(text_hex(value.at[0]) << 4 | text_hex(value.at[1]));
			bytes_take(&value, 2);
		}
		text_put(out, bytes_make(&byte, 1));
	}
}

/* Takes charset'language' off the front; absent when it is not there. */
static struct bytes charset_take(struct bytes *value)
{
	struct bytes rest = *value;
	const uint8_t *at = bytes_find(rest, '\'');
	struct bytes charset = bytes_split(&rest, at ? (size_t)(at - rest.at) : 0);
	bytes_split(&rest, 1);
	const uint8_t *second = at ? bytes_find(rest, '\'') : NULL;
	if (!second)
		return (struct bytes){ NULL, NULL };
	bytes_split(&rest, (size_t)(second - rest.at) + 1);
	*value = rest;
	return charset;
}

/* Joins the pieces of a continued or extended parameter into `out`, still in its own charset. */
static bool join(
	const struct parameters *in, const char *name, struct text *out, struct bytes *charset)
{
	const struct parameter *whole = find(in, name, -1, true);
	*charset = (struct bytes){ NULL, NULL };
	for (int piece = 0; piece < PIECES_MAX; piece++) {
		const struct parameter *part = whole ? whole : find(in, name, piece, false);
		if (!part)
			return piece > 0;
		struct bytes value = part->value;
		if (part->extended && piece == 0)
			*charset = charset_take(&value);
		if (part->extended)
			put_percent(value, out);
		else
			put_plain(part, out);
		if (whole)
			return true;
	}
	return true;
}

static bool pieces_odd(const struct parameters *in, const char *name)
{
	uint64_t numbers = 0;
	for (unsigned i = 0; i < in->count; i++) {
		const struct parameter *parameter = &in->at[i];
		if (!named(parameter, name) || parameter->piece < 0)
			continue;
		if (parameter->piece >= PIECES_MAX || numbers >> parameter->piece & 1)
			return true;
		numbers |= (uint64_t)1 << parameter->piece;
	}
	return (numbers & (numbers + 1)) != 0; /* a number is missing */
}

bool parameters_text(
	const struct parameters *in, const char *name, struct words *words, struct text *out)
{
	const struct parameter *plain = find(in, name, -1, false);
	struct bytes charset;
	struct text *joined = &words->scratch; /* bytes in their own charset */
	text_clear(joined);
	if (pieces_odd(in, name))
		anomaly(words->seen, MIME_PARAMETER_BAD);
	if (join(in, name, joined, &charset)) {
		if (!charset.at || charset.at == charset.end)
			words_decode(words, text_bytes(joined), out);
		else if (!charset_decode(words->charsets, charset, text_bytes(joined), out))
			words_plain(words, text_bytes(joined), out);
		return true;
	}
	if (!plain)
		return false;
	put_plain(plain, joined);
	words_decode(words, text_bytes(joined), out);
	return true;
}

bool parameters_raw(const struct parameters *in, const char *name, struct text *out)
{
	const struct parameter *plain = find(in, name, -1, false);
	struct bytes charset;
	if (!plain)
		return join(in, name, out, &charset);
	put_plain(plain, out);
	return true;
}
