/* IP addresses, prefixes and lists of them. An IPv4 address is kept as its IPv4-mapped IPv6 address
 * (RFC 4291 2.5.5.2), so that there is one type; an IPv4 prefix of /n is kept with length 96 + n.
 */
#ifndef MW_BASE_ADDRESS_H
#define MW_BASE_ADDRESS_H

#include "base/bytes.h"
#include "base/error.h"

struct address {
	uint8_t byte[16]; /* all zero: none */
};

struct prefix {
	struct address address; /* bits behind `length` are zero */
	unsigned length;        /* 0..128 */
};

struct prefixes { /* a list; owned by whoever reads it in */
	struct prefix *at;
	size_t count;
};

#define ADDRESS_TEXT 46 /* with NUL */
#define PREFIX_TEXT 50
#define MAC_TEXT 18

struct address address_v4(const uint8_t byte[4]);
struct address address_v6(const uint8_t byte[16]);
bool address_is_v4(const struct address *address);
bool address_is_none(const struct address *address);
bool address_equal(const struct address *a, const struct address *b);
int address_compare(
	const struct address *a, const struct address *b); /* numeric order, IPv4 before IPv6 */
bool address_parse(
	struct bytes text, struct address *out); /* "192.0.2.1", "2001:db8::1"; nothing around it */
const char *address_text(
	const struct address *address, char text[ADDRESS_TEXT]); /* RFC 5952; gives back `text` */
struct prefix address_prefix(const struct address *address, unsigned v4_length, unsigned v6_length);

/* "192.0.2.0/24", "192.0.2.1", "2001:db8::/32"; false: unreadable, or bits set behind the length.
 */
bool prefix_parse(struct bytes text, struct prefix *out, struct error *error);
const char *prefix_text(const struct prefix *prefix, char text[PREFIX_TEXT]);
bool prefix_has(const struct prefix *prefix,
	const struct address *address); /* ::/0 has all of IPv6, and no IPv4 */

bool prefixes_add(
	struct prefixes *list, struct prefix prefix); /* false: no memory; the list is kept */
bool prefixes_has(const struct prefixes *list, const struct address *address);
void prefixes_free(struct prefixes *list);

bool mac_is_local(const uint8_t mac[6]); /* nobody's block: random, or of a virtual machine */
const char *mac_text(const uint8_t mac[6], char text[MAC_TEXT]); /* "00:0c:29:01:02:03" */

#endif
