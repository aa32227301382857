/* What was not understood: anomaly totals in words. */
#ifndef MW_REPORT_GAPS_H
#define MW_REPORT_GAPS_H

#include "base/anomaly.h"
#include "report/wrap.h"

/* Without `verbose`: what matters, grouped, with what to do. With it: every counter that is not
 * zero, by name. */
void gaps_write(const struct anomaly_totals *totals, bool verbose, struct wrap *wrap);

#endif
