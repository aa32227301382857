/* CSV writer (RFC 4180): fields quoted when needed, lines end with CRLF, into a growing buffer. A
 * field from outside that begins with = + - @ TAB or CR gets a leading ' (CWE-1236), control
 * characters and what is not UTF-8 are escaped as \xNN: JSON lines are the lossless form. One
 * thread at a time. No memory sets `failed`. */
#ifndef MW_BASE_CSV_H
#define MW_BASE_CSV_H

#include "base/pseudonym.h"

struct csv {
	char *text;
	size_t size, room;
	bool failed;
	bool comma;
	const struct pseudonyms *pseudonyms; /* NULL: values are told as they are */
};

void csv_begin(struct csv *csv); /* a new record; keeps its memory. Start from a zeroed struct. */

/* Of what others said: absent is an empty field. Pseudonyms stand for who and where in it. */
void csv_text(struct csv *csv, struct bytes text);
void csv_value(struct csv *csv, enum pseudonym_kind kind, struct bytes text);
void csv_address(struct csv *csv, const struct address *address); /* NULL: an empty field */
void csv_mac(struct csv *csv, const uint8_t *mac);                /* of 6 bytes; the same */

void csv_string(struct csv *csv, const char *text); /* our own words; NULL: an empty field */
void csv_uint(struct csv *csv, uint64_t number);
void csv_fixed(struct csv *csv, double number, unsigned digits); /* not finite: an empty field */
struct bytes csv_end(struct csv *csv); /* with CRLF; absent when it failed */
void csv_free(struct csv *csv);

#endif
