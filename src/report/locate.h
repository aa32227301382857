/* From a machine to the program on it: what to run there, system by system. */
#ifndef MW_REPORT_LOCATE_H
#define MW_REPORT_LOCATE_H

#include "model/alert.h"
#include "report/wrap.h"

struct locate { /* the ports that the program connects to, ascending */
	uint16_t port[ALERT_SAMPLES];
	unsigned count;
};

void locate_init(struct locate *locate, const struct alert *alert);
bool locate_equal(const struct locate *a, const struct locate *b);
void locate_write(const struct locate *locate, struct wrap *wrap, unsigned indent);

#endif
