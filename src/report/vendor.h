/* Who made a network card: the lists of IEEE, as Debian's package ieee-data keeps them, read when
 * they are asked for. A list that is absent or odd is simply no help. One thread at a time. */
#ifndef MW_REPORT_VENDOR_H
#define MW_REPORT_VENDOR_H

#include "base/bytes.h"

#define VENDOR_FOLDER "/usr/share/ieee-data"
#define VENDOR_FILE_MAX (16u * 1024 * 1024) /* bytes of a list; a longer one is not read */

struct vendors;

/* NULL: no list is there, or no memory. */
struct vendors *vendors_read(const char *folder);
void vendors_free(struct vendors *vendors);

/* As the list has it ("VMware, Inc."); absent: not known. Lives as long as `vendors`. */
struct bytes vendors_find(const struct vendors *vendors, const uint8_t mac[6]);

/* Without what says that it is a company: "VMware". */
struct bytes vendor_short(struct bytes vendor);

#endif
