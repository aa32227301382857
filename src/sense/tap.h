/* From packets to activities: link, tunnels, IP, TCP, the connections and their dialogues. Gives
 * sessions, attempts and handshakes in the total order of activities. Bounded: half-open
 * connections, open connections, held bytes. One thread at a time. */
#ifndef MW_SENSE_TAP_H
#define MW_SENSE_TAP_H

#include "model/activity.h"
#include "model/recording.h"
#include "model/site.h"
#include "wire/capture.h"

struct tap_settings {
	const uint16_t *ports; /* mail ports beside 25, 465, 587, 2525 */
	unsigned port_count;
	enum keep keep;          /* of messages */
	bool verify_checksums;   /* unless a side is seen to offload them */
	struct shown *shown;     /* what each packet shows is said here (sense/shown.h), until the
				    next; NULL: nowhere */
	const struct site *site; /* whose inside may not be spoken for by a tunnel from outside;
				    NULL: every tunnel is believed */
};

struct tap_counts {
	uint64_t packets, bytes; /* captured */
	uint64_t ip, tcp, mail;  /* packets that are IP, TCP, of a connection that we follow */
	uint64_t connections;    /* followed */
	uint64_t open, open_peak;
	int64_t first, last; /* time of the earliest and latest packet; 0: none */
};

struct tap;

struct tap *tap_new(
	const struct tap_settings *settings, struct anomalies *seen); /* NULL: no memory */
void tap_free(struct tap *tap);

/* The same input was read by `before`: the odd ports that servers greeted on there are known. */
void tap_again(struct tap *tap, const struct tap *before);
void tap_packet(struct tap *tap, const struct packet *packet);
void tap_finish(struct tap *tap); /* the input ended: all that is open becomes final */

/* The next finished activity; it is the caller's (activity_free). false: give more packets. */
bool tap_next(struct tap *tap, struct activity *out);
void tap_counts(const struct tap *tap, struct tap_counts *out);
void tap_recording(const struct tap *tap, struct recording *out); /* without `dropped` */

#endif
