/* The scanner's state, shared by mime.c (the driver), head.c (headers), body.c (boundaries) and
 * leaf.c (content). Nobody else includes this. */
#ifndef MW_MIME_MIME_INTERNAL_H
#define MW_MIME_MIME_INTERNAL_H

#include "base/hash.h"
#include "mime/digest.h"
#include "mime/entity.h"
#include "mime/magic.h"
#include "mime/mailbox.h"
#include "mime/mime.h"
#include "mime/prose.h"
#include "mime/transfer.h"

#define BOUNDARY_MAX 256 /* bytes compared; RFC 2046 allows 70 */
#define TYPE_MAX 96      /* bytes of a type, a charset */
#define PATH_ROOM ((MIME_DEPTH_MAX + 1) * 11)
#define HELD_MAX 1024 /* bytes of a line that may be a boundary */
#define SCRATCH 4096
#define PEEK_MAX 128     /* bytes of a line looked at ahead */
#define HOSTS_SLOTS 2048 /* a power of two above MIME_LINKS_MAX */

struct mime_tools {
	struct charsets *charsets;
	struct digest_kinds *digests;
	struct hash_key key;
	uint8_t scratch[SCRATCH]; /* decoded bytes, which are read before the next scanner is fed:
				     one that stays in the cache, whoever's turn it is */
};

struct frame { /* an open entity that holds others */
	enum mime_shape shape;
	bool digest_type; /* multipart/digest: its parts are messages unless they say otherwise */
	bool ended;       /* its last boundary was seen */
	uint32_t children;
	size_t path_size;
	uint8_t type_size;
	uint16_t boundary_size; /* 0: a message */
	uint8_t type[TYPE_MAX];
	uint8_t boundary[BOUNDARY_MAX];
};

struct counting { /* what becomes of the content of a leaf or block */
	struct digest *digest;
	size_t first_size, iso_size;
	bool gap; /* bytes are missing: what is known is not the whole */
	uint8_t iso[5];
	struct mime_part part;
	uint8_t first[MAGIC_WINDOW];
};

enum leaf_stage {
	LEAF_CLOSED,
	LEAF_OPEN,
	LEAF_TRANSFER_END, /* the content is over: what decoding held back comes out */
	LEAF_PROSE_END     /* then what the text held back */
};

struct leaf {
	enum leaf_stage stage;
	bool prose, html, wide;
	bool file;        /* the file in the text is what this part decodes to */
	bool enough;      /* base64 is only counted from here on */
	bool magic_asked; /* whether the first bytes tell the type */
	bool block_open;
	uint32_t blocks;      /* files found in the text */
	struct bytes sent;    /* bytes as sent, not yet decoded */
	struct bytes decoded; /* decoded, not yet read as text */
	struct bytes run;     /* of those, what is being read */
	struct transfer transfer;
	size_t entity_size;
	struct counting own;
	struct prose text;
	uint8_t entity[ENTITY_MAX]; /* of HTML, begun */
	uint8_t out[64];            /* what became of an entity, or of wide text */
	unsigned wide_count;
	uint8_t wide_unit[4];
	struct counting block;
};

/* What the header of an entity says of its content. */
struct draft {
	bool has_type, has_encoding, has_disposition;
	enum mime_encoding encoding;
	enum mime_disposition disposition;
	enum mime_crypto crypto;
	size_t type_size, charset_size;
	uint8_t type[TYPE_MAX];
	uint8_t charset[TYPE_MAX];
	struct text boundary;
	struct text type_name, name; /* "name" of Content-Type, "filename" of Content-Disposition */
	bool has_type_name, has_name;
};

enum mime_state { STATE_HEADER, STATE_BODY, STATE_UNWIND, STATE_OVER };
enum mime_after { AFTER_PART, AFTER_VOID, AFTER_END };

struct mime {
	/* What nearly every step looks at stands in front: of thousands of scanners that wait for
	 * their next packet, the one whose turn it is has to come from far. */
	struct mime_tools *tools;
	struct anomalies *seen;
	struct bytes in;
	struct bytes rest;      /* comes behind `in`, where some was put back */
	struct bytes mailboxes; /* of a field, not yet told */
	enum mime_level level;
	enum mime_state state;
	bool finished;
	bool voided;         /* preamble, epilogue, parts not described: content is skipped */
	uint8_t before;      /* the byte of a body read last */
	unsigned boundaries; /* multiparts open */
	size_t held_size;    /* of `held` */
	uint64_t steps;
	struct mime_total total;
	uint32_t hosts;   /* told of */
	bool hosts_clear; /* `host_hash` is */
	uint32_t told_parts;
	unsigned depth;
	struct leaf leaf;

	/* From here on not zeroed to begin with: most of it is never touched.
	 * The tree's open path: */
	struct frame stack[MIME_DEPTH_MAX];
	unsigned unwind_to;
	enum mime_after after;
	size_t path_size;
	uint8_t path[PATH_ROOM];
	struct mime_part part; /* of the entity told last */

	/* header */
	bool mine; /* the message's own header, whose fields are told */
	struct draft draft;
	size_t lines, header_size;  /* of this header, up to the line being read */
	size_t line_size;           /* of that line so far */
	size_t field_size, line_at; /* of `field`: fields so far; the line being read begins */
	bool shift;                 /* the line at `line_at` is to become the first of `field` */
	bool line_cut;              /* the line being read does not fit */
	bool field_cut;             /* a part of the field was left out */
	bool header_cut;            /* it ends here, whatever is in `field` */
	bool header_end;            /* all of the header is in `field` */
	bool header_skip;           /* the header is beyond a limit */
	uint32_t fields_seen;       /* bits: fields of which one may stand */
	uint32_t addresses[MIME_FIELD_COUNT];
	enum mime_field mailbox_field;
	struct mime_received received;
	struct text text;
	struct words words;

	size_t peeked_size;
	uint8_t peeked[PEEK_MAX];

	/* body */
	uint8_t held[HELD_MAX], flushed[HELD_MAX];
	uint16_t host_slot[MIME_LINKS_MAX]; /* those in use */
	uint64_t host_hash[HOSTS_SLOTS];    /* 0: free; see `hosts_clear` */
	uint8_t field[MIME_FIELD_MAX + HELD_MAX];
};

enum step { STEP_ON, STEP_ITEM, STEP_STARVED };

/* mime.c */
enum step mime_part_begin(struct mime *mime, struct mime_item *out); /* its header was read */
size_t mime_path_add(struct mime *mime, uint32_t number); /* the path's size with a number more */

/* head.c */
void head_begin(struct mime *mime, bool mine);
void head_cut(struct mime *mime); /* bytes are missing: the header ends */
enum step head_step(struct mime *mime, struct mime_item *out);

/* field.c */
enum step field_read(struct mime *mime, struct bytes field, struct mime_item *out);
bool field_mailbox(struct mime *mime, struct mime_item *out); /* the next of an address field */

/* body.c */
enum step body_step(struct mime *mime);

/* leaf.c: the content of the part that is open */
void leaf_begin(struct mime *mime);
void leaf_feed(struct mime *mime, struct bytes in); /* only when leaf_idle() */
bool leaf_idle(const struct leaf *leaf);            /* all that was fed is read */
enum step leaf_step(struct mime *mime, struct mime_item *out);
void leaf_finish(struct mime *mime); /* call leaf_step() until `stage` is LEAF_CLOSED */

#endif
