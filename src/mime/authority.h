/* The host that a link's authority (RFC 3986 3.2) names, in one form for all its spellings:
 * userinfo, port and percent-escapes gone, lower case, U-labels as A-labels (RFC 3492), numbers as
 * addresses (WHATWG URL). The registered domain is the caller's business: it needs the public
 * suffix list. */
#ifndef MW_MIME_AUTHORITY_H
#define MW_MIME_AUTHORITY_H

#include "mime/mime.h"

#define AUTHORITY_MAX 512 /* bytes; longer ones name no host */

/* Writes the host; gives back its size; 0: it names none that could be reached from outside. */
size_t authority_host(struct bytes authority, uint8_t host[MIME_HOST_MAX + 1]);

#endif
