/* Character references of HTML ("&#47;", "&amp;"), for links in attributes. Pure. */
#ifndef MW_MIME_ENTITY_H
#define MW_MIME_ENTITY_H

#include "base/bytes.h"

#define ENTITY_MAX 12 /* bytes of a reference that are looked at, "&" with them */

/* What `entity` (from "&" on, without ";", at most ENTITY_MAX bytes) stands for; itself, when it is
 * not known. Gives back the size. */
size_t entity_decode(struct bytes entity, uint8_t out[ENTITY_MAX]);

bool entity_goes_on(uint8_t byte); /* may follow within a reference */

#endif
