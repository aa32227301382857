/* Dates of mail: RFC 5322 3.3 with its obsolete forms, and what is really sent. */
#ifndef MW_MIME_DATE_H
#define MW_MIME_DATE_H

#include "base/bytes.h"

/* Microseconds since 1970 UTC; MIME_MOMENT_NONE: not readable. No zone: as UTC. */
int64_t date_read(struct bytes in);

#endif
