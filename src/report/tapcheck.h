/* Was the recording made in the right place, and whole? A verdict is worth what the recording is
 * worth, so what is wrong with it is told, with its numbers, what they mean, and what to change at
 * the switch or in the recorder's command. tapcheck.c judges model/recording.h, tapcheck_words.c
 * has the words; docs/tap.md states the limits. Pure. */
#ifndef MW_REPORT_TAPCHECK_H
#define MW_REPORT_TAPCHECK_H

#include "model/recording.h"
#include "report/report.h"
#include "report/wrap.h"

struct tapcheck {                          /* what is looked at; all of it lives as long */
	const struct recording *recording; /* NULL: nothing is found */
	const struct site *site;
	const struct engine_summary *sum;
	const struct anomaly_totals *totals;
	const struct report_seen *seen;
};

enum tapcheck_finding { /* in the order in which they are told */
	TAPCHECK_ONE_DIRECTION,
	TAPCHECK_CUT,
	TAPCHECK_BROADCAST,
	TAPCHECK_OUTSIDE_NAT,
	TAPCHECK_ONE_HOST,
	TAPCHECK_NO_MAIL,
	TAPCHECK_CLOCK_UNSET,
	TAPCHECK_CLOCK_BACK,
	TAPCHECK_CLOCK_AHEAD,
	TAPCHECK_DROPPED, /* says the recorder */
	TAPCHECK_HOLES,
	TAPCHECK_DOUBLED, /* from here on nothing changes what the verdict is worth */
	TAPCHECK_CHECKSUMS,
	TAPCHECK_FINDINGS
};

bool tapcheck_holds(const struct tapcheck *check, enum tapcheck_finding finding);

/* Does one hold that changes what the verdict is worth? */
bool tapcheck_matters(const struct tapcheck *check);

/* Writes these (`matters`), or the others; without any, nothing. */
void tapcheck_write(const struct tapcheck *check, bool matters, struct wrap *wrap);

#endif
