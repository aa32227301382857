/* What header fields hold: a table of those that are told, and the three that say what an entity
 * is. */
#include "base/fault.h"
#include "mime/date.h"
#include "mime/mime_internal.h"
#include "mime/parameters.h"
#include "mime/received.h"

enum how { AS_TEXT, AS_SENT, AS_MAILBOXES, AS_DATE, AS_RECEIVED };

static const struct row {
	const char *name;  /* for people */
	const char *field; /* in the header */
	enum how how;
	bool once; /* RFC 5322 3.6: at most one in a message */
} rows[] = {
	[MIME_FROM] = { "from", "From", AS_MAILBOXES, true },
	[MIME_SENDER] = { "sender", "Sender", AS_MAILBOXES, true },
	[MIME_REPLY_TO] = { "reply_to", "Reply-To", AS_MAILBOXES, true },
	[MIME_TO] = { "to", "To", AS_MAILBOXES, true },
	[MIME_CC] = { "cc", "Cc", AS_MAILBOXES, true },
	[MIME_SUBJECT] = { "subject", "Subject", AS_TEXT, true },
	[MIME_DATE] = { "date", "Date", AS_DATE, true },
	[MIME_MESSAGE_ID] = { "message_id", "Message-ID", AS_SENT, true },
	[MIME_IN_REPLY_TO] = { "in_reply_to", "In-Reply-To", AS_SENT, true },
	[MIME_RECEIVED] = { "received", "Received", AS_RECEIVED, false },
	[MIME_USER_AGENT] = { "user_agent", "User-Agent", AS_TEXT, false },
	[MIME_X_MAILER] = { "x_mailer", "X-Mailer", AS_TEXT, false },
	[MIME_X_ORIGINATING_IP] = { "x_originating_ip", "X-Originating-IP", AS_SENT, false },
	[MIME_AUTHENTICATION_RESULTS] = { "authentication_results", "Authentication-Results",
		AS_SENT, false },
	[MIME_DKIM_SIGNATURE] = { "dkim_signature", "DKIM-Signature", AS_SENT, false },
	[MIME_RECEIVED_SPF] = { "received_spf", "Received-SPF", AS_SENT, false },
	[MIME_LIST_ID] = { "list_id", "List-Id", AS_TEXT, false },
	[MIME_AUTO_SUBMITTED] = { "auto_submitted", "Auto-Submitted", AS_SENT, false },
	[MIME_PRECEDENCE] = { "precedence", "Precedence", AS_SENT, false },
};
_Static_assert(COUNT(rows) == MIME_FIELD_COUNT, "each field has a row");

static const struct {
	const char *name;
	enum mime_encoding encoding;
} encodings[] = {
	{ "7bit", MIME_7BIT },
	{ "7-bit", MIME_7BIT },
	{ "8bit", MIME_8BIT },
	{ "8-bit", MIME_8BIT },
	{ "binary", MIME_BINARY },
	{ "base64", MIME_BASE64 },
	{ "quoted-printable", MIME_QUOTED_PRINTABLE },
	{ "x-uuencode", MIME_UUENCODE },
	{ "x-uue", MIME_UUENCODE },
	{ "uuencode", MIME_UUENCODE },
	{ "x-yencode", MIME_YENC },
};

const char *mime_field_name(enum mime_field field)
{
	return rows[field].name;
}

/* Copies in lower case what fits. */
static size_t keep_lower(struct bytes in, uint8_t *room, size_t size_max)
{
	struct bytes head = bytes_split(&in, size_max);
	size_t size = bytes_size(head);
	for (size_t i = 0; i < size; i++)
		room[i] = byte_lower(head.at[i]);
	return size;
}

/* type "/" subtype; anything else counts as not given (RFC 2045 5.2). */
static bool type_fine(struct bytes in)
{
	unsigned slashes = 0;
	for (; in.at != in.end; bytes_take(&in, 1)) {
		slashes += *in.at == '/';
		if (*in.at <= ' ' || *in.at >= 0x7F)
			return false;
	}
	return slashes == 1;
}

/* The boundary as a token ends at a blank or a comment; all that readers differ about is marked. */
static void boundary_read(struct mime *mime, const struct parameters *parameters)
{
	struct text *boundary = &mime->draft.boundary;
	bool quoted = false;
	if (!parameters_raw(parameters, "boundary", boundary))
		return;
	for (unsigned i = 0; i < parameters->count; i++)
		quoted |= parameters->at[i].quoted &&
			  bytes_equal_case(parameters->at[i].name, bytes_of("boundary"));
	for (size_t i = 0; !quoted && i < boundary->size; i++) {
		if (!text_space(boundary->room[i]) && boundary->room[i] != '(')
			continue;
		anomaly(mime->seen, MIME_AMBIGUOUS);
		boundary->size = i;
	}
	while (boundary->size && text_space(boundary->room[boundary->size - 1]))
		boundary->size--;
	if (parameters_count(parameters, "boundary") > 1 || boundary->size > 70)
		anomaly(mime->seen, MIME_AMBIGUOUS);
	if (boundary->size > BOUNDARY_MAX)
		boundary->size = BOUNDARY_MAX;
}

static bool parameter_is(
	struct mime *mime, const struct parameters *parameters, const char *name, const char *begin)
{
	text_clear(&mime->text);
	parameters_text(parameters, name, &mime->words, &mime->text);
	return bytes_begin_case(text_trimmed(&mime->text), bytes_of(begin));
}

/* PGP/MIME (RFC 3156) and S/MIME (RFC 8551) by what they declare. */
static enum mime_crypto crypto_read(struct mime *mime, const struct parameters *parameters)
{
	struct bytes type = bytes_make(mime->draft.type, mime->draft.type_size);
	if (bytes_equal(type, bytes_of("multipart/encrypted")))
		return MIME_PGP_ENCRYPTED;
	if (bytes_equal(type, bytes_of("multipart/signed")))
		return parameter_is(mime, parameters, "protocol", "application/pgp")
			       ? MIME_PGP_SIGNED
			       : MIME_SMIME_SIGNED;
	if (bytes_begin_case(type, bytes_of("application/pgp-encrypted")))
		return MIME_PGP_ENCRYPTED;
	if (bytes_begin_case(type, bytes_of("application/pgp-signature")))
		return MIME_PGP_SIGNED;
	if (bytes_begin_case(type, bytes_of("application/pkcs7-signature")) ||
		bytes_begin_case(type, bytes_of("application/x-pkcs7-signature")))
		return MIME_SMIME_SIGNED;
	if (!bytes_begin_case(type, bytes_of("application/pkcs7-mime")) &&
		!bytes_begin_case(type, bytes_of("application/x-pkcs7-mime")))
		return MIME_CRYPTO_NONE;
	return parameter_is(mime, parameters, "smime-type", "signed") ? MIME_SMIME_SIGNED
								      : MIME_SMIME_ENCRYPTED;
}

static void read_type(struct mime *mime, struct bytes value)
{
	struct draft *draft = &mime->draft;
	struct parameters parameters;
	parameters_read(value, &parameters, mime->seen);
	if (type_fine(parameters.value))
		draft->type_size = keep_lower(parameters.value, draft->type, TYPE_MAX);
	else
		anomaly(mime->seen, MIME_HEADER_BAD);
	draft->crypto = crypto_read(mime, &parameters);
	text_clear(&mime->text);
	parameters_text(&parameters, "charset", &mime->words, &mime->text);
	draft->charset_size = keep_lower(text_trimmed(&mime->text), draft->charset, TYPE_MAX);
	boundary_read(mime, &parameters);
	draft->has_type_name =
		parameters_text(&parameters, "name", &mime->words, &draft->type_name);
}

static void read_disposition(struct mime *mime, struct bytes value)
{
	struct draft *draft = &mime->draft;
	struct parameters parameters;
	parameters_read(value, &parameters, mime->seen);
	if (bytes_equal_case(parameters.value, bytes_of("inline")))
		draft->disposition = MIME_INLINE;
	else if (parameters.value.at != parameters.value.end) /* RFC 2183 2.8: unknown ones too */
		draft->disposition = MIME_ATTACHMENT;
	if (parameters_count(&parameters, "filename") > 1)
		anomaly(mime->seen, MIME_AMBIGUOUS);
	draft->has_name = parameters_text(&parameters, "filename", &mime->words, &draft->name);
}

static void read_encoding(struct mime *mime, struct bytes value)
{
	const uint8_t *end = bytes_find(value, ';');
	if (!end)
		end = bytes_find(value, '(');
	if (end)
		bytes_limit(&value, (size_t)(end - value.at));
	value = text_trim(value);
	for (size_t i = 0; i < COUNT(encodings); i++) {
		if (!bytes_equal_case(value, bytes_of(encodings[i].name)))
			continue;
		mime->draft.encoding = encodings[i].encoding;
		return;
	}
	anomaly(mime->seen, MIME_ENCODING_BAD);
	mime->draft.encoding = MIME_ENCODING_UNKNOWN;
}

/* The first of each kind counts; a second one is ambiguous. */
static bool first(struct mime *mime, bool *has)
{
	if (*has)
		return anomaly(mime->seen, MIME_AMBIGUOUS);
	*has = true;
	return true;
}

static bool content_field(struct mime *mime, struct bytes name, struct bytes value)
{
	struct draft *draft = &mime->draft;
	if (bytes_equal_case(name, bytes_of("Content-Type"))) {
		if (first(mime, &draft->has_type))
			read_type(mime, value);
	} else if (bytes_equal_case(name, bytes_of("Content-Transfer-Encoding"))) {
		if (first(mime, &draft->has_encoding))
			read_encoding(mime, value);
	} else if (bytes_equal_case(name, bytes_of("Content-Disposition"))) {
		if (first(mime, &draft->has_disposition))
			read_disposition(mime, value);
	} else {
		return false;
	}
	return true;
}

static bool find(struct bytes name, enum mime_field *out)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (!bytes_equal_case(name, bytes_of(rows[i].field)))
			continue;
		*out = (enum mime_field)i;
		return true;
	}
	return false;
}

static void tell(
	struct mime *mime, enum mime_field field, struct bytes value, struct mime_item *out)
{
	const struct row *row = &rows[field];
	uint32_t bit = (uint32_t)1 << field;
	struct bytes date = value;
	if (row->once && mime->fields_seen & bit)
		anomaly(mime->seen, MIME_FIELD_TWICE);
	mime->fields_seen |= bit;
	text_clear(&mime->text);
	if (row->how == AS_TEXT || row->how == AS_MAILBOXES)
		words_decode(&mime->words, value, &mime->text);
	else
		words_plain(&mime->words, value, &mime->text);
	if (mime->text.cut)
		anomaly(mime->seen, MIME_FIELD_LONG);
	*out = (struct mime_item){ .kind = MIME_FIELD, .field = field, .raw = mime->text.raw };
	out->text = text_trimmed(&mime->text);
	if (row->how == AS_MAILBOXES) {
		mime->mailbox_field = field;
		mime->mailboxes = value;
	}
	if (row->how == AS_RECEIVED) {
		received_read(value, &mime->received, &date);
		out->received = &mime->received;
	}
	out->time =
		row->how == AS_DATE || row->how == AS_RECEIVED ? date_read(date) : MIME_MOMENT_NONE;
}

enum step field_read(struct mime *mime, struct bytes field, struct mime_item *out)
{
	const uint8_t *colon = bytes_find(field, ':');
	enum mime_field known;
	if (!colon)
		return STEP_ON;
	struct bytes name = text_trim(bytes_split(&field, (size_t)(colon - field.at)));
	bytes_take(&field, 1);
	field = text_trim(field);
	if (content_field(mime, name, field) || !mime->mine || !find(name, &known))
		return STEP_ON;
	if (mime->header_skip && (!rows[known].once || mime->fields_seen >> known & 1))
		return STEP_ON;
	tell(mime, known, field, out);
	return STEP_ITEM;
}

bool field_mailbox(struct mime *mime, struct mime_item *out)
{
	enum mime_field field = mime->mailbox_field;
	struct mailbox mailbox;
	if (mime->mailboxes.at == mime->mailboxes.end)
		return false;
	if (mime->addresses[field] == MIME_ADDRESSES_MAX || fault_limit()) {
		anomaly(mime->seen, MIME_ADDRESSES_MANY);
		mime->mailboxes = (struct bytes){ NULL, NULL };
		return false;
	}
	mime->steps += bytes_size(mime->mailboxes);
	bool is_there = mailbox_next(&mime->mailboxes, &mailbox);
	mime->steps -= bytes_size(mime->mailboxes);
	if (!is_there)
		return false;
	mime->addresses[field]++;
	text_clear(&mime->text);
	mailbox_name(&mailbox, &mime->words, &mime->text);
	*out = (struct mime_item){ .kind = MIME_ADDRESS, .field = field };
	out->address = mailbox.address;
	out->text = text_trimmed(&mime->text);
	out->raw = mime->text.raw;
	out->time = MIME_MOMENT_NONE;
	return true;
}
