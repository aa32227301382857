/* What is worth seeing in running text: links and the hosts they name, <img> tags, PGP armor, files
 * that are written into the text (uuencode; yEnc 1.3). One pass, linear, whatever the slices. Keeps
 * one line or one authority, no more. Pull: feed until it gives PROSE_NONE. */
#ifndef MW_MIME_PROSE_H
#define MW_MIME_PROSE_H

#include "mime/authority.h"

#define PROSE_LINE_MAX 1100 /* bytes of a line of a file; yEnc's are at most 997 and line end */

#define PROSE_NAME_MAX 255 /* bytes of a file's name */

enum prose_event {
	PROSE_NONE,  /* all was read */
	PROSE_LINK,  /* a link that names a host: `host` */
	PROSE_BEGIN, /* a file begins: `encoding`, its name in `name` (until the next call) */
	PROSE_DATA,  /* bytes of the file: `sent` as they lie, `data` decoded */
	PROSE_END    /* the file ends; `bad`: not as it should */
};

enum prose_state {
	PROSE_TEXT,
	PROSE_AUTHORITY, /* within a link, up to the end of its authority */
	PROSE_FIRST,     /* `line` is the first of a file */
	PROSE_FILE       /* within a file */
};

struct prose {
	enum prose_state state;
	uint64_t links, images;
	bool armor; /* PGP's was seen */
	bool bad;
	enum mime_encoding encoding;
	struct bytes host, name, sent, data;
	uint64_t steps;
	/* inside */
	uint8_t tail[16]; /* the last bytes read */
	bool in_line;     /* `line` is being gathered: it begins as a marker does */
	bool trial;       /* behind "begin 644 name": is the line gathered uuencoded? */
	size_t line_size, authority_size, name_size;
	uint8_t authority[AUTHORITY_MAX];
	uint8_t line[PROSE_LINE_MAX];
	uint8_t decoded[PROSE_LINE_MAX];
	uint8_t file_name[PROSE_NAME_MAX];
	uint8_t host_room[MIME_HOST_MAX + 1];
};

void prose_begin(struct prose *prose);

/* Reads on until something is found; `in` is stepped over as far as it was read. */
enum prose_event prose_feed(struct prose *prose, struct bytes *in);

/* The text is over: what was open ends. Call it until it gives PROSE_NONE. */
enum prose_event prose_end(struct prose *prose);

#endif
