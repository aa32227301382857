/* JSON writer (RFC 8259): straight into a growing buffer, one document at a time, no tree. Text
 * that is not UTF-8 is carried without loss: each byte that is no part of valid UTF-8 becomes the
 * private-use character U+F7NN (NN its value, 80..FF), written \uf7nn; a genuine U+F780..U+F7FF
 * counts as three such bytes, so that reading back is unambiguous (docs/sessions.md). Control
 * characters, DEL, U+2028, U+2029 and the bidi controls are always written \uXXXX. Commas and
 * colons are the writer's business. One thread at a time. No memory sets `failed`: ask json_end().
 */
#ifndef MW_BASE_JSON_H
#define MW_BASE_JSON_H

#include "base/pseudonym.h"

struct json {
	char *text;
	size_t size, room;
	bool failed;
	bool comma;                          /* the next value needs one */
	const struct pseudonyms *pseudonyms; /* NULL: values are told as they are */
};

void json_begin(struct json *json); /* empties it; keeps its memory for the next document. Start
				       from a zeroed struct. */
struct bytes json_end(struct json *json); /* the document, without newline, until the next begin;
					     absent when it failed */
void json_free(struct json *json);

void json_object(struct json *json);
void json_object_end(struct json *json);
void json_array(struct json *json);
void json_array_end(struct json *json);
void json_key(struct json *json, const char *name); /* inside an object, before each value */

/* Of what others said: absent is null. Pseudonyms stand for who and where in it. */
void json_text(struct json *json, struct bytes text);
void json_answer(struct json *json, struct bytes text, struct bytes about); /* a mail address */
void json_value(struct json *json, enum pseudonym_kind kind, struct bytes text);
void json_address(struct json *json, const struct address *address); /* NULL: null */
void json_mac(struct json *json, const uint8_t *mac);                /* of 6 bytes; NULL: null */

void json_string(struct json *json, const char *text); /* our own words; NULL: null */
void json_uint(struct json *json, uint64_t number);
void json_int(struct json *json, int64_t number);
void json_fixed(struct json *json, double number, unsigned digits); /* not finite: null */
void json_bool(struct json *json, bool value);
void json_null(struct json *json);

#endif
