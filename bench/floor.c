/* The floor: `floor FILE` reads a pcap file of Ethernet frames into a buffer of 256 KiB and looks
 * at the headers of every packet. What a reader takes beyond that, it takes for its work. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/bytes.h"

#define BUFFER ((size_t)256 * 1024)

struct counts {
	uint64_t packets, bytes, mail, flags, ends;
};

static void look(struct bytes in, struct counts *counts)
{
	const uint8_t *frame = bytes_take(&in, 34);
	counts->packets++;
	if (!frame || be16(frame + 12) != 0x0800)
		return;
	const uint8_t *ip = frame + 14, *tcp = bytes_take(&in, 20);
	counts->ends += be32(ip + 12) ^ be32(ip + 16);
	if (!tcp || ip[9] != 6)
		return;
	bool mail = be16(tcp) == 25 || be16(tcp + 2) == 25;
	counts->mail += mail;
	counts->bytes += mail ? bytes_size(in) : 0;
	counts->flags += tcp[13] ^ be32(tcp + 4) ^ be32(tcp + 8);
}

static void look_all(struct bytes *in, struct counts *counts)
{
	for (;;) {
		struct bytes rest = *in;
		const uint8_t *header = bytes_take(&rest, 16);
		if (!header || bytes_size(rest) < le32(header + 8))
			return;
		look(bytes_split(&rest, le32(header + 8)), counts);
		*in = rest;
	}
}

int main(int argc, char **argv)
{
	static uint8_t buffer[BUFFER];
	struct counts counts = { 0 };
	int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;
	ssize_t got = fd < 0 ? -1 : read(fd, buffer, 24); /* the header of the file */
	struct bytes in = { buffer, buffer };
	while (got > 0) {
		size_t kept = bytes_size(in);
		memmove(buffer, in.at, kept);
		got = read(fd, buffer + kept, BUFFER - kept);
		in = bytes_make(buffer, kept + (got > 0 ? (size_t)got : 0));
		look_all(&in, &counts);
	}
	printf("%" PRIu64 " packets, %" PRIu64 " of mail, %" PRIu64 " bytes, %" PRIx64 "\n",
		counts.packets, counts.mail, counts.bytes, counts.ends ^ counts.flags);
	return got < 0 ? 4 : 0;
}
