/* Scanners of messages (mime/mime.h), lent to the connections that are in the middle of one. A
 * scanner is big, so there are only as many as messages are being read at a time, and they are used
 * again. One thread at a time. */
#ifndef MW_SENSE_SCANNER_H
#define MW_SENSE_SCANNER_H

#include "model/message.h"

#define SCANNERS_MAX                                                                               \
	4096 /* messages read at a time; further ones are not looked into, and counted */

struct scanner;

struct scanners {
	enum keep keep;
	struct mime_tools *tools; /* opened with the first message */
	struct scanner *idle;
	unsigned count;
};

/* For a message that is kept in `arena`; NULL: at the limit, or no memory, or nothing is to be kept
 * of it. */
struct scanner *scanner_take(struct scanners *all, struct arena *arena, struct anomalies *seen);

void scanner_feed(struct scanner *scanner, struct bytes in);
void scanner_gap(struct scanner *scanner, uint64_t size);

/* The message is over: what there is to keep of it; the scanner goes back. */
struct message *scanner_finish(struct scanners *all, struct scanner *scanner);

/* The rest of the message is kept in another arena (its beginning went with the old one). */
void scanner_move(struct scanner *scanner, struct arena *arena);

void scanner_give(struct scanners *all, struct scanner *scanner); /* unfinished; NULL is fine */
void scanners_free(struct scanners *all);

#endif
