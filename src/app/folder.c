/* What is read later must be whole: a reader never sees half a file, and neither does whoever comes
 * back after the power went. */
#include "app/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"

#define NAME_TEXT 256 /* with NUL: the most that a file system takes */

int folder_open(const char *path, struct error *error)
{
	int folder = -1;
	if (fault_call())
		errno = EIO;
	else if (!mkdir(path, 0700) || errno == EEXIST)
		folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		error_set(error, "%s: %s; name a folder that can be made or written to", path,
			strerror(errno));
	return folder;
}

void folder_close(int folder)
{
	if (folder >= 0)
		close(folder);
}

static bool write_all(int file, struct bytes content)
{
	while (bytes_size(content)) {
		ssize_t done;
		if (fault_call()) {
			errno = ENOSPC;
			return false;
		}
		do
			done = write(file, content.at, bytes_size(content));
		while (done < 0 && errno == EINTR);
		if (done < 0)
			return false;
		bytes_take(&content, (size_t)done);
	}
	return true;
}

static bool sync_it(int file)
{
	if (fault_call()) {
		errno = EIO;
		return false;
	}
	return !fsync(file);
}

static bool rename_it(int folder, const char *from, const char *to)
{
	if (fault_call()) {
		errno = EIO;
		return false;
	}
	return !renameat(folder, from, folder, to);
}

static bool write_whole(int folder, const char *draft, const char *name, struct bytes content)
{
	unlinkat(folder, draft, 0); /* of a run that was ended */
	int file = openat(folder, draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0)
		return false;
	bool ok = write_all(file, content) && sync_it(file);
	int reason = errno;
	if (close(file) && ok) {
		reason = errno;
		ok = false;
	}
	errno = reason;
	return ok && rename_it(folder, draft, name) && sync_it(folder);
}

bool folder_write(
	int folder, const char *path, const char *name, struct bytes content, struct error *error)
{
	char draft[NAME_TEXT];
	snprintf(draft, sizeof(draft), ".%s.new", name);
	if (write_whole(folder, draft, name, content))
		return true;
	error_set(error, "%s/%s: %s; make room or name another folder, then read again", path, name,
		strerror(errno));
	unlinkat(folder, draft, 0);
	return false;
}
