/* Received fields (RFC 5321 4.4) as Postfix, Exim, Sendmail, qmail, Exchange and others write them.
 */
#ifndef MW_MIME_RECEIVED_H
#define MW_MIME_RECEIVED_H

#include "mime/mime.h"

/* What could be found; the bytes point into `field`. `date`: what stands behind the last
 * semicolon. */
void received_read(struct bytes field, struct mime_received *out, struct bytes *date);

#endif
