/* Records by address, in the order of their last use: the ground of the host and the server table.
 * Each record is in one of a few lists (classes), so that the caller can say which class is given
 * up first. Bounded; begins small and grows. The order of lists is the order of use, never that of
 * the hash table. One thread at a time. */
#ifndef MW_DETECT_ROSTER_H
#define MW_DETECT_ROSTER_H

#include "base/address.h"

struct roster;

struct roster_entry { /* the first member of each record; its fields are the roster's */
	struct address address;
	uint32_t index, newer, older; /* of the record itself and its neighbours; 0: none */
	uint32_t list;
};

#define ROSTER_LISTS 4

/* NULL when the system has no memory. */
struct roster *roster_new(size_t record_size, uint32_t max);
void roster_free(struct roster *roster);

void *roster_find(const struct roster *roster, const struct address *address); /* NULL: not there */

/* A zeroed record, the newest of its list; NULL when `max` are there or memory is out. The address
 * must not be there yet. */
void *roster_add(struct roster *roster, const struct address *address, unsigned list);
void roster_remove(struct roster *roster, void *record);

/* Makes it the newest of `list`. */
void roster_touch(struct roster *roster, void *record, unsigned list);

void *roster_oldest(const struct roster *roster, unsigned list);
void *roster_newer(const struct roster *roster, const void *record); /* in its list; NULL: none */
uint32_t roster_count(const struct roster *roster, unsigned list);
uint32_t roster_max(const struct roster *roster);

#endif
