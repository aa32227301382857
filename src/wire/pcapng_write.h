/* Writes pcapng (draft-ietf-opsawg-pcapng): one section, little-endian, times in microseconds,
 * comments on the section and on packets. Into the caller's memory: write it once with no room to
 * learn the size, then again. No state but the struct; no I/O, no allocation. */
#ifndef MW_WIRE_PCAPNG_WRITE_H
#define MW_WIRE_PCAPNG_WRITE_H

#include "base/bytes.h"

struct pcapng_out {
	uint8_t *at; /* `room` bytes */
	size_t room;
	size_t size; /* of all that was written; what is more than `room` is not there */
};

/* Texts are UTF-8, at most 65535 bytes; comment NULL: none. */
void pcapng_section(struct pcapng_out *out, const char *comment, const char *program);
void pcapng_interface(struct pcapng_out *out, uint32_t link_type); /* the next number, from 0 */

/* `length`: of the packet on the wire; `data` is what is kept of it. */
void pcapng_packet(struct pcapng_out *out, uint32_t interface, int64_t time, struct bytes data,
	uint32_t length, const char *comment);

#define PCAPNG_PACKET_SIZE 32 /* bytes beside data and options, each of them padded to 4 */
#define PCAPNG_OPTION_SIZE 4  /* and once so many for the end of options */

#endif
