/* Capture files: pcap (both byte orders, micro- and nanoseconds) and pcapng (sections of either
 * order, any mix of interfaces with their own link type, snapshot length, time resolution and
 * offset; enhanced, simple and obsolete packet blocks; other blocks are stepped over).
 * draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng. Bytes in, packets out; the caller does the I/O.
 * No allocation; interfaces of a section beyond CAPTURE_INTERFACES are not known. One thread at a
 * time. */
#ifndef MW_WIRE_CAPTURE_H
#define MW_WIRE_CAPTURE_H

#include "base/anomaly.h"
#include "base/bytes.h"
#include "base/error.h"

#define CAPTURE_INTERFACES 256
#define CAPTURE_PACKET_MAX                                                                         \
	262144 /* bytes; the most that tcpdump and dumpcap ever write for one packet */

#define CAPTURE_TIME_MAX INT64_C(253402300799999999) /* the last microsecond of the year 9999 */
#define CAPTURE_SECONDS_MAX (CAPTURE_TIME_MAX / 1000000)

struct packet {
	int64_t time; /* microseconds since 1970 UTC; what is outside 0..CAPTURE_TIME_MAX is set to
			 it */
	uint32_t link_type; /* LINKTYPE_ number */
	uint32_t length;    /* on the wire; bytes_size(data) when nothing was cut */
	uint32_t interface; /* pcapng: its number in the section; else 0 */
	struct bytes data;  /* lies in the caller's buffer */
};

struct capture {
	uint64_t offset;  /* in the file, of the next byte that capture_next() has not consumed */
	uint64_t packets; /* read so far, with those that were skipped */
	uint64_t dropped; /* pcapng: by the recorder, as its statistics say so far */
	int64_t time;     /* of the newest packet */
	bool begun, ng, big_endian, nano;
	uint32_t link_type;    /* pcap */
	uint32_t block_length; /* pcapng: of a block that was begun, but is not consumed; else 0 */
	uint32_t skip;         /* of it, bytes before the length at its end */
	uint32_t interfaces;   /* pcapng: of this section */
	struct capture_interface {
		uint16_t link_type;
		uint8_t resolution; /* if_tsresol */
		uint32_t snaplen;   /* 0: no limit */
		int64_t offset;     /* if_tsoffset, in microseconds */
		uint64_t dropped;
	} interface[CAPTURE_INTERFACES];
};

enum capture_step {
	CAPTURE_PACKET, /* *out is one */
	CAPTURE_MORE,   /* give more bytes: those left in `in`, and at least *need in all */
	CAPTURE_BAD     /* unreadable from here: error says where and what to do */
};

void capture_init(struct capture *capture);

/* Reads on from `in`, stepping over what it consumed; nothing is consumed of what is BAD. `name`
 * begins an error line. *need is at most CAPTURE_PACKET_MAX + 64. Anomalies: blocks and interfaces
 * that are not known, time that runs backwards, and packets of pcapng longer than
 * CAPTURE_PACKET_MAX (skipped and counted; in pcap they are BAD, for a wrong length leaves nothing
 * to go on from). A pcap file of a link type that is not known is BAD, too: no packet of it could
 * be read. In pcapng link_decode() counts such packets. */
enum capture_step capture_next(struct capture *capture, struct bytes *in, struct packet *out,
	size_t *need, const char *name, struct anomalies *seen, struct error *error);

/* The file ended with `left` bytes not consumed: true when that is a clean end; else error says
 * what was cut: "office.pcap: packet 1841: cut short (12 of 1514 bytes) at offset 123456; 1840
 * packets were read; ..." */
bool capture_end(const struct capture *capture, struct bytes left, const char *name,
	struct anomalies *seen, struct error *error);

#endif
