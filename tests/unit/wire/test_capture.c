/* Capture files: pcap of each byte order, lengths that lie, both formats cut at every place and fed
 * in every slicing, files that are no captures. What pcapng alone has is in test_pcapng.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "reading.h"

#define MICRO 0xa1b2c3d4
#define NANO 0xa1b23c4d

static void test_pcap(void **state)
{
	static const struct {
		uint32_t magic;
		bool big_endian;
		uint32_t seconds, fraction;
		int64_t time;
	} cases[] = {
		{ MICRO, false, 1000000000, 999999, 1000000000999999 },
		{ MICRO, true, 1000000000, 999999, 1000000000999999 },
		{ NANO, false, 1000000000, 123456789, 1000000000123456 },
		{ NANO, true, 1000000000, 123456789, 1000000000123456 }, { MICRO, false, 0, 0, 0 },
		{ MICRO, false, UINT32_MAX, 5, 4294967295000005 }, /* 2106 */
		{ MICRO, true, 1, UINT32_MAX, 4295967295 },        /* a fraction that lies */
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		static struct made made;
		made_new(&made, cases[i].big_endian);
		made_pcap(&made, cases[i].magic, 113);
		made_record(&made, cases[i].seconds, cases[i].fraction, "frame", 1514);
		made_record(&made, cases[i].seconds, cases[i].fraction, "whole", 3);
		struct result *result = read_whole(made_file(&made));
		assert_true(result->clean);
		assert_int_equal(result->count, 2);
		assert_int_equal(result->packet[0].packet.time, cases[i].time);
		assert_int_equal(result->packet[0].packet.link_type, 113);
		assert_int_equal(result->packet[0].packet.length, 1514);
		assert_string_equal(result->packet[0].data, "frame");
		assert_int_equal(result->packet[1].packet.length, 5); /* not below what is there */
	}
}

static void make_plain(struct made *made)
{
	made_new(made, false);
	made_pcap(made, MICRO, 1);
	made_record(made, 1, 0, "first", 60);
	made_record(made, 2, 0, "", 0);
	made_record(made, 1, 5, "third packet", 1514);
}

static void test_slices(void **state)
{
	static struct result whole, sliced;
	static struct made made;
	for (int format = 0; format < 2; format++) {
		(format ? made_mixed : make_plain)(&made);
		whole = *read_whole(made_file(&made));
		for (size_t first = 0; first <= made.size; first++) {
			read_sliced(made_file(&made), first, made.size, &sliced);
			assert_same(&whole, &sliced);
		}
		for (size_t step = 1; step < 40; step++) {
			read_sliced(made_file(&made), 0, step, &sliced);
			assert_same(&whole, &sliced);
		}
	}
}

static void test_cut_everywhere(void **state)
{
	static struct result whole, sliced, cut;
	static struct made made;
	for (int format = 0; format < 2; format++) {
		size_t clean = 0;
		(format ? made_mixed : make_plain)(&made);
		whole = *read_whole(made_file(&made));
		for (size_t size = 0; size <= made.size; size++) {
			struct bytes file = made_file(&made);
			bytes_limit(&file, size);
			cut = *read_whole(file);
			assert_true(cut.count <= whole.count);
			assert_packets(&cut, &whole, cut.count);
			if (!cut.clean && size >= 4)
				assert_non_null(strstr(cut.error.text, "cut short"));
			assert_int_equal(cut.totals.count[FILE_CUT], !cut.clean && size >= 4);
			read_sliced(file, 0, 1, &sliced);
			assert_same(&cut, &sliced);
			clean += cut.clean;
		}
		/* behind the header and each record; behind each block */
		assert_int_equal(clean, format ? 16 : 4);
	}
}

static void test_cut_text(void **state)
{
	static struct made made;
	make_plain(&made);
	struct bytes file = made_file(&made);
	bytes_limit(&file, made.size - 5);
	assert_string_equal(read_whole(file)->error.text,
		"a.pcap: packet 3: cut short (7 of 12 bytes) at offset 61; 2 packets were read; "
		"the recording was stopped while writing, or the copy is incomplete");
	bytes_limit(&file, 24 + 16 + 5 + 3);
	assert_string_equal(read_whole(file)->error.text,
		"a.pcap: packet 2: cut short (3 of 16 bytes) at offset 45; 1 packet was read; "
		"the recording was stopped while writing, or the copy is incomplete");
	made_mixed(&made);
	file = made_file(&made);
	bytes_limit(&file, made.size - 10);
	assert_non_null(strstr(read_whole(file)->error.text,
		"a.pcap: block cut short (26 of 36 bytes) at offset"));
}

/* What lies is told with packet and offset, and what was read before it stays. */
static void test_lies(void **state)
{
	static const struct {
		int format;
		int offset; /* from the begin; below zero: from the end */
		uint8_t byte;
		size_t packets;
		const char *text;
	} cases[] = {
		{ 0, 24 + 10, 0x10, 0, "packet 1: a length of 1048581 bytes at offset 24; 0 pack" },
		{ 0, 61 + 11, 0x80, 2, "packet 3: a length of 2147483660 bytes at offset 61; 2 " },
		{ 0, 4, 1, 0, "offset 4: a pcap file of version 1.4" },
		{ 0, 6, 2, 0, "offset 4: a pcap file of version 2.2" },
		{ 0, 20, 147, 0, "offset 20: packets of link type 147 are not read" },
		{ 1, 4, 29, 0, "packet 1: a block whose length is no multiple of 4 at offset 0" },
		{ 1, 4, 4, 0, "packet 1: a block shorter than 12 bytes at offset 0" },
		{ 1, 4, 24, 0, "packet 1: a block shorter than its kind must be at offset 0" },
		{ 1, 12, 2, 0, "packet 1: a section of a format version that is not known" },
		{ 1, 24, 32, 0, "packet 1: a block with two different lengths at offset 24" },
		{ 1, -4, 1, 7, "packet 9: a block with two different lengths at offset" },
		{ 1, -13, 9, 6, "packet 8: a packet longer than its block at offset" },
		{ 1, -16, 0x10, 6, "packet 8: a packet longer than its block at offset" },
	};
	static struct made made;
	for (size_t i = 0; i < COUNT(cases); i++) {
		(cases[i].format ? made_mixed : make_plain)(&made);
		size_t at = cases[i].offset < 0 ? made.size - (size_t)-cases[i].offset
						: (size_t)cases[i].offset;
		made.at[at] = cases[i].byte;
		struct result *result = read_whole(made_file(&made));
		if (!strstr(result->error.text, cases[i].text))
			fail_msg("row %zu: %s", i, result->error.text);
		assert_int_equal(result->count, cases[i].packets);
		assert_false(result->clean);
	}
}

static void test_foreign(void **state)
{
	static const struct {
		const char *first;
		size_t size;
		const char *text;
	} cases[] = {
		{ "", 0, "a.pcap: offset 0: empty;" },
		{ "\x1f\x8b\x08\0\0\0\0", 7,
			"gzip; decompress it first: gzip -dc FILE | mailwarden" },
		{ "\x28\xb5\x2f\xfd\x04", 5, "zstd -dc" },
		{ "\xfd\x37zXZ\0", 6, "xz -dc" },
		{ "BZh91AY&SY", 10, "bzip2 -dc" },
		{ "\x04\x22\x4d\x18", 4, "lz4 -dc" },
		{ "PK\x03\x04", 4, "unzip" },
		{ "\x34\xcd\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0", 24, "Kuznetzov" },
		{ "snoop\0\0\0\0\0\0\2\0\0\0\4", 16, "snoop capture; convert it: editcap -F" },
		{ "Mar  1 09:30:00 mx postfix/smtpd[1]: ...", 40, "text, no packet capture" },
		{ "<html>", 6, "text, no packet capture" },
		{ "\0\0\0\0\x80\xe5\x5d\x65\2\4\0\x60\0\0\0\x3c........", 24, "Endace" },
		{ "\x7f"
		  "ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\x3e\0\1\0\0\0",
			24, "no pcap or pcapng" },
		{ "\0", 1, "no pcap or pcapng" },
		{ "\n\r\r\n\0\0\0\x1c\1\2\3\4............", 24, "no pcap or pcapng" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct result *result = read_whole(bytes_make(cases[i].first, cases[i].size));
		assert_non_null(strstr(result->error.text, cases[i].text));
		assert_non_null(strstr(result->error.text, "a.pcap: offset 0: "));
		assert_int_equal(result->count, 0);
		assert_false(result->clean);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pcap),
		cmocka_unit_test(test_slices),
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_cut_text),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_foreign),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
