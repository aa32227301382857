/* pcapng, the half of capture.h that is made of blocks. Used by capture.c only. */
#ifndef MW_WIRE_PCAPNG_H
#define MW_WIRE_PCAPNG_H

#include "wire/capture.h"

/* Do these first 12 bytes begin a pcapng file? */
bool pcapng_begins(const uint8_t *first);

/* As capture_next(), but counts no packet that it gives. */
enum capture_step pcapng_next(struct capture *capture, struct bytes *in, struct packet *out,
	size_t *need, const char *name, struct anomalies *seen, struct error *error);

/* The file ended inside a block, with `left` not consumed: how much of how much is there. `packet`:
 * of the packet's bytes, not the block's. */
struct pcapng_cut {
	uint64_t here, whole, begin; /* begin: the block's offset */
	bool packet;
};
struct pcapng_cut pcapng_cut(const struct capture *capture, struct bytes left);

#endif
