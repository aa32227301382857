/* policy-bypass: was a server used that the site forbids? A fact, not a guess: the site itself said
 * which servers may be reached. Off where it said nothing. */
#ifndef MW_DETECT_POLICY_BYPASS_H
#define MW_DETECT_POLICY_BYPASS_H

#include "detect/detector.h"

extern const struct detector policy_bypass;

/* A try to reach a server on port 25 that the site does not allow this client. */
bool policy_bypass_denies(const struct site *site, const struct attempt *attempt);

#endif
