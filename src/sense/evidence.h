/* The packets of suspects, taken out of the input when it is read again after the verdict. Of each
 * suspect those of its mail connections and tries, each cut to what may be shown (sense/shown.h),
 * at most EVIDENCE_BYTES_MAX of pcapng; what does not fit is counted, and room is kept for the
 * packets that tell most. Owns its memory. One thread at a time. */
#ifndef MW_SENSE_EVIDENCE_H
#define MW_SENSE_EVIDENCE_H

#include "model/exhibit.h"
#include "sense/shown.h"
#include "wire/capture.h"

#define EVIDENCE_SUSPECTS_MAX 100
#define EVIDENCE_BYTES_MAX (1024 * 1024) /* of the pcapng of one suspect */

struct evidence;

/* The first EVIDENCE_SUSPECTS_MAX of `count` alerts, which must live as long. NULL: no memory. */
struct evidence *evidence_new(const struct alert *const *alerts, unsigned count);
void evidence_free(struct evidence *evidence);

/* A packet, and what the tap said of it. */
void evidence_packet(
	struct evidence *evidence, const struct packet *packet, const struct shown *shown);

/* A session or attempt has become final: `exhibit` says what it shows. */
void evidence_exhibit(
	struct evidence *evidence, const struct activity *activity, const struct exhibit *exhibit);

struct evidence_part {                 /* of one suspect */
	const struct exhibit *exhibit; /* of which packets are kept, in their order */
	unsigned exhibits;
	uint64_t connections;       /* all: also those with no packet kept */
	uint64_t packets, left_out; /* kept; for want of room */
};

void evidence_part(const struct evidence *evidence, unsigned suspect, struct evidence_part *out);

/* The suspect's pcapng, with comments; `program` is who wrote it. Valid until the next call;
 * absent: no memory. */
struct bytes evidence_pcapng(struct evidence *evidence, unsigned suspect, const char *program);

#endif
