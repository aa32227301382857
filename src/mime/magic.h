/* What a file is: truly, by its first bytes, and as claimed, by the ending of its name and its
 * declared type. Three tables. */
#ifndef MW_MIME_MAGIC_H
#define MW_MIME_MAGIC_H

#include "mime/mime.h"

#define MAGIC_WINDOW 512        /* first bytes that are looked at */
#define MAGIC_ISO_OFFSET 0x8001 /* ISO 9660 tells itself this far in */

struct magic {
	const char *type; /* "pe" */
	enum mime_kind kind;
};

/* By the first bytes of the decoded content; `first` holds at most MAGIC_WINDOW of them, `iso` the
 * 5 bytes at MAGIC_ISO_OFFSET (or fewer). type NULL: not recognised. */
struct magic magic_true(struct bytes first, struct bytes iso);

enum mime_kind magic_of_name(struct bytes name); /* by its last ending */
enum mime_kind magic_of_type(struct bytes type); /* by the declared type, in lower case */

/* Is what is claimed a cover for what is there? False where either is not known. */
bool magic_lies(enum mime_kind claimed, enum mime_kind found);

#endif
