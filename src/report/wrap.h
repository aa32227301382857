/* Text flow: words into lines of a given width, with a hanging indent and a label before it. All
 * text goes through escape.h, whoever wrote it; only tones (colours) are ours to send. Who and
 * where is told by wrap_value() and wrap_quote(), and by the texts of base/pseudonym.h. Errors stay
 * in the stream: the caller looks at ferror(). One thread at a time. */
#ifndef MW_REPORT_WRAP_H
#define MW_REPORT_WRAP_H

#include <stdio.h>

#include "base/pseudonym.h"

#define WRAP_WIDTH_MIN 40
#define WRAP_WIDTH_MAX 1000
#define WRAP_WORD 4096 /* bytes of a word that waits for its end; a longer one is broken */

enum tone { TONE_PLAIN, TONE_HEAD, TONE_BAD, TONE_GOOD, TONE_FAINT };

struct wrap {
	FILE *out;
	unsigned width;
	bool colour, utf8;
	const struct pseudonyms *pseudonyms; /* NULL: values are told as they are */
	/* the paragraph that is open */
	unsigned hanging; /* column where its further lines begin */
	unsigned column;  /* where we are */
	bool fresh;       /* nothing but indent on this line yet */
	bool glue;        /* the next piece belongs to the word before it */
	unsigned columns; /* of `word` on the screen */
	size_t size;      /* of `word` in bytes */
	char word[WRAP_WORD];
};

void wrap_init(struct wrap *wrap, FILE *out, unsigned width, bool colour, bool utf8);

/* Opens a paragraph: `label` at column `indent` (NULL: none), its text at `hanging` on this and all
 * further lines. A label that reaches into the text gets a line of its own. */
void wrap_open(struct wrap *wrap, unsigned indent, const char *label, unsigned hanging);
void wrap_print(struct wrap *wrap, const char *format, ...)
	__attribute__((format(printf, 2, 3)));         /* at most 1023 bytes a call */
void wrap_string(struct wrap *wrap, const char *text); /* any length */
void wrap_bytes(struct wrap *wrap, struct bytes text);

/* Of what others said; and "in quotes", cut with ... behind `max` bytes. */
void wrap_value(struct wrap *wrap, enum pseudonym_kind kind, struct bytes text);
void wrap_quote(struct wrap *wrap, struct pseudonym *text, size_t max);
void wrap_tone(struct wrap *wrap, enum tone tone); /* from here on; PLAIN ends it */
void wrap_close(struct wrap *wrap);

/* The usual cases in one call. */
void wrap_heading(struct wrap *wrap, const char *text); /* an empty line before it */
void wrap_item(struct wrap *wrap, unsigned indent, const char *label, unsigned hanging,
	const char *format, ...) __attribute__((format(printf, 5, 6)));
void wrap_blank(struct wrap *wrap);

/* One line that is never broken, for what is to be copied: a command. */
void wrap_line(struct wrap *wrap, unsigned indent, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
