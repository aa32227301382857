/* What the input held: files, time, traffic, machines and what they were taken for, and the site's
 * borders as they were understood. */
#ifndef MW_REPORT_SEEN_H
#define MW_REPORT_SEEN_H

#include "report/report.h"
#include "report/wrap.h"

void seen_write(const struct engine *engine, const struct site *site,
	const struct report_seen *seen, bool verbose, struct wrap *wrap);

/* What could not be seen, as far as it may change the verdict; one short paragraph or nothing. */
void seen_blind(const struct engine *engine, const struct anomaly_totals *totals,
	const struct report_seen *seen, struct wrap *wrap);

#endif
