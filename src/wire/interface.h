/* What a pcapng file says of an interface in the options of its blocks. Used by pcapng.c only. */
#ifndef MW_WIRE_INTERFACE_H
#define MW_WIRE_INTERFACE_H

#include "wire/capture.h"

/* Time resolution and offset, of an interface description block. false: an option cannot be read.
 */
bool interface_describe(
	const struct capture *capture, struct bytes in, struct capture_interface *interface);

/* Packets that the recorder lost since it began, of an interface statistics block; behind an option
 * that cannot be read nothing is told. */
uint64_t interface_dropped(const struct capture *capture, struct bytes in);

#endif
