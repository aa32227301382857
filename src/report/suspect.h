/* The suspects, one story each: what it did, the numbers held against their limits, what servers
 * said, what would make it innocent, how to find the program. */
#ifndef MW_REPORT_SUSPECT_H
#define MW_REPORT_SUSPECT_H

#include "engine/engine.h"
#include "report/wrap.h"

#define SUSPECT_NAME 768 /* with NUL */

/* "192.168.7.108 (wxpanna, 00:0c:29:4d:1f:a6 VMware)": what is not known is left out. A name with
 * other than letters, digits, dots and hyphens stands in quotes. `by`: NULL for true names. */
const char *suspect_name(
	const struct alert *alert, const struct pseudonyms *by, char text[SUSPECT_NAME]);

/* One line that counts them by what they do and names the worst; nothing when there are none. */
void suspect_verdict(const struct engine *engine, struct wrap *wrap);

/* What is known of one, without what servers said; `number` 0: it stands alone. */
void suspect_facts(const struct alert *alert, size_t number, bool verbose, struct wrap *wrap);
void suspect_remarks(const struct alert *alert, struct wrap *wrap); /* unseen; innocent if */

void suspect_list(const struct engine *engine, bool verbose, struct wrap *wrap);

#endif
