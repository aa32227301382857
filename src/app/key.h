/* The file with the key of the pseudonyms. */
#ifndef MW_APP_KEY_H
#define MW_APP_KEY_H

#include "base/error.h"
#include "base/pseudonym.h"

#define KEY_SIZE_MIN 16 /* bytes */
#define KEY_SIZE_MAX 4096

/* Every byte counts, a newline at the end too. A file that others may read is told of on standard
 * error, and used. */
bool key_read(const char *path, struct pseudonyms *out, struct error *error);

#endif
