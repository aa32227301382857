/* Finds in free text what names a machine or a person, for those who must not show it: IP addresses
 * and prefixes, MAC addresses, host names, mail addresses. Rather one too many than one too few:
 * "sendmail.cf" is taken for a host name. What is found and what is not: docs/pseudonyms.md. Time
 * is linear in the text, whatever it holds; nothing is allocated. */
#ifndef MW_BASE_SPOT_H
#define MW_BASE_SPOT_H

#include "base/address.h"

enum spot_kind {
	SPOT_PLAIN, /* nobody is named here */
	SPOT_ADDRESS,
	SPOT_PREFIX,
	SPOT_MAC,
	SPOT_HOST,
	SPOT_MAILBOX /* without @: the local part alone, or all of it in a form of old */
};

struct spotted {
	enum spot_kind kind;
	struct bytes text;
	struct prefix prefix; /* SPOT_ADDRESS, SPOT_PREFIX */
	uint8_t mac[6];       /* SPOT_MAC */
};

struct spot { /* in the order of the text */
	struct bytes rest, about;
	uint8_t before;          /* the byte before `rest`; 0: it begins */
	const uint8_t *unmailed; /* no mail address begins before this */
	const uint8_t *unnamed;  /* and no host name */
};

/* `about`: the local part of whom the text is about: where it stands as a word, it is a mailbox.
 * Absent: nobody known. */
void spot_init(struct spot *spot, struct bytes text, struct bytes about);

/* The next piece; joined they are the text. false: the end. */
bool spot_next(struct spot *spot, struct spotted *out);

#endif
