/* Capture files that lie about themselves: one honest dialogue as a file, of which a few bytes are
 * changed. What was read before the lie stays, what follows is told as an error or stepped over,
 * and whatever comes of it is judged like any other dialogue: as the truth, or marked. TAP. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/moment.h"
#include "plot.h"
#include "sense/files.h"

enum { HEAD = 24, ROW = 16 };

static const struct lie {
	const char *name;
	uint32_t packet; /* whose row it is in; 0: the file's head */
	uint32_t at;     /* byte of the row or head */
	uint32_t value;  /* written there, 4 bytes, little-endian */
	uint32_t cut;    /* the file ends so many bytes behind the row or head; 0: it does not */
	enum { ALL_READ, NOT_ALL } then;
} lies[] = {
	{ "snapshot length 0", 0, 16, 0, 0, ALL_READ },
	{ "snapshot length 1", 0, 16, 1, 0, ALL_READ },
	{ "snapshot length 4 GiB", 0, 16, 0xffffffff, 0, ALL_READ },
	{ "version 9.9", 0, 4, 0x00090009, 0, NOT_ALL },
	{ "the other byte order", 0, 0, 0xd4c3b2a1, 0, NOT_ALL },
	{ "a link type that is not known", 0, 20, 9999, 0, NOT_ALL },
	{ "nanoseconds that are microseconds", 0, 0, 0xa1b23c4d, 0, ALL_READ },
	{ "only a head", 0, 4, 0x00040002, 1, NOT_ALL },
	{ "a packet of 0 bytes", 12, 8, 0, 0, NOT_ALL },
	{ "a packet of 4 GiB", 12, 8, 0xffffffff, 0, NOT_ALL },
	{ "a packet of 2 GiB", 12, 8, 0x7fffffff, 0, NOT_ALL },
	{ "a packet of 262,145 bytes", 12, 8, 262145, 0, NOT_ALL },
	{ "a packet that holds the next", 12, 8, 150, 0, NOT_ALL },
	{ "a packet longer than it was sent", 12, 12, 20, 0, ALL_READ },
	{ "a packet sent as 4 GiB", 12, 12, 0xffffffff, 0, ALL_READ },
	{ "seconds of 2106", 12, 0, 0xffffffff, 0, ALL_READ },
	{ "seconds of 1970", 12, 0, 0, 0, ALL_READ },
	{ "more microseconds than a second has", 12, 4, 0xfffffff0, 0, ALL_READ },
	{ "cut in a packet", 12, 0, 0, 30, NOT_ALL },
	{ "cut in a packet's row", 12, 0, 0, 3, NOT_ALL },
};

static void write_lie(const struct forge *forge, const struct lie *lie, const char *path)
{
	uint8_t value[4];
	long base = 0, at = HEAD;
	for (size_t i = 0; i + 1 < lie->packet; i++)
		at += ROW + (long)forge->packet[i].size;
	base = lie->packet ? at : 0;
	for (int i = 0; i < 4; i++)
		value[i] = (uint8_t)(lie->value >> (8 * i));
	bool ok = forge_write(forge, path);
	FILE *file = fopen(path, "r+e");
	ok = ok && file && !fseek(file, base + lie->at, SEEK_SET) &&
	     fwrite(value, sizeof(value), 1, file) == 1;
	ok = file && !fclose(file) && ok;
	if (lie->cut)
		ok = ok && !truncate(path, base + (lie->packet ? 0 : HEAD - 1) + lie->cut);
	assert(ok);
}

struct told {
	unsigned packets, errors, sessions, marked, recipients;
};

static struct told read_back(const char *path)
{
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	const struct tap_settings settings = { .verify_checksums = true };
	struct tap *tap = tap_new(&settings, &seen);
	struct files *files = files_open(&path, 1, &seen);
	struct activity activity;
	struct packet packet;
	struct error error;
	struct told told = { 0 };
	enum files_step step;
	assert(tap && files);
	while ((step = files_next(files, &packet, &error)) != FILES_END) {
		told.errors += step == FILES_ERROR;
		told.packets += step == FILES_PACKET;
		if (step == FILES_PACKET)
			tap_packet(tap, &packet);
	}
	tap_finish(tap);
	while (tap_next(tap, &activity)) {
		if (activity.kind == ACTIVITY_SESSION) {
			told.sessions++;
			told.marked += activity.session->marks != 0;
			told.recipients += activity.session->counters.recipients_accepted;
		}
		activity_free(&activity);
	}
	tap_free(tap);
	files_close(files);
	return told;
}

static bool try(const struct forge *forge, const struct lie *lie, unsigned number, const char *path)
{
	write_lie(forge, lie, path);
	struct told told = read_back(path);
	bool ok = told.packets + 1 >= lie->packet && told.recipients <= 1;
	if (lie->then == ALL_READ)
		ok = ok && !told.errors && told.packets == forge->count;
	else
		ok = ok && (told.errors || told.packets != forge->count || told.marked);
	printf("%s %u - files: %s\n", ok ? "ok" : "not ok", number, lie->name);
	if (!ok)
		printf("# %u of %zu packets, %u errors, %u sessions, %u marked, %u recipients\n",
			told.packets, forge->count, told.errors, told.sessions, told.marked,
			told.recipients);
	return ok;
}

int main(void)
{
	char path[] = "/tmp/mailwarden-evasion.XXXXXX";
	struct forge forge = { .ip = { { 192, 168, 7, 20 }, { 198, 18, 1, 25 } },
		.port = { 40000, 25 },
		.seq = { 1000, 2000 },
		.time = 1767225600 * SECOND };
	const struct plot honest = { .place = PLACE_NONE };
	unsigned failed = 0, number = 0;
	int fd = mkstemp(path);
	assert(fd >= 0);
	close(fd);
	plot_play(&honest, &forge, true);
	for (size_t i = 0; i < COUNT(lies); i++)
		failed += !try(&forge, &lies[i], ++number, path);
	forge_clear(&forge);
	unlink(path);
	printf("1..%u\n", number);
	return failed != 0;
}
