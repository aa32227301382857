/* Capture files as one stream of packets in time order, whatever the order they are named in, also
 * when they overlap. A file is opened when its first packet's turn comes, so slices of one long
 * recording need one buffer; each file that is open holds a buffer of 256 KiB (grown to what one
 * packet needs), and at most 256 are. "-" and pipes are read as they come. Trouble in one file is
 * told once and ends that file only; what was read of it stays. One thread at a time. */
#ifndef MW_SENSE_FILES_H
#define MW_SENSE_FILES_H

#include "wire/capture.h"

struct files;

struct files_progress {
	uint64_t bytes, bytes_all; /* read so far, and of all files; all is 0 when one is a pipe */
	uint64_t packets;
	unsigned file, file_count; /* 1-based, in time order: the file of the newest packet */
};

/* Looks into each file for its first packet; waits for that of a pipe. NULL only when the system
 * has no memory; a file that cannot be opened or is no capture is an error of files_next(). `names`
 * must live as long. */
struct files *files_open(const char *const *names, unsigned count, struct anomalies *seen);
void files_close(struct files *files);

enum files_step { FILES_PACKET, FILES_ERROR, FILES_END };

/* FILES_PACKET: `out` is valid until the next call; its time never runs backwards within a file by
 * more than the file itself does. FILES_ERROR: `error` tells of one file; call again to go on with
 * the others. */
enum files_step files_next(struct files *files, struct packet *out, struct error *error);

/* Packets that the recorder says it lost, at least: what slices of one recording say adds up from
 * its begin, so it is the most that one file says. Of the files that are read. */
uint64_t files_dropped(const struct files *files);

void files_progress(const struct files *files, struct files_progress *out);

#endif
