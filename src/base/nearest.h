/* "Did you mean ...?": of the names there are, the one that was probably meant. Nothing is kept but
 * pointers to the caller's text. One thread at a time. */
#ifndef MW_BASE_NEAREST_H
#define MW_BASE_NEAREST_H

#include <stddef.h>

#define NEAREST_NAME 31 /* letters; a longer word is nobody's typing mistake */

struct nearest {
	const char *word; /* what was typed */
	const char *name; /* the best so far; NULL: nothing is near enough */
	size_t distance;  /* a name must be nearer than this */
};

void nearest_init(struct nearest *nearest, const char *word);
void nearest_offer(struct nearest *nearest, const char *name); /* the first of equals wins */

#endif
