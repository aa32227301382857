/* Capture files for tests, made piece by piece in either byte order. */
#ifndef MW_TESTS_MADE_H
#define MW_TESTS_MADE_H

#include <assert.h>
#include <string.h>

#include "wire/capture.h"

struct made {
	uint8_t at[16384];
	size_t size;
	size_t block; /* where the block that is being made begins */
	bool big_endian;
};

static inline void made_new(struct made *made, bool big_endian)
{
	made->size = made->block = 0;
	made->big_endian = big_endian;
}

static inline void made_bytes(struct made *made, const void *at, size_t size)
{
	assert(size <= sizeof(made->at) - made->size);
	if (size)
		memcpy(made->at + made->size, at, size);
	made->size += size;
}

/* The low `size` bytes of `value`. */
static inline void made_number(struct made *made, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++) {
		uint8_t byte = (uint8_t)(value >> 8 * (made->big_endian ? size - 1 - i : i));
		made_bytes(made, &byte, 1);
	}
}

static inline void made_u32(struct made *made, uint32_t value)
{
	made_number(made, value, 4);
}

static inline void made_u16(struct made *made, uint16_t value)
{
	made_number(made, value, 2);
}

static inline void made_padding(struct made *made, size_t size)
{
	while (size++ % 4)
		made_number(made, 0, 1);
}

static inline struct bytes made_file(const struct made *made)
{
	return bytes_make(made->at, made->size);
}

static inline void made_pcap(struct made *made, uint32_t magic, uint32_t link_type)
{
	made_u32(made, magic);
	made_u16(made, 2);
	made_u16(made, 4);
	made_u32(made, 0);
	made_u32(made, 0);
	made_u32(made, 65535);
	made_u32(made, link_type);
}

static inline void made_record(
	struct made *made, uint32_t seconds, uint32_t fraction, const char *data, uint32_t length)
{
	made_u32(made, seconds);
	made_u32(made, fraction);
	made_u32(made, (uint32_t)strlen(data));
	made_u32(made, length);
	made_bytes(made, data, strlen(data));
}

static inline void made_begin(struct made *made, uint32_t type)
{
	made->block = made->size;
	made_u32(made, type);
	made_u32(made, 0);
}

/* Both lengths of the block. */
static inline void made_end(struct made *made)
{
	size_t end = made->size;
	uint32_t length = (uint32_t)(end + 4 - made->block);
	made->size = made->block + 4;
	made_u32(made, length);
	made->size = end;
	made_u32(made, length);
}

static inline void made_section(struct made *made)
{
	made_begin(made, 0x0a0d0d0a);
	made_u32(made, 0x1a2b3c4d);
	made_u16(made, 1);
	made_u16(made, 0);
	made_number(made, UINT64_MAX, 8); /* of unknown length */
	made_end(made);
}

static inline void made_option(struct made *made, uint16_t code, const void *at, uint16_t size)
{
	made_u16(made, code);
	made_u16(made, size);
	made_bytes(made, at, size);
	made_padding(made, size);
}

/* resolution: if_tsresol; -1: none. offset: if_tsoffset; 0: none. */
static inline void made_interface(
	struct made *made, uint16_t link_type, uint32_t snaplen, int resolution, int64_t offset)
{
	made_begin(made, 1);
	made_u16(made, link_type);
	made_u16(made, 0);
	made_u32(made, snaplen);
	made_option(made, 2, "eth0", 4); /* if_name */
	if (resolution >= 0)
		made_option(made, 9, &(uint8_t){ (uint8_t)resolution }, 1);
	if (offset) {
		made_u16(made, 14);
		made_u16(made, 8);
		made_number(made, (uint64_t)offset, 8);
	}
	made_option(made, 0, NULL, 0);
	made_end(made);
}

/* Interface statistics, with one option of eight bytes. */
static inline void made_statistics(
	struct made *made, uint32_t interface, uint16_t code, uint64_t value)
{
	made_begin(made, 5);
	made_u32(made, interface);
	made_u32(made, 0);
	made_u32(made, 0);
	made_u16(made, code);
	made_u16(made, 8);
	made_number(made, value, 8);
	made_option(made, 0, NULL, 0);
	made_end(made);
}

static inline void made_packet(
	struct made *made, uint32_t interface, uint64_t ticks, const char *data, uint32_t length)
{
	made_begin(made, 6);
	made_u32(made, interface);
	made_u32(made, (uint32_t)(ticks >> 32));
	made_u32(made, (uint32_t)ticks);
	made_u32(made, (uint32_t)strlen(data));
	made_u32(made, length);
	made_bytes(made, data, strlen(data));
	made_padding(made, strlen(data));
	made_end(made);
}

static inline void made_simple(struct made *made, const char *data, uint32_t length)
{
	made_begin(made, 3);
	made_u32(made, length);
	made_bytes(made, data, strlen(data));
	made_padding(made, strlen(data));
	made_end(made);
}

static inline void made_old(struct made *made, uint16_t interface, uint64_t ticks, const char *data)
{
	made_begin(made, 2);
	made_u16(made, interface);
	made_u16(made, 7); /* drops */
	made_u32(made, (uint32_t)(ticks >> 32));
	made_u32(made, (uint32_t)ticks);
	made_u32(made, (uint32_t)strlen(data));
	made_u32(made, 99);
	made_bytes(made, data, strlen(data));
	made_padding(made, strlen(data));
	made_option(made, 1, "comment", 7);
	made_end(made);
}

static inline void made_other(struct made *made, uint32_t type)
{
	made_begin(made, type);
	made_bytes(made, "whatever it holds..", 20);
	made_end(made);
}

/* Two sections of different byte order, and a block of each kind. */
static inline void made_mixed(struct made *made)
{
	made_new(made, false);
	made_section(made);
	made_interface(made, 1, 0, 9, 0);
	made_interface(made, 113, 4, -1, 0);
	made_other(made, 4);
	made_packet(made, 1, 2000000, "abcd", 1514);
	made_other(made, 0x12345678);
	made_packet(made, 0, 3000000000, "abcdefgh", 8);
	made_simple(made, "simpl", 5);
	made_packet(made, 2, 1, "nowhere", 7);
	made_old(made, 0, 2500000000, "old one");
	made->big_endian = true;
	made_section(made);
	made_interface(made, 276, 3, 0, 0);
	made_other(made, 5);
	made_simple(made, "cut", 1000);
	made_old(made, 0, 70, "");
	made_packet(made, 0, 71, "z", 1);
}

#endif
