/* base64 and quoted-printable, each case whole, bytewise and with the least room. */
#include "harness.h"

#include "mime/transfer.h"

#define B64 MIME_BASE64
#define QP MIME_QUOTED_PRINTABLE

static const struct {
	enum mime_encoding kind;
	const char *in, *out;
	unsigned junk;
} cases[] = {
	/* RFC 4648 section 10 */
	{ B64, "", "", 0 },
	{ B64, "Zg==", "f", 0 },
	{ B64, "Zm8=", "fo", 0 },
	{ B64, "Zm9v", "foo", 0 },
	{ B64, "Zm9vYg==", "foob", 0 },
	{ B64, "Zm9vYmE=", "fooba", 0 },
	{ B64, "Zm9vYmFy", "foobar", 0 },
	/* line ends anywhere, junk, missing and early padding, one letter too many */
	{ B64, "Z m\r\n9\tv\n", "foo", 0 },
	{ B64, "Z*m-9.v", "foo", 3 },
	{ B64, "Zg", "f", 1 },
	{ B64, "Zm8", "fo", 1 },
	{ B64, "Zg=", "f", 0 },
	{ B64, "Zg==Zg==", "f", 4 },
	{ B64, "Zg=\n=Zg\n==\n", "f", 4 },
	{ B64, "Zg=9v", "f\x0f\x6f", 1 },
	{ B64, "Zm9v=Zm9v", "foofoo", 1 },
	{ B64, "Zm8=Zm8=", "fo", 4 },
	{ B64, "Zm9vY", "foo", 1 },
	{ B64, "====", "", 4 },
	{ QP, "", "", 0 },
	{ QP, "a=3Db=3db", "a=b=b", 0 },
	{ QP, "a=\nb=\r\nc", "abc", 0 },
	{ QP, "a  \nb\t", "a  \nb\t", 0 },
	{ QP, "a=", "a", 0 },
	{ QP, "a=4", "a=4", 1 },
	{ QP, "a=4g", "a=4g", 1 },
	{ QP, "a=zz", "a=zz", 1 },
	{ QP, "a==41", "a==41", 1 },
	{ QP, "a===\nb", "a===\nb", 1 },
	{ QP, "a====\nb", "a===b", 1 },
	{ QP, "a=4=41", "a=4=41", 1 },
	{ QP, "a=\rb", "a=\rb", 1 },
	{ QP, "a= \nb", "a= \nb", 1 },
};

static void decode(enum mime_encoding kind, struct bytes in, size_t piece, size_t room,
	struct transfer *transfer, char *out)
{
	size_t size = 0;
	transfer_init(transfer, kind);
	while (in.at != in.end) {
		struct bytes part = bytes_split(&in, piece);
		while (part.at != part.end)
			size += transfer_decode(transfer, &part, (uint8_t *)out + size, room);
	}
	size += transfer_end(transfer, (uint8_t *)out + size, 8);
	out[size] = 0;
}

static void test_cases(void **state)
{
	static const struct {
		size_t piece, room;
	} ways[] = { { SIZE_MAX, 256 }, { 1, 256 }, { 3, 8 }, { SIZE_MAX, 8 } };
	for (size_t i = 0; i < COUNT(cases) * COUNT(ways); i++) {
		size_t row = i / COUNT(ways), way = i % COUNT(ways);
		struct transfer transfer;
		char out[512];
		decode(cases[row].kind, bytes_of(cases[row].in), ways[way].piece, ways[way].room,
			&transfer, out);
		assert_string_equal(out, cases[row].out);
		assert_int_equal(transfer.junk, cases[row].junk);
	}
}

/* Counting comes to the same as decoding, wherever it takes over. */
static void test_skip(void **state)
{
	for (size_t row = 0; row < COUNT(cases) && cases[row].kind == B64; row++) {
		struct bytes all = bytes_of(cases[row].in);
		for (size_t cut = 0; cut <= bytes_size(all); cut++) {
			struct transfer transfer;
			struct bytes rest = all, first = bytes_split(&rest, cut);
			uint8_t out[64];
			transfer_init(&transfer, B64);
			size_t size = transfer_decode(&transfer, &first, out, sizeof out);
			size += transfer_skip(&transfer, rest);
			size += transfer_end(&transfer, out, sizeof out);
			assert_int_equal(size, strlen(cases[row].out));
			assert_int_equal(transfer.junk, cases[row].junk);
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_skip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
