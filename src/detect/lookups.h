/* The domains whose mail servers (MX) a machine looked up, with the bucket of the last time. A mail
 * program asks its provider's server; who delivers by himself asks DNS. Beyond LOOKUPS_MAX the one
 * asked longest ago gives way; what counts is less than that. */
#ifndef MW_DETECT_LOOKUPS_H
#define MW_DETECT_LOOKUPS_H

#include "detect/members.h"

#define LOOKUPS_MAX 16
#define LOOKUPS_EACH 2  /* so many domains are worth a network */
#define LOOKUPS_WORTH 3 /* networks at most: of LOOKUPS_EACH * LOOKUPS_WORTH domains */

struct lookups { /* zeroed: none */
	bool has_mac;
	uint8_t mac[6]; /* where the queries came from */
	uint32_t count;
	struct {
		uint64_t key; /* of the domain */
		uint32_t bucket;
	} at[LOOKUPS_MAX];
};

void lookups_see(struct lookups *lookups, uint64_t key, uint32_t bucket);

/* Adds those of the window that ends with the bucket `now` to `sum`. */
void lookups_join(
	struct lookups *sum, const struct lookups *from, enum members_window window, uint32_t now);

/* Networks that so many domains are worth. */
unsigned lookups_worth(unsigned domains);

#endif
