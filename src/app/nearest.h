/* "Did you mean ...?": the name that was probably meant. */
#ifndef MW_APP_NEAREST_H
#define MW_APP_NEAREST_H

#include <stddef.h>

#define NEAREST_NAME 31 /* letters; longer words are nobody's typing mistake */

struct nearest {
	const char *word; /* what was typed */
	const char *name; /* the best so far; NULL: nothing is near enough */
	size_t distance;  /* a name must be nearer than this */
};

void nearest_init(struct nearest *nearest, const char *word);
void nearest_offer(struct nearest *nearest, const char *name);

#endif
