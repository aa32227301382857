/* Decompression: each format whole, bytewise, cut at every place, damaged, several in a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "packing.h"
#include "sense/unpack.h"

#define TEXT_SIZE 5000
#define ROOM 65536

static const char *const names[PACKINGS] = { "gzip", "zstd", "xz", "bzip2" };

/* Text that compresses, but not to nothing. */
static void write_text(char text[TEXT_SIZE])
{
	uint32_t random = 1;
	for (size_t i = 0; i < TEXT_SIZE; i++) {
		random = random * 1664525 + 1013904223;
		text[i] = (char)('a' + (random >> 24) % 6);
	}
}

struct outcome {
	uint8_t out[2 * TEXT_SIZE + 64];
	size_t size;
	enum unpack_step step; /* the last */
};

/* Feeds `packed` in slices of `slice` bytes, gives room for `room` at a time. */
static void unpack_all(
	const uint8_t *packed, size_t size, size_t slice, size_t room, struct outcome *outcome)
{
	struct bytes all = bytes_make(packed, size), in = { 0 };
	struct unpack *unpack = unpack_new(all);
	assert_non_null(unpack);
	outcome->size = 0;
	outcome->step = UNPACK_ON;
	for (;;) {
		size_t got;
		uint8_t part[ROOM];
		assert_true(room <= ROOM);
		outcome->step = unpack_some(unpack, &in, part, room, &got);
		assert_true(got <= room && got <= sizeof(outcome->out) - outcome->size);
		memcpy(outcome->out + outcome->size, part, got);
		outcome->size += got;
		if (outcome->step != UNPACK_ON && outcome->step != UNPACK_BETWEEN)
			break;
		if (got)
			continue;
		assert_int_equal(bytes_size(in), 0);
		if (all.at == all.end)
			break;
		in = bytes_split(&all, slice);
	}
	unpack_free(unpack);
}

static void test_slices(void **state)
{
	static const size_t slices[][2] = { { ROOM, ROOM }, { 1, ROOM }, { ROOM, 1 }, { 7, 5 } };
	char text[TEXT_SIZE];
	uint8_t packed[ROOM];
	struct outcome outcome;
	write_text(text);
	for (unsigned p = 0; p < PACKINGS; p++) {
		size_t size = pack(p, text, TEXT_SIZE, packed, sizeof(packed));
		assert_true(unpack_knows(bytes_make(packed, UNPACK_LOOK)));
		for (size_t i = 0; i < COUNT(slices); i++) {
			unpack_all(packed, size, slices[i][0], slices[i][1], &outcome);
			assert_int_equal(outcome.step, UNPACK_BETWEEN);
			assert_int_equal(outcome.size, TEXT_SIZE);
			assert_memory_equal(outcome.out, text, TEXT_SIZE);
		}
	}
}

static void test_names(void **state)
{
	for (unsigned p = 0; p < PACKINGS; p++) {
		uint8_t packed[256];
		size_t size = pack(p, "x", 1, packed, sizeof(packed));
		struct unpack *unpack = unpack_new(bytes_make(packed, size));
		assert_string_equal(unpack_name(unpack), names[p]);
		assert_int_equal(strncmp(unpack_command(unpack), names[p], strlen(names[p])), 0);
		unpack_free(unpack);
	}
	assert_false(unpack_knows(bytes_make("\xd4\xc3\xb2\xa1\2\0", 6)));
	assert_false(unpack_knows(bytes_make("\x0a\x0d\x0d\x0a\0\0", 6)));
	assert_false(unpack_knows(bytes_make("\x1f\x8b", 2)));
	assert_false(unpack_knows((struct bytes){ 0 }));
}

/* Cut anywhere but at its very end, what came is right, and the end is not one. */
static void test_cut_everywhere(void **state)
{
	char text[TEXT_SIZE];
	uint8_t packed[ROOM];
	struct outcome outcome;
	write_text(text);
	for (unsigned p = 0; p < PACKINGS; p++) {
		size_t size = pack(p, text, TEXT_SIZE, packed, sizeof(packed));
		for (size_t cut = UNPACK_LOOK; cut < size; cut += 1 + cut / 64) {
			unpack_all(packed, cut, ROOM, ROOM, &outcome);
			assert_int_equal(outcome.step, UNPACK_ON);
			assert_true(outcome.size <= TEXT_SIZE);
			assert_memory_equal(outcome.out, text, outcome.size);
		}
	}
}

/* Two in a row are one, with and without zeros between and behind; something else is damage. */
static void test_in_a_row(void **state)
{
	static const struct {
		size_t between, behind;
		const char *tail;
		enum unpack_step step;
	} cases[] = {
		{ 0, 0, "", UNPACK_BETWEEN },
		{ 12, 512, "", UNPACK_BETWEEN },
		{ 0, 0, "\x1f", UNPACK_ON },
		{ 0, 4, "garbage of some length, such as this text has", UNPACK_DAMAGED },
	};
	char text[2 * TEXT_SIZE];
	uint8_t packed[ROOM];
	struct outcome outcome;
	write_text(text);
	write_text(text + TEXT_SIZE);
	for (unsigned p = 0; p < PACKINGS; p++) {
		for (size_t i = 0; i < COUNT(cases); i++) {
			if (cases[i].step == UNPACK_ON && p != PACKING_GZIP)
				continue; /* the first byte of another format's magic */
			memset(packed, 0, sizeof(packed));
			size_t size = pack(p, text, TEXT_SIZE, packed, 20000);
			size += cases[i].between;
			size += pack(p, text, TEXT_SIZE, packed + size, 20000);
			size += cases[i].behind;
			memcpy(packed + size, cases[i].tail, strlen(cases[i].tail));
			size += strlen(cases[i].tail);
			unpack_all(packed, size, ROOM, ROOM, &outcome);
			assert_int_equal(outcome.step, cases[i].step);
			assert_int_equal(outcome.size, 2 * TEXT_SIZE);
			assert_memory_equal(outcome.out, text, 2 * TEXT_SIZE);
		}
	}
}

/* Bits that flip are found, or at least never lead astray: the sanitizer watches. */
static void test_damage(void **state)
{
	char text[TEXT_SIZE];
	uint8_t packed[ROOM];
	struct outcome outcome;
	write_text(text);
	for (unsigned p = 0; p < PACKINGS; p++) {
		unsigned found = 0, tried = 0;
		size_t size = pack(p, text, TEXT_SIZE, packed, sizeof(packed));
		for (size_t at = UNPACK_LOOK; at < size; at += 1 + size / 100) {
			packed[at] ^= 0x10;
			unpack_all(packed, size, 100, 512, &outcome);
			found += outcome.step != UNPACK_BETWEEN || outcome.size != TEXT_SIZE ||
				 memcmp(outcome.out, text, TEXT_SIZE) != 0;
			tried++;
			packed[at] ^= 0x10;
		}
		assert_true(found > tried / 2);
	}
}

/* Windows beyond the limit are refused, not tried. */
static void test_large(void **state)
{
	static const uint8_t zstd[] = { 0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x98, 0x01, 0, 0 }; /* 2^29 */
	lzma_options_lzma options;
	uint8_t packed[ROOM];
	size_t size = 0;
	struct outcome outcome;
	unpack_all(zstd, sizeof(zstd), ROOM, ROOM, &outcome);
	assert_int_equal(outcome.step, UNPACK_LARGE);
	lzma_lzma_preset(&options, 0);
	options.dict_size = 256 * 1024 * 1024;
	const lzma_filter filters[] = { { LZMA_FILTER_LZMA2, &options },
		{ LZMA_VLI_UNKNOWN, NULL } };
	lzma_filter copy[COUNT(filters)];
	memcpy(copy, filters, sizeof(filters));
	assert_int_equal(lzma_stream_buffer_encode(copy, LZMA_CHECK_CRC32, NULL,
				 (const uint8_t *)"text", 4, packed, &size, sizeof(packed)),
		LZMA_OK);
	unpack_all(packed, size, ROOM, ROOM, &outcome);
	assert_int_equal(outcome.step, UNPACK_LARGE);
	assert_int_equal(outcome.size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slices),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_in_a_row),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
