/* A folder that results are written to, each as a whole or not at all: under another name first,
 * then synced and renamed. Folders are ours alone (0700), and so are files (0600). One thread at a
 * time. */
#ifndef MW_APP_FOLDER_H
#define MW_APP_FOLDER_H

#include "base/bytes.h"
#include "base/error.h"

/* Makes the folder where it is missing; its parent must be there. -1: `error` says why. */
int folder_open(const char *path, struct error *error);
void folder_close(int folder); /* -1 is fine */

/* `path` is the folder's, for people. A file of that name is replaced. */
bool folder_write(
	int folder, const char *path, const char *name, struct bytes content, struct error *error);

#endif
