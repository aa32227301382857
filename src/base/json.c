/* JSON writer. The time goes into text, so plain runs are found by table and copied whole; only
 * what must be escaped is looked at one by one. */
#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fault.h"
#include "base/utf8.h"

#define ROOM_FIRST 512  /* bytes */
#define DIGITS_MAX 15   /* behind the point; a double holds no more */
#define NUMBER_ROOM 336 /* DBL_MAX has 309 digits before the point */

/* Room for `more` bytes at json->text + size; NULL when there is none. */
static char *reserve(struct json *json, size_t more)
{
	size_t room = json->room ? json->room : ROOM_FIRST;
	char *text;
	if (json->failed)
		return NULL;
	if (json->room - json->size >= more)
		return json->text + json->size;
	while (room - json->size < more && room <= SIZE_MAX / 4)
		room *= 2;
	text = fault_call() || room - json->size < more ? NULL : realloc(json->text, room);
	if (!text) {
		json->failed = true;
		return NULL;
	}
	json->text = text;
	json->room = room;
	return text + json->size;
}

static void put(struct json *json, struct bytes bytes)
{
	size_t size = bytes_size(bytes);
	char *at = size ? reserve(json, size) : NULL;
	if (!at)
		return;
	memcpy(at, bytes.at, size);
	json->size += size;
}

static void put_byte(struct json *json, char byte)
{
	char *at = reserve(json, 1);
	if (!at)
		return;
	*at = byte;
	json->size++;
}

/* The comma before a value that has a sister before it. */
static void begin_value(struct json *json)
{
	if (json->comma)
		put_byte(json, ',');
	json->comma = true;
}

void json_begin(struct json *json)
{
	json->size = 0;
	json->failed = false;
	json->comma = false;
}

struct bytes json_end(struct json *json)
{
	return json->failed ? (struct bytes){ NULL, NULL } : bytes_make(json->text, json->size);
}

void json_free(struct json *json)
{
	free(json->text);
	*json = (struct json){ 0 };
}

static void open_group(struct json *json, char bracket)
{
	begin_value(json);
	put_byte(json, bracket);
	json->comma = false;
}

static void close_group(struct json *json, char bracket)
{
	put_byte(json, bracket);
	json->comma = true;
}

void json_object(struct json *json)
{
	open_group(json, '{');
}

void json_object_end(struct json *json)
{
	close_group(json, '}');
}

void json_array(struct json *json)
{
	open_group(json, '[');
}

void json_array_end(struct json *json)
{
	close_group(json, ']');
}

/* Must be written as an escape, although it is UTF-8. U+F780..U+F7FF stand for bytes that are none:
 * a genuine one must not be taken for such a byte. */
static bool is_special(uint32_t code)
{
	return utf8_is_hidden(code) || code == '"' || code == '\\' ||
	       (code >= 0xf780 && code <= 0xf7ff);
}

/* How many bytes at the beginning may be copied as they are. */
static size_t plain_size(struct bytes text)
{
	uint32_t code;
	struct bytes rest = text;
	while (rest.at != rest.end) {
		size_t size = 1;
		if (*rest.at >= 0x80) {
			size = utf8_size(rest, &code);
			if (!size || is_special(code))
				break;
		} else if (*rest.at < 0x20 || *rest.at == 0x7f || *rest.at == '"' ||
			   *rest.at == '\\') {
			break;
		}
		rest.at += size;
	}
	return (size_t)(rest.at - text.at);
}

static void put_code(struct json *json, uint32_t code)
{
	static const char digits[] = "0123456789abcdef";
	char *at = reserve(json, 6);
	if (!at)
		return;
	*at++ = '\\';
	*at++ = 'u';
	for (int shift = 12; shift >= 0; shift -= 4)
		*at++ = digits[code >> shift & 15];
	json->size += 6;
}

/* Steps over one character that is_special(), or one byte that is no UTF-8. */
static void put_special(struct json *json, struct bytes *text)
{
	uint32_t code = 0;
	size_t size = utf8_size(*text, &code);
	struct bytes piece = bytes_split(text, size ? size : 1);
	if (code == '"' || code == '\\') {
		put_byte(json, '\\');
		put_byte(json, (char)code);
	} else if (size && utf8_is_hidden(code)) {
		put_code(json, code);
	} else {
		for (; piece.at != piece.end; piece.at++)
			put_code(json, 0xf700u | *piece.at);
	}
}

static void put_text(struct json *json, struct bytes text)
{
	while (text.at != text.end && !json->failed) {
		put(json, bytes_split(&text, plain_size(text)));
		if (text.at != text.end)
			put_special(json, &text);
	}
}

static void put_quoted(struct json *json, struct bytes text)
{
	put_byte(json, '"');
	put_text(json, text);
	put_byte(json, '"');
}

void json_key(struct json *json, const char *name)
{
	begin_value(json);
	put_quoted(json, bytes_of(name));
	put_byte(json, ':');
	json->comma = false;
}

static void put_value(
	struct json *json, enum pseudonym_kind kind, struct bytes text, struct bytes about)
{
	struct pseudonym shown;
	struct bytes piece;
	if (!text.at) {
		json_null(json);
		return;
	}
	begin_value(json);
	put_byte(json, '"');
	pseudonym_open(&shown, json->pseudonyms, kind, text, about);
	while (pseudonym_next(&shown, &piece))
		put_text(json, piece);
	put_byte(json, '"');
}

void json_text(struct json *json, struct bytes text)
{
	put_value(json, PSEUDONYM_TEXT, text, (struct bytes){ NULL, NULL });
}

void json_answer(struct json *json, struct bytes text, struct bytes about)
{
	put_value(json, PSEUDONYM_TEXT, text, about);
}

void json_value(struct json *json, enum pseudonym_kind kind, struct bytes text)
{
	put_value(json, kind, text, (struct bytes){ NULL, NULL });
}

void json_address(struct json *json, const struct address *address)
{
	char text[ADDRESS_TEXT];
	json_string(json, address ? pseudonym_address_text(json->pseudonyms, address, text) : NULL);
}

void json_mac(struct json *json, const uint8_t *mac)
{
	char text[MAC_TEXT];
	json_string(json, mac ? pseudonym_mac_text(json->pseudonyms, mac, text) : NULL);
}

void json_string(struct json *json, const char *text)
{
	if (!text) {
		json_null(json);
		return;
	}
	begin_value(json);
	put_quoted(json, bytes_of(text));
}

void json_uint(struct json *json, uint64_t number)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRIu64, number);
	begin_value(json);
	put(json, bytes_of(text));
}

void json_int(struct json *json, int64_t number)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRId64, number);
	begin_value(json);
	put(json, bytes_of(text));
}

/* The program sets no locale, so the point is a point. */
void json_fixed(struct json *json, double number, unsigned digits)
{
	char text[NUMBER_ROOM];
	if (!isfinite(number)) {
		json_null(json);
		return;
	}
	snprintf(text, sizeof(text), "%.*f", (int)(digits > DIGITS_MAX ? DIGITS_MAX : digits),
		number);
	begin_value(json);
	put(json, bytes_of(text));
}

void json_bool(struct json *json, bool value)
{
	begin_value(json);
	put(json, bytes_of(value ? "true" : "false"));
}

void json_null(struct json *json)
{
	begin_value(json);
	put(json, bytes_of("null"));
}
