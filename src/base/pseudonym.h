/* Pseudonyms: who and where, replaced by what a key makes of it. The same value gives the same
 * pseudonym wherever it stands; without the key nobody can tell which value it was, or try one.
 * What each looks like: docs/pseudonyms.md. The writers (JSON, CSV, the report) ask here for every
 * text that is not their own; without a key (NULL) it is told as it is, and nothing is lost. State
 * is the key alone; nothing is allocated. */
#ifndef MW_BASE_PSEUDONYM_H
#define MW_BASE_PSEUDONYM_H

#include "base/hash.h"
#include "base/spot.h"

struct pseudonyms {
	struct hash_key key;
};

enum pseudonym_kind {       /* what a value is */
	PSEUDONYM_TEXT,     /* free text: addresses and names in it are replaced */
	PSEUDONYM_TYPE,     /* media types: the same, but application/vnd.ms-excel is one */
	PSEUDONYM_SENTENCE, /* the same, of our own words: site.allow is a setting */
	PSEUDONYM_GREETING, /* the same, but its first word is a host name, dots or not */
	PSEUDONYM_HOST,     /* the rest as a whole: name of a machine, or its address */
	PSEUDONYM_MAILBOX,  /* mail address, account, message id */
	PSEUDONYM_WORDS,    /* a person's: display name, subject, file name */
	PSEUDONYM_ID        /* UUID */
};

#define PSEUDONYM_ROOM 96 /* bytes: the longest pseudonym */

struct pseudonym { /* one value on its way out */
	const struct pseudonyms *by;
	enum pseudonym_kind kind;
	bool begun;
	struct spot spot;
	char room[PSEUDONYM_ROOM];
};

/* `about`: the mail address that free text is an answer about; its local part is hidden where it
 * stands alone, too. Absent: none. Both must live as long. */
void pseudonym_open(struct pseudonym *pseudonym, const struct pseudonyms *by,
	enum pseudonym_kind kind, struct bytes text, struct bytes about);

/* The next piece of what may be told, valid until the one after it; false: the end. */
bool pseudonym_next(struct pseudonym *pseudonym, struct bytes *piece);

/* Of a mail address: "jsmith" of jsmith@example.com. */
struct bytes pseudonym_local_part(struct bytes mailbox);

/* In one piece, of the kinds that are replaced as a whole. Absent and empty text stay so. */
struct bytes pseudonym_value(const struct pseudonyms *by, enum pseudonym_kind kind,
	struct bytes text, char room[PSEUDONYM_ROOM]);

/* IPv4 addresses never share a pseudonym; all are documentation addresses (RFC 3849). */
struct address pseudonym_address(const struct pseudonyms *by, const struct address *address);

/* As address_text(), mac_text() and prefix_text() have them. */
const char *pseudonym_address_text(
	const struct pseudonyms *by, const struct address *address, char text[ADDRESS_TEXT]);
const char *pseudonym_mac_text(
	const struct pseudonyms *by, const uint8_t mac[6], char text[MAC_TEXT]);
const char *pseudonym_prefix_text(
	const struct pseudonyms *by, const struct prefix *prefix, char text[PREFIX_TEXT]);

#endif
