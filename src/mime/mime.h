/* What a mail message is made of, as a stream: RFC 5322, MIME (2045-2049, 2231, 2047, 2183, 1847),
 * and what is really sent. Content bytes in (dots unstuffed), items out; no tree, no text kept.
 * Purpose: header fields of interest decoded, the parts with their types, names, sizes and digests,
 * the hosts that links name. Memory: one fixed block (struct mime, below 160 KiB, of which only
 * touched pages cost), made once and used for message after message; nothing is allocated while a
 * message is read. Threads: one at a time; struct mime_tools too belongs to one thread. Errors:
 * what cannot be read, is ambiguous or beyond a limit is counted in `seen`, and reading goes on.
 * Time is linear in the bytes fed. The same items come out however the bytes are sliced. */
#ifndef MW_MIME_MIME_H
#define MW_MIME_MIME_H

#include "base/address.h"
#include "base/anomaly.h"

#define MIME_DEPTH_MAX 32            /* entities within each other; deeper is one opaque part */
#define MIME_PARTS_MAX 1000          /* described; further ones are counted */
#define MIME_HEADER_MAX (128 * 1024) /* bytes of one header; beyond, see docs/messages.md */
#define MIME_HEADER_LINES_MAX 1000   /* of one header; the same */
#define MIME_FIELD_MAX (64 * 1024)   /* bytes of one field; the rest is skipped */
#define MIME_TEXT_MAX 2000           /* characters of decoded text shown */
#define MIME_ADDRESSES_MAX 1000      /* mailboxes told of all fields of one name */
#define MIME_LINKS_MAX 1000          /* different hosts told of one message */
#define MIME_HOST_MAX 253            /* bytes of a host name (RFC 1035) */
#define MIME_MOMENT_NONE INT64_MIN   /* no readable date */

enum mime_level {     /* how much is worked out */
	MIME_HEADERS, /* header fields, structure, types, links, XXH3 of parts as sent */
	MIME_DIGESTS  /* and MD5 and SHA-256 of each part's decoded bytes */
};

enum mime_item_kind {
	MIME_FIELD,    /* a field of the message's own header: field, text, time, received */
	MIME_ADDRESS,  /* a mailbox of the field told last: text is its display name, address */
	MIME_PART,     /* an entity begins: its header was read; part */
	MIME_LINK,     /* a link names a host not named before in this message: text; part */
	MIME_PART_END, /* an entity ended: part, now with sizes, digests and the true type */
	MIME_END       /* the message ended: total */
};

/* Row for row the table in field.c. */
enum mime_field {
	MIME_FROM,
	MIME_SENDER,
	MIME_REPLY_TO,
	MIME_TO,
	MIME_CC,
	MIME_SUBJECT,
	MIME_DATE,
	MIME_MESSAGE_ID,
	MIME_IN_REPLY_TO,
	MIME_RECEIVED,
	MIME_USER_AGENT,
	MIME_X_MAILER,
	MIME_X_ORIGINATING_IP,
	MIME_AUTHENTICATION_RESULTS,
	MIME_DKIM_SIGNATURE,
	MIME_RECEIVED_SPF,
	MIME_LIST_ID,
	MIME_AUTO_SUBMITTED,
	MIME_PRECEDENCE,
	MIME_FIELD_COUNT
};

enum mime_shape {
	MIME_LEAF,
	MIME_MULTIPART, /* holds parts */
	MIME_MESSAGE,   /* holds one entity: message/rfc822, message/global */
	MIME_BLOCK      /* a uuencoded or yEnc file within a text part */
};

enum mime_encoding {        /* Content-Transfer-Encoding, or that of a block */
	MIME_ENCODING_NONE, /* not given: as 7bit */
	MIME_7BIT,
	MIME_8BIT,
	MIME_BINARY,
	MIME_BASE64,
	MIME_QUOTED_PRINTABLE,
	MIME_UUENCODE,
	MIME_YENC,
	MIME_ENCODING_UNKNOWN, /* taken as it lies */
	MIME_ENCODING_COUNT
};

enum mime_disposition { MIME_DISPOSITION_NONE, MIME_INLINE, MIME_ATTACHMENT };

enum mime_kind { /* what content can do to who opens it */
	MIME_KIND_UNKNOWN,
	MIME_KIND_TEXT,
	MIME_KIND_HTML,
	MIME_KIND_IMAGE,
	MIME_KIND_AUDIO,
	MIME_KIND_VIDEO,
	MIME_KIND_FONT,
	MIME_KIND_DOCUMENT,
	MIME_KIND_MACRO, /* a document that may carry macros */
	MIME_KIND_ARCHIVE,
	MIME_KIND_DISK, /* a file system image, which systems mount on a click */
	MIME_KIND_SCRIPT,
	MIME_KIND_PROGRAM,
	MIME_KIND_SHORTCUT, /* starts something else: .lnk, .url */
	MIME_KIND_MESSAGE,
	MIME_KIND_CRYPTO, /* signatures, keys, encrypted data */
	MIME_KIND_DATA,   /* known and none of these */
	MIME_KIND_COUNT
};

enum mime_crypto {
	MIME_CRYPTO_NONE,
	MIME_PGP_ENCRYPTED, /* RFC 3156 */
	MIME_PGP_SIGNED,
	MIME_PGP_INLINE,      /* armor in a text part */
	MIME_SMIME_ENCRYPTED, /* RFC 8551; also where the smime-type is not told */
	MIME_SMIME_SIGNED,
	MIME_CRYPTO_COUNT
};

struct mime_received {          /* RFC 5321 4.4; absent or none: not found */
	struct bytes from;      /* the name that the client gave (HELO) */
	struct bytes name;      /* its name by reverse look-up, where the server wrote one */
	struct address address; /* of the client */
	struct bytes by, with, id;
};

struct mime_part {
	struct bytes path; /* "1" is the message itself, "1.2" its second part, "1.2.1" the message
			      in that */
	unsigned depth;    /* 1: the message itself */
	enum mime_shape shape;
	struct bytes type;    /* lower case, "text/plain" where none is declared */
	struct bytes charset; /* as declared, lower case; absent: none */
	enum mime_encoding encoding;
	enum mime_disposition disposition;
	struct bytes name; /* of the file, UTF-8 as far as it could be decoded; absent: none. Never
			      a path to write to: it may hold anything */
	bool name_raw;     /* some of the name could not be decoded and is as sent */
	bool attachment;   /* has a name, or is declared an attachment; not set for multiparts */
	enum mime_kind claimed; /* by the name's ending, else by the type */
	enum mime_crypto crypto;
	/* Known at MIME_PART_END, of leaves and blocks: */
	const char *true_type;       /* by the first bytes: "pe", "ooxml"; NULL: not recognised */
	enum mime_kind kind;         /* of true_type */
	uint64_t size_sent;          /* bytes as sent, without the line end before the boundary */
	uint64_t size;               /* bytes decoded */
	uint8_t xxh3[16];            /* XXH3-128 of the bytes as sent, canonical (big-endian) */
	bool digests;                /* the next two are there: level MIME_DIGESTS */
	uint8_t md5[16], sha256[32]; /* of the bytes decoded */
	uint32_t links, images;      /* in text: links, and <img> tags of HTML */
};

struct mime_total {
	uint64_t size;                              /* bytes fed, and those told missing */
	uint32_t parts, attachments, links, images; /* all, also those not described; images: parts
						       of kind image and <img> tags */
};

struct mime_item {
	enum mime_item_kind kind;
	enum mime_field field;
	struct bytes text;    /* UTF-8 as far as it could be decoded */
	bool raw;             /* some of the text could not be decoded and is as sent */
	struct bytes address; /* ADDRESS: the mailbox without brackets */
	int64_t time;         /* FIELD: of Date and Received; MIME_MOMENT_NONE */
	const struct mime_received *received; /* FIELD: of Received; else NULL */
	const struct mime_part *part;
	const struct mime_total *total;
};

/* What all scanners of one thread share: character set converters and digest algorithms. Opened
 * once, before rights are dropped, for it loads files. NULL when the system has no memory. */
struct mime_tools *mime_tools_open(void);
void mime_tools_close(struct mime_tools *tools); /* NULL is fine */

struct mime; /* opaque: defined in mime_internal.h */

/* A scanner; `tools` must live as long. NULL when the system has no memory. */
struct mime *mime_new(struct mime_tools *tools, enum mime_level level);
void mime_free(struct mime *mime); /* NULL is fine */

/* Begins a message; what was left of the last one is forgotten. `seen` must live until its end. */
void mime_init(struct mime *mime, struct anomalies *seen);

/* The next bytes of the message, any slice of it. `in` must live until mime_next() is false; until
 * then no other scanner of the same tools may be fed. */
void mime_feed(struct mime *mime, struct bytes in);

/* `size` bytes are missing here (0: unknown): the part that they belong to is told without digests,
 * a header ends. Call it when mime_next() is false. */
void mime_gap(struct mime *mime, uint64_t size);

/* The message is over: what is open ends; mime_next() then tells it, MIME_END last. */
void mime_finish(struct mime *mime);

/* The next item, in the order of the message; false: feed more. What an item points at is valid
 * until the next call. */
bool mime_next(struct mime *mime, struct mime_item *out);

/* Work done since mime_init, in steps of about one byte or comparison: for tests of linear time. */
uint64_t mime_steps(const struct mime *mime);

const char *mime_field_name(enum mime_field field);          /* "message_id" */
const char *mime_kind_name(enum mime_kind kind);             /* "macro" */
const char *mime_encoding_name(enum mime_encoding encoding); /* "base64"; NULL: none given */
const char *mime_crypto_name(enum mime_crypto crypto);       /* "pgp_signed"; NULL: none */

#endif
