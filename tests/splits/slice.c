/* slice FILE FOLDER SEED MOST: cuts a capture into files of 1 to MOST packets, at places that the
 * seed decides, and prints their names in order: what `tcpdump -C -G` leaves of a long recording.
 * Each slice is a pcap file of the packets' link type. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sense/files.h"

struct slices {
	const char *folder;
	uint64_t random;
	unsigned most, left, count;
	uint32_t link_type;
	FILE *file;
};

static unsigned draw(struct slices *slices) /* 1..most: xorshift64 */
{
	slices->random ^= slices->random << 13;
	slices->random ^= slices->random >> 7;
	slices->random ^= slices->random << 17;
	return 1 + (unsigned)(slices->random % slices->most);
}

static bool open_next(struct slices *slices, uint32_t link_type)
{
	uint32_t header[6] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, CAPTURE_PACKET_MAX, link_type };
	char name[4096];
	if (slices->file && fclose(slices->file))
		return false;
	snprintf(name, sizeof(name), "%s/%06u.pcap", slices->folder, slices->count++);
	slices->file = fopen(name, "we");
	slices->link_type = link_type;
	slices->left = draw(slices);
	puts(name);
	return slices->file && fwrite(header, sizeof(header), 1, slices->file) == 1;
}

static bool write_packet(struct slices *slices, const struct packet *packet)
{
	uint32_t header[4] = { (uint32_t)(packet->time / 1000000),
		(uint32_t)(packet->time % 1000000), (uint32_t)bytes_size(packet->data),
		packet->length };
	if ((!slices->left || packet->link_type != slices->link_type) &&
		!open_next(slices, packet->link_type))
		return false;
	slices->left--;
	return fwrite(header, sizeof(header), 1, slices->file) == 1 &&
	       fwrite(packet->data.at, bytes_size(packet->data), 1, slices->file) == 1;
}

int main(int argc, char **argv)
{
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	struct packet packet;
	struct error error;
	if (argc != 5)
		return 2;
	struct slices slices = { .folder = argv[2],
		.random = strtoull(argv[3], NULL, 10) * 2654435761u + 1,
		.most = (unsigned)strtoul(argv[4], NULL, 10) };
	const char *names[] = { argv[1] };
	struct files *files = files_open(names, 1, &seen);
	bool good = files && slices.most;
	while (good && files_next(files, &packet, &error) == FILES_PACKET)
		good = write_packet(&slices, &packet);
	if (files)
		files_close(files);
	return good && slices.file && !fclose(slices.file) ? 0 : 4;
}
