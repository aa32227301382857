/* Capture files: pcap (all four magics, both byte orders, micro- and nanoseconds) and pcapng
 * (sections of either order, any mix of interfaces with their own link type, snapshot length, time
 * resolution and offset; EPB, SPB, old PB; unknown blocks are stepped over).
 * draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng. Bytes in, packets out; the caller does the I/O.
 * No allocation beyond the struct itself; more than CAPTURE_INTERFACES interfaces in a section are
 * not known. One thread at a time. */
#ifndef MW_WIRE_CAPTURE_H
#define MW_WIRE_CAPTURE_H

#include "base/anomaly.h"
#include "base/bytes.h"
#include "base/error.h"

#define CAPTURE_INTERFACES 256
#define CAPTURE_PACKET_MAX                                                                         \
	262144 /* bytes; the most that tcpdump and dumpcap ever write for one packet */

struct packet {
	int64_t time;       /* microseconds since 1970 UTC */
	uint32_t link_type; /* LINKTYPE_ number */
	uint32_t length;    /* on the wire; bytes_size(data) when nothing was cut */
	uint32_t interface; /* pcapng: its number in the section; else 0 */
	struct bytes data;  /* lies in the caller's buffer */
};

struct capture {
	uint64_t offset;  /* in the file, of the next byte that capture_next() has not consumed */
	uint64_t packets; /* read so far */
	bool begun, ng, swapped, nano;
	uint32_t link_type, snaplen;
	uint64_t section_left; /* pcapng */
	uint64_t skip;         /* bytes of a block that is stepped over and not all here yet */
	uint32_t interfaces;
	struct capture_interface {
		uint16_t link_type;
		uint32_t snaplen;
		uint64_t ticks; /* per second */
		int64_t offset; /* seconds */
	} interface[CAPTURE_INTERFACES];
};

enum capture_step {
	CAPTURE_PACKET, /* *out is one */
	CAPTURE_MORE,   /* give more bytes: those left in `in`, and at least *need in all */
	CAPTURE_BAD     /* unreadable from here: error says where and what to do */
};

void capture_init(struct capture *capture);

/* Reads on from `in`, stepping over what it consumed. `name` begins an error line. Anomalies:
 * blocks, interfaces and link types that are not known, packets longer than CAPTURE_PACKET_MAX
 * (skipped and counted). */
enum capture_step capture_next(struct capture *capture, struct bytes *in, struct packet *out,
	size_t *need, const char *name, struct anomalies *seen, struct error *error);

/* The file ended with `left` bytes not consumed: true when that is a clean end; else error says
 * what was cut: "office.pcap: packet 1841: cut short (12 of 1514 bytes) at offset 123456; 1840
 * packets were read; ..." */
bool capture_end(const struct capture *capture, struct bytes left, const char *name,
	struct anomalies *seen, struct error *error);

#endif
