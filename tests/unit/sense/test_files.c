/* Capture files as one stream: any order of names, overlaps, ties, slices by the hundred, pipes,
 * and the files that are trouble. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "packing.h"
#include "sense/files.h"
#include "../wire/made.h"

#define FILES_MAX 300
#define PACKETS_MAX 1024

struct bench {
	char folder[32];
	char *name[FILES_MAX];
	const char *names[FILES_MAX]; /* the same */
	unsigned count;
	struct anomaly_totals totals;
	struct anomalies seen;
	unsigned errors;
	struct error error; /* the last one */
	struct files_progress progress;
	uint64_t dropped;
	size_t packets;
	struct {
		int64_t time;
		char data[16];
	} packet[PACKETS_MAX];
};

/* Deletes the file that was created last. */
static void drop(struct bench *bench)
{
	char *name = bench->name[--bench->count];
	unlink(name);
	free(name);
}

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	memcpy(bench->folder, "/tmp/test-files-XXXXXX", sizeof("/tmp/test-files-XXXXXX"));
	assert_non_null(mkdtemp(bench->folder));
	bench->seen.total = &bench->totals;
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;
	while (bench->count)
		drop(bench);
	rmdir(bench->folder);
	free(bench);
	return 0;
}

static void put_u32(FILE *file, uint32_t value)
{
	fwrite(&value, sizeof(value), 1, file);
}

static void put_header(FILE *file)
{
	static const uint32_t header[6] = { 0xa1b2c3d4, 0x00040002, 0, 0, 262144, 1 };
	fwrite(header, sizeof(header), 1, file);
}

static void put_packet(FILE *file, int64_t time, const char *data, uint32_t size)
{
	put_u32(file, (uint32_t)(time / 1000000));
	put_u32(file, (uint32_t)(time % 1000000));
	put_u32(file, size);
	put_u32(file, size);
	fwrite(data, size, 1, file);
}

/* A file, created; its name is added to the list. */
static FILE *create(struct bench *bench, const char *name)
{
	unsigned i = bench->count++;
	assert_true(asprintf(&bench->name[i], "%s/%s", bench->folder, name) > 0);
	bench->names[i] = bench->name[i];
	FILE *file = fopen(bench->name[i], "we");
	assert_non_null(file);
	return file;
}

/* A capture with packets at these times (the last is 0), their data is "NAME TIME". */
static void capture(struct bench *bench, const char *name, const int64_t *times)
{
	FILE *file = create(bench, name);
	put_header(file);
	for (; *times; times++) {
		char data[16];
		snprintf(data, sizeof(data), "%s %d", name, (int)*times);
		put_packet(file, *times, data, (uint32_t)strlen(data));
	}
	fclose(file);
}

/* The first bytes of what a file holds. */
static void text(struct bench *bench, const char *name, const void *at, size_t size)
{
	FILE *file = create(bench, name);
	if (size)
		fwrite(at, size, 1, file);
	fclose(file);
}

static void keep(struct bench *bench, const struct packet *packet)
{
	size_t size = bytes_size(packet->data);
	assert_true(bench->packets < PACKETS_MAX);
	bench->packet[bench->packets].time = packet->time;
	memset(bench->packet[bench->packets].data, 0, 16);
	memcpy(bench->packet[bench->packets].data, packet->data.at, size < 15 ? size : 15);
	bench->packets++;
}

static void read_all(struct bench *bench, const char *const *names, unsigned count)
{
	struct packet packet;
	enum files_step step;
	struct files *files = files_open(names, count, &bench->seen);
	assert_non_null(files);
	bench->packets = bench->errors = 0;
	while ((step = files_next(files, &packet, &bench->error)) != FILES_END) {
		if (step == FILES_PACKET)
			keep(bench, &packet);
		else
			bench->errors++;
	}
	assert_int_equal(files_next(files, &packet, &bench->error), FILES_END);
	files_progress(files, &bench->progress);
	bench->dropped = files_dropped(files);
	files_close(files);
}

static void assert_stream(struct bench *bench, const char *const *expected, size_t count)
{
	assert_int_equal(bench->errors, 0);
	assert_int_equal(bench->packets, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(bench->packet[i].data, expected[i]);
}

/* Two that overlap, one that lies inside both, one behind; ties go by first time, then name. */
static void test_any_order(void **state)
{
	static const unsigned orders[][4] = { { 0, 1, 2, 3 }, { 3, 2, 1, 0 }, { 2, 0, 3, 1 },
		{ 1, 3, 0, 2 } };
	static const char *const expected[] = { "b 10", "c 20", "b 30", "c 30", "a 30", "a 31",
		"c 32", "b 40", "a 50", "d 60", "d 70" };
	struct bench *bench = *state;
	capture(bench, "a", (const int64_t[]){ 30, 31, 50, 0 });
	capture(bench, "b", (const int64_t[]){ 10, 30, 40, 0 });
	capture(bench, "c", (const int64_t[]){ 20, 30, 32, 0 });
	capture(bench, "d", (const int64_t[]){ 60, 70, 0 });
	for (size_t i = 0; i < COUNT(orders); i++) {
		const char *names[4];
		for (size_t j = 0; j < 4; j++)
			names[j] = bench->names[orders[i][j]];
		read_all(bench, names, 4);
		assert_stream(bench, expected, COUNT(expected));
		assert_int_equal(bench->progress.bytes, bench->progress.bytes_all);
		assert_int_equal(bench->progress.packets, COUNT(expected));
		assert_int_equal(bench->progress.file, 4);
	}
}

static void test_same_first_time(void **state)
{
	struct bench *bench = *state;
	capture(bench, "z", (const int64_t[]){ 10, 10, 11, 0 });
	capture(bench, "y", (const int64_t[]){ 10, 11, 0 });
	read_all(bench, bench->names, 2);
	assert_stream(bench, (const char *const[]){ "y 10", "z 10", "z 10", "y 11", "z 11" }, 5);
}

/* A file keeps its own order, even where its time runs backwards. */
static void test_time_back(void **state)
{
	struct bench *bench = *state;
	capture(bench, "a", (const int64_t[]){ 10, 30, 20, 40, 0 });
	capture(bench, "b", (const int64_t[]){ 25, 35, 0 });
	read_all(bench, bench->names, 2);
	assert_stream(
		bench, (const char *const[]){ "a 10", "b 25", "a 30", "a 20", "b 35", "a 40" }, 6);
	assert_int_equal(bench->totals.count[FILE_TIME_BACK], 1);
}

static void test_nothing(void **state)
{
	struct bench *bench = *state;
	read_all(bench, bench->names, 0);
	assert_int_equal(bench->packets + bench->errors, 0);
	capture(bench, "a", (const int64_t[]){ 0 });
	read_all(bench, bench->names, 1);
	assert_int_equal(bench->packets + bench->errors, 0);
	assert_int_equal(bench->progress.bytes, 24);
}

/* Three hundred slices, one after the other, named backwards. */
static void test_slices(void **state)
{
	struct bench *bench = *state;
	for (unsigned i = 0; i < FILES_MAX; i++) {
		char name[16];
		int64_t time = 1000 * (FILES_MAX - (int64_t)i);
		snprintf(name, sizeof(name), "s%u", i);
		capture(bench, name, (const int64_t[]){ time, time + 999, 0 });
	}
	read_all(bench, bench->names, FILES_MAX);
	assert_int_equal(bench->errors, 0);
	assert_int_equal(bench->packets, 2 * FILES_MAX);
	for (size_t i = 1; i < bench->packets; i++)
		assert_true(bench->packet[i].time > bench->packet[i - 1].time);
}

/* The same, all side by side: more than may be open. */
static void test_too_many_open(void **state)
{
	struct bench *bench = *state;
	for (unsigned i = 0; i < FILES_MAX; i++) {
		char name[16];
		snprintf(name, sizeof(name), "s%u", i);
		capture(bench, name, (const int64_t[]){ 1 + i, 10000, 0 });
	}
	read_all(bench, bench->names, FILES_MAX);
	assert_int_equal(bench->errors, FILES_MAX - 256);
	assert_int_equal(bench->packets, 2 * 256);
	assert_non_null(strstr(bench->error.text, "mergecap"));
	assert_int_equal(bench->progress.bytes, bench->progress.bytes_all);
}

/* One file's trouble is told once, with its name, and the others go on. */
static void test_trouble(void **state)
{
	static const struct {
		const char *name, *text;
		size_t size;
		const char *error;
	} cases[] = {
		{ "empty", "", 0, "/empty: offset 0: empty" },
		{ "a.gz", "\x1f\x8b\x08\0\0\0\0\0\0\0\7", 11,
			"/a.gz: compressed data (gzip) are damaged at offset 11; 0 packets were" },
		{ "a.lz4", "\x04\x22\x4d\x18\0\0", 6, "/a.lz4: offset 0: compressed with lz4" },
		{ "mail.log", "Mar  1 09:30:00 mx", 18, "/mail.log: offset 0: text" },
		{ "cut.pcap", "\xd4\xc3\xb2\xa1\2\0", 6, "/cut.pcap: cut short inside its header" },
	};
	struct bench *bench = *state;
	capture(bench, "good", (const int64_t[]){ 10, 20, 0 });
	for (size_t i = 0; i < COUNT(cases); i++) {
		text(bench, cases[i].name, cases[i].text, cases[i].size);
		read_all(bench, bench->names, 2);
		assert_int_equal(bench->errors, 1);
		assert_int_equal(bench->packets, 2);
		assert_non_null(strstr(bench->error.text, cases[i].error));
		assert_int_equal(bench->progress.bytes, bench->progress.bytes_all);
		drop(bench);
	}
	assert_int_equal(bench->totals.count[FILE_CUT], 1);
	read_all(bench, (const char *const[]){ "/nowhere/x.pcap", bench->name[0] }, 2);
	assert_int_equal(bench->errors, 1);
	assert_string_equal(bench->error.text,
		"/nowhere/x.pcap: No such file or directory; check the name and the rights");
	read_all(bench, (const char *const[]){ bench->folder, bench->name[0] }, 2);
	assert_int_equal(bench->errors, 1);
	assert_non_null(strstr(bench->error.text, ": a directory; name the files in it, as "));
	assert_int_equal(bench->packets, 2);
}

/* Replaces the file named last by its compressed form, cut to `part` hundredths. */
static void pack_last(struct bench *bench, enum packing packing, size_t part)
{
	static uint8_t data[65536], packed[65536];
	const char *name = bench->name[bench->count - 1];
	FILE *file = fopen(name, "re");
	size_t size = fread(data, 1, sizeof(data), file);
	fclose(file);
	size = pack(packing, data, size, packed, sizeof(packed)) * part / 100;
	file = fopen(name, "we");
	fwrite(packed, size, 1, file);
	fclose(file);
}

/* Compressed files are merged as others are; progress counts their own bytes. */
static void test_compressed(void **state)
{
	static const char *const expected[] = { "a 10", "b 15", "a 20", "b 25" };
	struct bench *bench = *state;
	capture(bench, "a", (const int64_t[]){ 10, 20, 0 });
	for (unsigned p = 0; p < PACKINGS; p++) {
		capture(bench, "b", (const int64_t[]){ 15, 25, 0 });
		pack_last(bench, p, 100);
		read_all(bench, bench->names, 2);
		assert_stream(bench, expected, 4);
		assert_int_equal(bench->progress.bytes, bench->progress.bytes_all);
		drop(bench);
	}
	pack_last(bench, PACKING_GZIP, 100);
	pack_last(bench, PACKING_XZ, 100); /* twice: told what to do */
	read_all(bench, bench->names, 1);
	assert_non_null(
		strstr(bench->error.text, "/a: offset 0: compressed with gzip; decompress"));
}

/* A thousand packets, the second half of the compressed file missing. */
static void test_compressed_cut(void **state)
{
	struct bench *bench = *state;
	int64_t times[1001] = { 0 };
	for (int i = 0; i < 1000; i++)
		times[i] = 10 + i * i;
	capture(bench, "a", times);
	pack_last(bench, PACKING_GZIP, 50);
	read_all(bench, bench->names, 1);
	assert_int_equal(bench->errors, 1);
	assert_true(bench->packets > 300 && bench->packets < 700);
	char told[64];
	snprintf(told, sizeof(told), "; %zu packets were read; the recording", bench->packets);
	assert_non_null(strstr(bench->error.text, "/a: compressed data (gzip) end early, at offs"));
	assert_non_null(strstr(bench->error.text, told));
	assert_int_equal(bench->totals.count[FILE_CUT], 1);
	assert_int_equal(bench->progress.bytes, bench->progress.bytes_all);
}

/* What was read before the damage stays; its anomaly is counted once. */
static void test_cut(void **state)
{
	struct bench *bench = *state;
	capture(bench, "a", (const int64_t[]){ 10, 20, 30, 0 });
	capture(bench, "b", (const int64_t[]){ 15, 25, 35, 0 });
	assert_int_equal(truncate(bench->name[0], 24 + 3 * 20 - 1), 0);
	read_all(bench, bench->names, 2);
	assert_int_equal(bench->errors, 1);
	assert_non_null(strstr(bench->error.text, "/a: packet 3: cut short (3 of 4 bytes)"));
	assert_int_equal(bench->packets, 5);
	assert_int_equal(bench->totals.count[FILE_CUT], 1);
}

/* A packet longer than the buffer, between others. */
static void test_long_packet(void **state)
{
	struct bench *bench = *state;
	char *data = calloc(1, CAPTURE_PACKET_MAX);
	FILE *file = create(bench, "long");
	put_header(file);
	for (int i = 0; i < 3; i++) {
		snprintf(data, 16, "packet %d", i);
		put_packet(file, 10 + i, data, i == 1 ? CAPTURE_PACKET_MAX : 100000);
	}
	fclose(file);
	free(data);
	read_all(bench, bench->names, 1);
	assert_stream(bench, (const char *const[]){ "packet 0", "packet 1", "packet 2" }, 3);
}

/* Gives the capture named last to a pipe; the descriptor to read from. */
static int pipe_of(struct bench *bench)
{
	char data[4096];
	int ends[2];
	FILE *file = fopen(bench->name[bench->count - 1], "re");
	size_t size = fread(data, 1, sizeof(data), file);
	fclose(file);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], data, size), size);
	close(ends[1]);
	return ends[0];
}

/* A pipe cannot be looked into and opened again: it is merged all the same. */
static void test_pipe(void **state)
{
	static const char *const expected[] = { "a 10", "b 15", "a 20", "b 25" };
	struct bench *bench = *state;
	char name[32];
	capture(bench, "a", (const int64_t[]){ 10, 20, 0 });
	capture(bench, "b", (const int64_t[]){ 15, 25, 0 });
	int pipe = pipe_of(bench);
	snprintf(name, sizeof(name), "/dev/fd/%d", pipe);
	read_all(bench, (const char *const[]){ name, bench->name[0] }, 2);
	assert_stream(bench, expected, 4);
	assert_int_equal(bench->progress.bytes_all, 0);
	close(pipe);
	pipe = pipe_of(bench);
	int standard = dup(STDIN_FILENO);
	dup2(pipe, STDIN_FILENO);
	close(pipe);
	read_all(bench, (const char *const[]){ "-", bench->name[0] }, 2);
	assert_stream(bench, expected, 4);
	read_all(bench, (const char *const[]){ "-" }, 1);
	assert_non_null(strstr(bench->error.text, "standard input: offset 0: empty"));
	pack_last(bench, PACKING_ZSTD, 100);
	pipe = pipe_of(bench);
	dup2(pipe, STDIN_FILENO);
	close(pipe);
	read_all(bench, (const char *const[]){ "-", bench->name[0] }, 2);
	assert_stream(bench, expected, 4);
	if (standard >= 0)
		dup2(standard, STDIN_FILENO);
	close(standard);
}

/* Slices of one recording each say what was lost since its begin. */
static void test_dropped(void **state)
{
	static const uint64_t dropped[] = { 3, 12, 8 };
	static struct made made;
	struct bench *bench = *state;
	for (unsigned i = 0; i < COUNT(dropped); i++) {
		made_new(&made, false);
		made_section(&made);
		made_interface(&made, 1, 0, -1, 0);
		made_packet(&made, 0, 1000000 * (i + 1), "packet", 6);
		made_statistics(&made, 0, 5, dropped[i]);
		text(bench, (const char *const[]){ "a", "b", "c" }[i], made.at, made.size);
	}
	read_all(bench, bench->names, COUNT(dropped));
	assert_int_equal(bench->packets, COUNT(dropped));
	assert_int_equal(bench->dropped, 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_any_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_same_first_time, setup, teardown),
		cmocka_unit_test_setup_teardown(test_time_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_slices, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_many_open, setup, teardown),
		cmocka_unit_test_setup_teardown(test_trouble, setup, teardown),
		cmocka_unit_test_setup_teardown(test_compressed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_compressed_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_packet, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pipe, setup, teardown),
		cmocka_unit_test_setup_teardown(test_dropped, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
