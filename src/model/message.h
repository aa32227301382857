/* What is kept of a message: who it says it is from and to, its subject, its way (Received), its
 * parts; never its text. Filled from what mime/ tells, in the arena of the session that it belongs
 * to: at the arena's limit fields stay absent and are counted. Its JSON is part of the session
 * line: docs/sessions.md. */
#ifndef MW_MODEL_MESSAGE_H
#define MW_MODEL_MESSAGE_H

#include "base/arena.h"
#include "base/json.h"
#include "mime/mime.h"

#define MESSAGE_ATTACHMENTS_MAX 100 /* described; further ones are counted */
#define MESSAGE_HOPS_MAX 50         /* Received fields described (Postfix: more are a loop) */
#define MESSAGE_STRUCTURE_MAX 500   /* characters */

enum keep {            /* what may be written of a message; verdicts do not depend on it */
	KEEP_ENVELOPE, /* its size only */
	KEEP_HEADERS,  /* fields, structure, names of attachments, hosts of links */
	KEEP_DIGESTS   /* and MD5 and SHA-256 of attachments */
};

struct message_mailbox {
	struct message_mailbox *next;
	struct bytes name, address; /* absent: there was none */
};

struct message_hop { /* a Received field, newest first: each is written by who took the message over
		      */
	struct message_hop *next;
	struct bytes from, name, by, with, id;
	struct address address; /* of the client; none: not told */
	int64_t time;           /* MIME_MOMENT_NONE: not readable */
	bool trusted;           /* written by a server of the site: message_trust() */
	bool forged;            /* contradicts the hop above it: message_trust() */
};

struct message_attachment {
	struct message_attachment *next;
	struct bytes name, type;
	const char *true_type; /* by its first bytes; NULL: not recognised */
	enum mime_kind kind;   /* by them, else by name and type */
	bool leaf;        /* false: an enclosed message, which has no size and digest of its own */
	uint64_t size;    /* decoded */
	uint8_t xxh3[16]; /* XXH3-128 of the part as sent */
	bool digests;
	uint8_t md5[16], sha256[32];
};

struct message_link {
	struct message_link *next;
	struct bytes host;
};

struct message_list { /* of mailboxes, in order */
	struct message_mailbox *first, *last;
};

struct message {
	struct message *next; /* of those that wait for their reply */
	struct message_list from, to, cc;
	struct bytes subject, message_id, user_agent, originating_ip, authentication;
	int64_t date; /* MIME_MOMENT_NONE: none that is readable */
	struct message_hop *hops, *hops_last;
	struct message_attachment *attachments, *attachments_last;
	struct message_link *links, *links_last;
	struct bytes structure; /* "multipart/mixed(text/plain,application/pdf)" */
	const char *crypto;     /* "pgp_signed"; NULL: none */
	uint32_t hop_count, attachment_count, link_count, image_count, part_count;
};

struct message_builder { /* what is needed only while the message is read */
	struct message *message;
	struct arena *arena;
	struct anomalies *seen;
	struct message_list *addresses; /* of the field at hand; NULL: not kept */
	unsigned depth;                 /* of the part told last */
	size_t structure_size;
	char structure[MESSAGE_STRUCTURE_MAX];
};

/* A message in `arena`; false: the arena is full. */
bool message_begin(struct message_builder *builder, struct arena *arena, struct anomalies *seen);

void message_item(struct message_builder *builder, const struct mime_item *item);

/* Marks the hops: those above the first stranger are trusted, and a hop is forged that claims a
 * time after the one above it, or that a host which is no server of the site put there. `client`:
 * who handed the message over; `servers`: the site's own. */
void message_trust(
	struct message *message, const struct address *client, const struct prefixes *servers);

/* The keys of a message, inside its object, behind "size". NULL: all null, for it was not looked
 * into. */
void message_json(const struct message *message, struct json *json);

#endif
