/* Text from strangers made fit for a terminal: one shown character at a time. Controls, bytes that
 * are no UTF-8, and characters that change how their neighbours are read (bidi, invisible ones)
 * come out as \xNN or \uNNNN; all others as they are. What was escaped once is not changed by a
 * second pass. JSON lines, not this, are the lossless form. No state. */
#ifndef MW_REPORT_ESCAPE_H
#define MW_REPORT_ESCAPE_H

#include "base/bytes.h"

#define ESCAPE_MAX 12 /* bytes of one shown character, with NUL */

struct escaped {
	char text[ESCAPE_MAX];
	unsigned size;    /* bytes */
	unsigned columns; /* on the screen */
};

/* The next character, stepped over; `in` must not be empty. `utf8`: the reader's terminal knows
 * UTF-8; else all that is not ASCII is escaped. */
struct escaped escape_next(struct bytes *in, bool utf8);

#endif
