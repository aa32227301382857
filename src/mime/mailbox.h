/* Mailboxes in address fields: RFC 5322 3.4 with groups, routes and comments, and as really sent.
 */
#ifndef MW_MIME_MAILBOX_H
#define MW_MIME_MAILBOX_H

#include "mime/words.h"

struct mailbox {
	struct bytes address; /* without brackets; points into the field */
	struct bytes name;    /* as sent, quotes and all: mailbox_name() decodes it */
};

/* The next mailbox, stepped over; false: there is none any more. */
bool mailbox_next(struct bytes *in, struct mailbox *out);

/* Adds the display name, unquoted and decoded, to `out`. */
void mailbox_name(const struct mailbox *mailbox, struct words *words, struct text *out);

#endif
