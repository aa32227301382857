/* direct-to-mx: does a machine that is no mail server deliver to the world by itself? Counts the
 * outside networks that it gave mail to, and those that it tried on port 25 in vain. */
#ifndef MW_DETECT_DIRECT_TO_MX_H
#define MW_DETECT_DIRECT_TO_MX_H

#include "detect/detector.h"

extern const struct detector direct_to_mx;

#endif
