/* How far the reading is: one line on the terminal, rewritten, gone at the end. The one place that
 * looks at a clock, for nothing but this. */
#ifndef MW_APP_PROGRESS_H
#define MW_APP_PROGRESS_H

#include "sense/files.h"

struct progress {
	bool wanted, shown;
	unsigned waiting;     /* packets until the clock is looked at again */
	int64_t begun, drawn; /* microseconds of a clock that only goes forward */
};

/* Nothing is ever shown when standard error is no terminal, or `quiet`. */
void progress_init(struct progress *progress, bool quiet);
void progress_step(struct progress *progress, const struct files *files); /* after each packet */
void progress_erase(struct progress *progress); /* before anything else is written */

#endif
