/* The parameters of Content-Type and Content-Disposition: RFC 2045 5.1, continued and encoded as
 * RFC 2231 says, and as really sent: encoded words, bare 8-bit, unquoted blanks. */
#ifndef MW_MIME_PARAMETERS_H
#define MW_MIME_PARAMETERS_H

#include "mime/words.h"

#define PARAMETERS_MAX 64 /* of one field; further ones are not read */
#define PIECES_MAX 32     /* of one parameter (RFC 2231 section 3) */

struct parameter {
	struct bytes name;  /* without piece number and asterisks */
	struct bytes value; /* as sent, without its quotes */
	int piece;          /* name*0, name*1: 0, 1; -1: whole */
	bool extended;      /* name*, name*0*: charset'language'%XX */
	bool quoted;
};

struct parameters {
	struct bytes value; /* what stands before the first semicolon */
	unsigned count;
	struct parameter at[PARAMETERS_MAX];
};

/* Points into `field`, which must live as long. */
void parameters_read(struct bytes field, struct parameters *out, struct anomalies *seen);

/* Adds the decoded value of a parameter to `out`: an extended or continued form goes before a plain
 * one. false: there is none. */
bool parameters_text(
	const struct parameters *in, const char *name, struct words *words, struct text *out);

/* The value as sent, escapes taken out, of the first plain parameter of that name, else its
 * continued form joined; nothing is decoded: for boundaries. false: there is none. */
bool parameters_raw(const struct parameters *in, const char *name, struct text *out);

/* How many parameters of that name stand whole: more than one is ambiguous. */
unsigned parameters_count(const struct parameters *in, const char *name);

#endif
