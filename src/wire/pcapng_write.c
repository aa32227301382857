/* Each block is written with a length of 0 in front, and given its length once its end is known: so
 * no length is ever computed apart from the bytes that it counts. */
#include "wire/pcapng_write.h"

enum {
	SECTION = 0x0a0d0d0a,
	INTERFACE = 1,
	PACKET = 6,
	BYTE_ORDER = 0x1a2b3c4d,
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_PROGRAM = 4 /* shb_userappl */
};

static void put(struct pcapng_out *out, const void *bytes, size_t size)
{
	if (size && out->size + size <= out->room)
		memcpy(out->at + out->size, bytes, size);
	out->size += size;
}

static void put32(struct pcapng_out *out, uint32_t number)
{
	const uint8_t bytes[4] = { (uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16),
		(uint8_t)(number >> 24) };
	put(out, bytes, sizeof(bytes));
}

static void pad(struct pcapng_out *out)
{
	static const uint8_t zeros[3];
	put(out, zeros, -out->size % 4); /* all blocks begin at a multiple of 4 */
}

static void option(struct pcapng_out *out, uint32_t code, const char *text)
{
	size_t size = text ? strlen(text) : 0;
	if (!text)
		return;
	if (size > UINT16_MAX)
		size = UINT16_MAX;
	put32(out, code | (uint32_t)size << 16);
	put(out, text, size);
	pad(out);
}

/* Begins a block; gives where. */
static size_t begin(struct pcapng_out *out, uint32_t type)
{
	size_t at = out->size;
	put32(out, type);
	put32(out, 0);
	return at;
}

static void end(struct pcapng_out *out, size_t at)
{
	uint32_t length = (uint32_t)(out->size - at) + 4;
	struct pcapng_out head = { out->at, out->room, at + 4 };
	put32(out, length);
	put32(&head, length);
}

void pcapng_section(struct pcapng_out *out, const char *comment, const char *program)
{
	size_t at = begin(out, SECTION);
	put32(out, BYTE_ORDER);
	put32(out, 1);          /* version 1.0 */
	put32(out, UINT32_MAX); /* the section's length: not said */
	put32(out, UINT32_MAX);
	option(out, OPTION_COMMENT, comment);
	option(out, OPTION_PROGRAM, program);
	put32(out, OPTION_END);
	end(out, at);
}

void pcapng_interface(struct pcapng_out *out, uint32_t link_type)
{
	size_t at = begin(out, INTERFACE);
	put32(out, link_type & UINT16_MAX);
	put32(out, 0); /* no snapshot length */
	end(out, at);
}

void pcapng_packet(struct pcapng_out *out, uint32_t interface, int64_t time, struct bytes data,
	uint32_t length, const char *comment)
{
	size_t at = begin(out, PACKET);
	put32(out, interface);
	put32(out, (uint32_t)((uint64_t)time >> 32));
	put32(out, (uint32_t)time);
	put32(out, (uint32_t)bytes_size(data));
	put32(out, length);
	put(out, data.at, bytes_size(data));
	pad(out);
	option(out, OPTION_COMMENT, comment);
	if (comment)
		put32(out, OPTION_END);
	end(out, at);
}
