/* Parameters of the detectors: unit, range, default stand in the table. */
#ifndef MW_DETECT_SETTINGS_H
#define MW_DETECT_SETTINGS_H

#include "base/setting.h"

struct detect_settings {
	uint64_t direct_hour, direct_day;   /* direct-to-mx: networks in 1 h, in 24 h */
	uint64_t attempt_hour, attempt_day; /* its variant: networks that did not answer */
	bool foreign_submission; /* policy-bypass: notice submission (465, 587, 2525) outside too */
	uint64_t hosts;          /* remembered at most */
};

extern const struct setting detect_settings[]; /* keys below `detectors` */

void detect_settings_init(struct detect_settings *settings); /* the defaults */

#endif
