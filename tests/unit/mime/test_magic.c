/* What files are, and what they claim to be. */
#include "harness.h"

#include "mime/magic.h"

static void test_true(void **state)
{
	static const struct {
		const char *first;
		size_t size;
		const char *type; /* NULL: not known */
		enum mime_kind kind;
	} cases[] = {
#define CASE(first, type, kind) { first, sizeof(first) - 1, type, kind }
		CASE("", NULL, MIME_KIND_UNKNOWN),
		CASE("M", NULL, MIME_KIND_UNKNOWN),
		CASE("MZ\x90", "dos", MIME_KIND_PROGRAM),
		CASE("\x7F"
		     "ELF\2",
			"elf", MIME_KIND_PROGRAM),
		CASE("\xCF\xFA\xED\xFE\7", "mach-o", MIME_KIND_PROGRAM),
		CASE("PK\3\4\24\0\0\0\0\0........................a.txt", "zip", MIME_KIND_ARCHIVE),
		CASE("PK\3\4..........................[Content_Types].xml", "ooxml",
			MIME_KIND_MACRO),
		CASE("PK\3\4..........................META-INF/MANIFEST.MF", "jar",
			MIME_KIND_PROGRAM),
		CASE("PK\3\4..........................mimetypeapplication/"
		     "vnd.oasis.opendocument.text",
			"odf", MIME_KIND_MACRO),
		CASE("Rar!\x1A\7\1\0", "rar", MIME_KIND_ARCHIVE),
		CASE("7z\xBC\xAF\x27\x1C\0\4", "7z", MIME_KIND_ARCHIVE),
		CASE("\x1F\x8B\x08\0", "gzip", MIME_KIND_ARCHIVE),
		CASE("MSCF\0\0\0\0", "cab", MIME_KIND_ARCHIVE),
		CASE("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0", "ole2", MIME_KIND_MACRO),
		CASE("%PDF-1.7", "pdf", MIME_KIND_DOCUMENT),
		CASE("{\\rtf1", "rtf", MIME_KIND_DOCUMENT),
		CASE("L\0\0\0\1\x14\2\0\0", "lnk", MIME_KIND_SHORTCUT),
		CASE("\x89PNG\r\n\x1A\n", "png", MIME_KIND_IMAGE),
		CASE("RIFF\1\2\3\4WEBPVP8 ", "webp", MIME_KIND_IMAGE),
		CASE("RIFF\1\2\3\4WAVEfmt ", "wav", MIME_KIND_AUDIO),
		CASE("\0\0\0\x20"
		     "ftypisom",
			"mp4", MIME_KIND_VIDEO),
		CASE("#!/bin/sh\n", "shebang", MIME_KIND_SCRIPT),
		CASE("\xEF\xBB\xBF \n<!DOCTYPE HTML>", "html", MIME_KIND_HTML),
		CASE("<html>", "html", MIME_KIND_HTML),
		CASE("Hello", NULL, MIME_KIND_UNKNOWN),
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct magic magic =
			magic_true(bytes_make(cases[i].first, cases[i].size), (struct bytes){ 0 });
		assert_int_equal(magic.kind, cases[i].kind);
		assert_int_equal(!magic.type, !cases[i].type);
		if (magic.type)
			assert_string_equal(magic.type, cases[i].type);
	}
}

static void test_program(void **state)
{
	uint8_t first[MAGIC_WINDOW] = "MZ";
	first[60] = 0x80;
	memcpy(first + 0x80, "PE\0\0", 4);
	assert_string_equal(
		magic_true(bytes_make(first, sizeof first), (struct bytes){ 0 }).type, "pe");
	first[63] = 0xFF; /* far beyond the window */
	assert_string_equal(
		magic_true(bytes_make(first, sizeof first), (struct bytes){ 0 }).type, "dos");
	assert_string_equal(magic_true(bytes_of("x"), bytes_of("CD001")).type, "iso");
}

static void test_claims(void **state)
{
	static const struct {
		const char *name;
		enum mime_kind kind;
	} cases[] = {
		{ "a.exe", MIME_KIND_PROGRAM },
		{ "a.pdf.EXE", MIME_KIND_PROGRAM },
		{ "a.exe.  . ", MIME_KIND_PROGRAM },
		{ "a.docm", MIME_KIND_MACRO },
		{ "a.js", MIME_KIND_SCRIPT },
		{ "a.lnk", MIME_KIND_SHORTCUT },
		{ "a.iso", MIME_KIND_DISK },
		{ "a.jp", MIME_KIND_UNKNOWN },
		{ "exe", MIME_KIND_UNKNOWN },
		{ "", MIME_KIND_UNKNOWN },
		{ "...", MIME_KIND_UNKNOWN },
	};
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(magic_of_name(bytes_of(cases[i].name)), cases[i].kind);
	assert_int_equal(magic_of_type(bytes_of("image/jpeg")), MIME_KIND_IMAGE);
	assert_int_equal(magic_of_type(bytes_of("application/octet-stream")), MIME_KIND_UNKNOWN);
}

static void test_lies(void **state)
{
	assert_true(magic_lies(MIME_KIND_IMAGE, MIME_KIND_PROGRAM));
	assert_true(magic_lies(MIME_KIND_DOCUMENT, MIME_KIND_ARCHIVE));
	assert_true(magic_lies(MIME_KIND_IMAGE, MIME_KIND_MACRO));
	assert_false(magic_lies(MIME_KIND_DOCUMENT, MIME_KIND_MACRO));
	assert_false(magic_lies(MIME_KIND_PROGRAM, MIME_KIND_PROGRAM));
	assert_false(magic_lies(MIME_KIND_UNKNOWN, MIME_KIND_PROGRAM));
	assert_false(magic_lies(MIME_KIND_PROGRAM, MIME_KIND_UNKNOWN));
	assert_false(magic_lies(MIME_KIND_TEXT, MIME_KIND_IMAGE));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_true),
		cmocka_unit_test(test_program),
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_lies),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
