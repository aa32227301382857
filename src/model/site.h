/* The site: whose network this is. What is configured (YAML key `site`, options of the same names)
 * or guessed. */
#ifndef MW_MODEL_SITE_H
#define MW_MODEL_SITE_H

#include "base/setting.h"

struct site {
	struct prefixes inside; /* ours; empty: private ranges (RFC 1918, 4193, 6598, link-local)
				   are inside */
	struct prefixes mail_servers; /* our own mail servers: may deliver to the world */
	struct prefixes smarthosts;   /* where clients and servers of ours hand mail over to; inside
					 or outside */
	struct prefixes allowed_servers; /* if any: the only servers that inside clients may reach
					    on port 25 */
	struct prefixes allow;           /* never accused: counted only */
};

extern const struct setting site_settings[]; /* the keys below `site`; offsets into struct site */

bool site_is_inside(const struct site *site, const struct address *address);
bool site_inside_guessed(const struct site *site); /* nothing was configured */
void site_free(struct site *site);

#endif
