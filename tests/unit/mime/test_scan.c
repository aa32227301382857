/* The vector searches against the plainest loops: at every offset and length around their width. */
#include "harness.h"

#include "mime/scan.h"

static bool is_dash(uint8_t before, uint8_t byte)
{
	return before == '\n' && byte == '-';
}

static bool is_pair(uint8_t before, uint8_t byte)
{
	uint8_t a = byte_lower(before), b = byte_lower(byte);
	return (before == '/' && byte == '/') || (a == 'w' && byte == '.') ||
	       (before == '2' && b == 'f') || (a == 'm' && b == 'g') ||
	       (before == '\n' && (byte == '-' || byte == 'b' || byte == '='));
}

static bool is_base64(uint8_t byte)
{
	uint8_t low = byte_lower(byte);
	return (low >= 'a' && low <= 'z') || (byte >= '0' && byte <= '9') || byte == '+' ||
	       byte == '/';
}

static void check(uint8_t before, struct bytes in)
{
	size_t size = bytes_size(in), dash = 0, pair = 0, letters = 0;
	while (dash < size && !is_dash(dash ? in.at[dash - 1] : before, in.at[dash]))
		dash++;
	while (pair < size && !is_pair(pair ? in.at[pair - 1] : before, in.at[pair]))
		pair++;
	while (letters < size && is_base64(in.at[letters]))
		letters++;
	assert_int_equal(scan_dash(before, in), dash);
	assert_int_equal(scan_text(before, in), pair);
	assert_int_equal(scan_base64(in), letters);
}

/* Every pair of bytes, at every place of blocks of up to 50 bytes. */
static void test_pairs(void **state)
{
	static const uint8_t bytes[] = "\n\r-b=/wW.2fFmMgGaz09+,\x80\xFF@[`{";
	for (size_t i = 0; i < (sizeof bytes - 1) * (sizeof bytes - 1); i++) {
		uint8_t first = bytes[i / (sizeof bytes - 1)],
			second = bytes[i % (sizeof bytes - 1)];
		for (size_t at = 0; at < 48; at++) {
			uint8_t room[50];
			memset(room, 'x', sizeof room);
			room[at] = first;
			room[at + 1] = second;
			check('x', bytes_make(room, sizeof room));
			check(first, bytes_make(&room[at + 1], sizeof room - at - 1));
		}
	}
}

static void test_sizes(void **state)
{
	uint32_t seed = 1;
	for (size_t i = 0; i < 20000; i++) {
		uint8_t room[70];
		size_t size = i % sizeof room;
		for (size_t j = 0; j < size; j++) {
			seed = seed * 1103515245 + 12345;
			room[j] = (uint8_t) "\n-ab/wW.2fmG="[(seed >> 16) % 13];
		}
		check('\n', bytes_make(room, size));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
