/* Words are read one by one; "from", "by", "with", "id", "for", "via" begin a clause, whose next
 * word is its value. What stands in brackets behind "from" tells the client as the server saw it:
 *   Postfix, Sendmail   from HELO (NAME [ADDRESS])
 *   Exim                from NAME ([ADDRESS] helo=HELO), from [ADDRESS] (helo=HELO)
 *   qmail               from NAME (HELO HELO) (ADDRESS)
 *   Exchange            from HELO (ADDRESS) by ... */
#include "mime/received.h"

#include "mime/text.h"

enum clause { CLAUSE_NONE, CLAUSE_FROM, CLAUSE_BY, CLAUSE_WITH, CLAUSE_ID, CLAUSE_OTHER };

static const struct {
	const char *word;
	enum clause clause;
} clauses[] = {
	{ "from", CLAUSE_FROM },
	{ "by", CLAUSE_BY },
	{ "with", CLAUSE_WITH },
	{ "id", CLAUSE_ID },
	{ "for", CLAUSE_OTHER },
	{ "via", CLAUSE_OTHER },
};

static void skip_space(struct bytes *in)
{
	while (in->at != in->end && text_space(*in->at))
		bytes_take(in, 1);
}

/* Up to white space or an opening bracket, stepped over. */
static struct bytes word(struct bytes *in)
{
	struct bytes rest = *in;
	while (rest.at != rest.end && !text_space(*rest.at) && *rest.at != '(')
		bytes_take(&rest, 1);
	return bytes_split(in, bytes_size(*in) - bytes_size(rest));
}

/* What stands within the brackets that open here, stepped over. */
static struct bytes comment(struct bytes *in)
{
	struct bytes rest = *in;
	unsigned depth = 0;
	while (rest.at != rest.end) {
		uint8_t byte = *bytes_take(&rest, 1);
		depth += byte == '(';
		if (byte == ')' && --depth == 0)
			break;
	}
	struct bytes all = bytes_split(in, bytes_size(*in) - bytes_size(rest));
	bytes_split(&all, 1);
	if (all.at != all.end && all.at[bytes_size(all) - 1] == ')')
		bytes_limit(&all, bytes_size(all) - 1);
	return all;
}

/* "192.0.2.1", "[192.0.2.1]", "[IPv6:2001:db8::1]", "ident@192.0.2.1", "192.0.2.1:4711". */
static bool address(struct bytes in, struct address *out)
{
	struct address found;
	const uint8_t *at = bytes_find(in, '['), *end = bytes_find(in, ']');
	if (at && end && end > at) {
		bytes_limit(&in, (size_t)(end - in.at));
		bytes_split(&in, (size_t)(at - in.at) + 1);
	}
	at = bytes_find(in, '@');
	if (at)
		bytes_split(&in, (size_t)(at - in.at) + 1);
	if (bytes_begin_case(in, bytes_of("IPv6:")))
		bytes_take(&in, 5);
	at = bytes_find(in, ':');
	if (!address_parse(in, &found) &&
		(!at || !bytes_limit(&in, (size_t)(at - in.at)) || !address_parse(in, &found)))
		return false;
	*out = found;
	return true;
}

static bool is_name(struct bytes in)
{
	return in.at != in.end && bytes_find(in, '.') && *in.at != '[';
}

/* One word of the brackets behind "from"; `helo`: the word before was qmail's "HELO". */
static void from_word(struct mime_received *out, struct bytes in, bool helo)
{
	struct address found;
	const uint8_t *at;
	if (bytes_begin_case(in, bytes_of("helo="))) {
		bytes_take(&in, 5);
		helo = true;
	}
	if (helo) {
		if (!out->name.at && is_name(out->from))
			out->name = out->from;
		if (address_is_none(&out->address))
			address(out->from, &out->address);
		out->from = in;
		return;
	}
	if (address(in, &found)) {
		if (address_is_none(&out->address))
			out->address = found;
		return;
	}
	at = bytes_find(in, '@');
	if (at)
		bytes_split(&in, (size_t)(at - in.at) + 1);
	if (!out->name.at && address_is_none(&out->address) && is_name(in))
		out->name = in; /* behind the address stand TLS versions and the like */
}

static void from_comment(struct mime_received *out, struct bytes in)
{
	bool helo = false;
	for (skip_space(&in); in.at != in.end; skip_space(&in)) {
		struct bytes next = word(&in);
		if (next.at == next.end) { /* brackets within brackets */
			comment(&in);
			continue;
		}
		if (!bytes_equal_case(next, bytes_of("HELO")) &&
			!bytes_equal_case(next, bytes_of("EHLO"))) {
			from_word(out, next, helo);
			helo = false;
		} else {
			helo = true;
		}
	}
}

static void value(struct mime_received *out, enum clause clause, struct bytes in)
{
	struct bytes *at[] = { [CLAUSE_FROM] = &out->from,
		[CLAUSE_BY] = &out->by,
		[CLAUSE_WITH] = &out->with,
		[CLAUSE_ID] = &out->id };
	if (clause == CLAUSE_NONE || clause == CLAUSE_OTHER || at[clause]->at)
		return;
	*at[clause] = in;
}

static enum clause clause_of(struct bytes in)
{
	for (size_t i = 0; i < COUNT(clauses); i++)
		if (bytes_equal_case(in, bytes_of(clauses[i].word)))
			return clauses[i].clause;
	return CLAUSE_NONE;
}

void received_read(struct bytes field, struct mime_received *out, struct bytes *date)
{
	enum clause clause = CLAUSE_NONE;
	bool fresh = false; /* the clause has no value yet */
	const uint8_t *at =
		field.at == field.end ? NULL : memrchr(field.at, ';', bytes_size(field));
	*out = (struct mime_received){ 0 };
	*date = field;
	bytes_split(date, at ? (size_t)(at - field.at) + 1 : bytes_size(field));
	if (at)
		bytes_limit(&field, (size_t)(at - field.at));
	for (skip_space(&field); field.at != field.end; skip_space(&field)) {
		if (*field.at == '(') {
			struct bytes inner = comment(&field);
			if (clause == CLAUSE_FROM)
				from_comment(out, inner);
			continue;
		}
		struct bytes next = word(&field);
		enum clause begun = fresh ? CLAUSE_NONE : clause_of(next);
		if (begun == CLAUSE_NONE)
			value(out, clause, next);
		else
			clause = begun;
		fresh = begun != CLAUSE_NONE;
	}
	if (address_is_none(&out->address))
		address(out->from, &out->address);
}
