/* RFC 2047. Words of one set that follow each other are joined before they are converted, as many
 * senders cut within a character (which section 5 forbids). White space between words is dropped,
 * other text is kept. Each search for the end of a word either finds it, and goes on behind it, or
 * fails for all that follow: linear. */
#include "mime/words.h"

#include "base/utf8.h"
#include "mime/transfer.h"

#define CHARSET_MAX sizeof((struct words){ 0 }.charset)

struct word {
	struct bytes charset, text, whole;
	bool base64;
};

void words_plain(struct words *words, struct bytes in, struct text *out)
{
	while (in.at != in.end) {
		uint32_t code;
		text_put(out, bytes_split(&in, text_ascii(in)));
		if (in.at == in.end)
			return;
		size_t size = utf8_size(in, &code);
		if (!size && !out->raw) {
			out->raw = true;
			anomaly(words->seen, MIME_HEADER_8BIT);
		}
		text_put(out, bytes_split(&in, size ? size : 1));
	}
}

/* Converts the words that wait. */
static void flush(struct words *words, struct text *out)
{
	bool raw = out->raw;
	struct bytes all = bytes_make(words->room, words->size);
	out->raw = false;
	if (words->size)
		charset_decode(
			words->charsets, bytes_make(words->charset, words->charset_size), all, out);
	if (out->raw)
		anomaly(words->seen, MIME_WORD_BAD);
	out->raw |= raw;
	words->size = 0;
}

/* The next piece up to `end`, stepped over with it; false: there is none. */
static bool piece(struct bytes *in, uint8_t end, struct bytes *out)
{
	const uint8_t *at = bytes_find(*in, end);
	if (!at)
		return false;
	*out = bytes_split(in, (size_t)(at - in->at));
	bytes_take(in, 1);
	return true;
}

/* The text up to "?=", stepped over; false: no such end follows. */
static bool text_end(struct bytes *in, struct bytes *out)
{
	const uint8_t *at = in->at == in->end ? NULL : memmem(in->at, bytes_size(*in), "?=", 2);
	if (!at)
		return false;
	*out = bytes_split(in, (size_t)(at - in->at));
	bytes_take(in, 2);
	return true;
}

/* Reads a word at "=?", stepped over; false: it is none. `endless`: no "?=" follows any more. */
static bool word_read(struct bytes *in, struct word *out, bool *endless)
{
	struct bytes rest = *in, head, kind, language;
	bytes_take(&rest, 2);
	head = rest;
	bytes_limit(&head, CHARSET_MAX);
	if (!piece(&head, '?', &out->charset) || out->charset.at == out->charset.end)
		return false;
	bytes_split(&rest, bytes_size(out->charset) + 1);
	kind = bytes_split(&rest, 2);
	if (bytes_size(kind) < 2 || kind.at[1] != '?')
		return false;
	out->base64 = byte_lower(kind.at[0]) == 'b';
	if (!out->base64 && byte_lower(kind.at[0]) != 'q')
		return false;
	if (!text_end(&rest, &out->text)) {
		*endless = true;
		return false;
	}
	out->whole = bytes_make(in->at, bytes_size(*in) - bytes_size(rest));
	language = out->charset; /* RFC 2231 section 5: charset*language */
	if (piece(&language, '*', &head))
		out->charset = head;
	*in = rest;
	return true;
}

/* The decoded bytes join those that wait. */
static void word_bytes(struct words *words, const struct word *word)
{
	struct transfer transfer;
	struct bytes text = word->text;
	transfer_init(&transfer, word->base64 ? MIME_BASE64 : MIME_QUOTED_PRINTABLE);
	transfer.words = true;
	uint8_t *room = words->room + words->size;
	words->size += transfer_decode(&transfer, &text, room, TEXT_ROOM - words->size);
	if (words->size < TEXT_ROOM)
		words->size +=
			transfer_end(&transfer, words->room + words->size, TEXT_ROOM - words->size);
}

static bool same_charset(const struct words *words, struct bytes charset)
{
	return bytes_equal_case(bytes_make(words->charset, words->charset_size), charset);
}

static void word_add(struct words *words, const struct word *word, struct text *out)
{
	if (words->size && !same_charset(words, word->charset))
		flush(words, out);
	if (!charset_known(words->charsets, word->charset)) {
		anomaly(words->seen, MIME_WORD_BAD);
		text_put(out, word->whole);
		out->raw = true;
		return;
	}
	words->charset_size = (uint8_t)bytes_size(word->charset);
	memcpy(words->charset, word->charset.at, words->charset_size);
	word_bytes(words, word);
}

static bool all_space(struct bytes in)
{
	in = text_trim(in);
	return in.at == in.end;
}

/* Index of the next "=?"; the size of `in` when there is none. */
static size_t word_begin(struct bytes in)
{
	const uint8_t *at = in.at == in.end ? NULL : memmem(in.at, bytes_size(in), "=?", 2);
	return at ? (size_t)(at - in.at) : bytes_size(in);
}

void words_decode(struct words *words, struct bytes in, struct text *out)
{
	bool endless = false, behind_word = false;
	words->size = 0;
	while (in.at != in.end && !out->cut) {
		struct word word;
		struct bytes plain = bytes_split(&in, endless ? bytes_size(in) : word_begin(in));
		if (plain.at != plain.end &&
			!(behind_word && in.at != in.end && all_space(plain))) {
			flush(words, out);
			words_plain(words, plain, out);
		}
		if (in.at == in.end)
			break;
		behind_word = word_read(&in, &word, &endless);
		if (behind_word) {
			word_add(words, &word, out);
			continue;
		}
		flush(words, out);
		text_put(out, bytes_split(&in, 2));
	}
	flush(words, out);
}
