/* CSV writer. Spreadsheets run what looks like a formula (CWE-1236), so text that could is led by
 * an apostrophe, which they show as text. No field holds a line break: one record is one line. */
#include "base/csv.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fault.h"
#include "base/utf8.h"

#define ROOM_FIRST 512  /* bytes */
#define DIGITS_MAX 15   /* behind the point; a double holds no more */
#define NUMBER_ROOM 336 /* DBL_MAX has 309 digits before the point */

static void put(struct csv *csv, struct bytes bytes)
{
	size_t size = bytes_size(bytes);
	size_t room = csv->room ? csv->room : ROOM_FIRST;
	if (csv->failed || !size)
		return;
	while (room - csv->size < size && room <= SIZE_MAX / 4)
		room *= 2;
	if (room != csv->room) {
		char *text =
			fault_call() || room - csv->size < size ? NULL : realloc(csv->text, room);
		csv->failed = !text;
		if (!text)
			return;
		csv->text = text;
		csv->room = room;
	}
	memcpy(csv->text + csv->size, bytes.at, size);
	csv->size += size;
}

static void begin_field(struct csv *csv)
{
	if (csv->comma)
		put(csv, bytes_of(","));
	csv->comma = true;
}

void csv_begin(struct csv *csv)
{
	csv->size = 0;
	csv->failed = false;
	csv->comma = false;
}

static void put_text(struct csv *csv, struct bytes text)
{
	char room[UTF8_SHOW];
	while (text.at != text.end && !csv->failed) {
		struct bytes piece = utf8_show(&text, room);
		if (*piece.at == '"')
			put(csv, bytes_of("\"")); /* doubled: RFC 4180 2.7 */
		put(csv, piece);
	}
}

static void put_field(
	struct csv *csv, const struct pseudonyms *by, enum pseudonym_kind kind, struct bytes text)
{
	bool quoted = bytes_find(text, ',') || bytes_find(text, '"');
	struct pseudonym shown;
	struct bytes piece;
	begin_field(csv);
	if (quoted)
		put(csv, bytes_of("\""));
	if (text.at != text.end && bytes_find(bytes_of("=+-@\t\r"), *text.at))
		put(csv, bytes_of("'"));
	pseudonym_open(&shown, by, kind, text, (struct bytes){ NULL, NULL });
	while (pseudonym_next(&shown, &piece))
		put_text(csv, piece);
	if (quoted)
		put(csv, bytes_of("\""));
}

void csv_text(struct csv *csv, struct bytes text)
{
	put_field(csv, csv->pseudonyms, PSEUDONYM_TEXT, text);
}

void csv_value(struct csv *csv, enum pseudonym_kind kind, struct bytes text)
{
	put_field(csv, csv->pseudonyms, kind, text);
}

void csv_address(struct csv *csv, const struct address *address)
{
	char text[ADDRESS_TEXT];
	csv_string(csv, address ? pseudonym_address_text(csv->pseudonyms, address, text) : NULL);
}

void csv_mac(struct csv *csv, const uint8_t *mac)
{
	char text[MAC_TEXT];
	csv_string(csv, mac ? pseudonym_mac_text(csv->pseudonyms, mac, text) : NULL);
}

void csv_string(struct csv *csv, const char *text)
{
	struct bytes own = text ? bytes_of(text) : (struct bytes){ NULL, NULL };
	put_field(csv, NULL, PSEUDONYM_TEXT, own);
}

void csv_uint(struct csv *csv, uint64_t number)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRIu64, number);
	begin_field(csv);
	put(csv, bytes_of(text));
}

/* The program sets no locale, so the point is a point. */
void csv_fixed(struct csv *csv, double number, unsigned digits)
{
	char text[NUMBER_ROOM] = "";
	if (isfinite(number))
		snprintf(text, sizeof(text), "%.*f",
			(int)(digits > DIGITS_MAX ? DIGITS_MAX : digits), number);
	begin_field(csv);
	put(csv, bytes_of(text));
}

struct bytes csv_end(struct csv *csv)
{
	put(csv, bytes_of("\r\n"));
	return csv->failed ? (struct bytes){ NULL, NULL } : bytes_make(csv->text, csv->size);
}

void csv_free(struct csv *csv)
{
	free(csv->text);
	*csv = (struct csv){ 0 };
}
