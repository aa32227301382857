/* The list of character sets and their labels, and the loop around iconv. */
#include "mime/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "base/fault.h"
#include "base/utf8.h"

#define NONE ((iconv_t)(intptr_t)-1)

/* Each label, and what iconv calls that set. NULL: UTF-8, which holds US-ASCII too. */
static const struct label {
	const char *label;
	const char *set;
} labels[] = {
	{ "utf-8", NULL },
	{ "utf8", NULL },
	{ "us-ascii", NULL },
	{ "ascii", NULL },
	{ "ansi_x3.4-1968", NULL },
	{ "ansi_x3.110-1983", "WINDOWS-1252" },
	{ "unknown-8bit", NULL },
	{ "iso-8859-1", "WINDOWS-1252" },
	{ "iso8859-1", "WINDOWS-1252" },
	{ "iso_8859-1", "WINDOWS-1252" },
	{ "latin1", "WINDOWS-1252" },
	{ "windows-1252", "WINDOWS-1252" },
	{ "cp1252", "WINDOWS-1252" },
	{ "iso-8859-2", "ISO-8859-2" },
	{ "iso8859-2", "ISO-8859-2" },
	{ "iso-8859-3", "ISO-8859-3" },
	{ "iso-8859-4", "ISO-8859-4" },
	{ "iso-8859-5", "ISO-8859-5" },
	{ "iso-8859-6", "ISO-8859-6" },
	{ "iso-8859-7", "ISO-8859-7" },
	{ "iso-8859-8", "ISO-8859-8" },
	{ "iso-8859-8-i", "ISO-8859-8" },
	{ "iso-8859-9", "WINDOWS-1254" },
	{ "iso-8859-10", "ISO-8859-10" },
	{ "iso-8859-13", "ISO-8859-13" },
	{ "iso-8859-14", "ISO-8859-14" },
	{ "iso-8859-15", "ISO-8859-15" },
	{ "iso-8859-16", "ISO-8859-16" },
	{ "windows-1250", "WINDOWS-1250" },
	{ "cp1250", "WINDOWS-1250" },
	{ "windows-1251", "WINDOWS-1251" },
	{ "cp1251", "WINDOWS-1251" },
	{ "cp-1251", "WINDOWS-1251" },
	{ "windows-1253", "WINDOWS-1253" },
	{ "windows-1254", "WINDOWS-1254" },
	{ "windows-1255", "WINDOWS-1255" },
	{ "windows-1256", "WINDOWS-1256" },
	{ "windows-1257", "WINDOWS-1257" },
	{ "windows-1258", "WINDOWS-1258" },
	{ "windows-874", "CP874" },
	{ "tis-620", "CP874" },
	{ "koi8-r", "KOI8-R" },
	{ "koi8-u", "KOI8-U" },
	{ "ibm437", "IBM437" },
	{ "cp437", "IBM437" },
	{ "cp850", "IBM850" },
	{ "ibm852", "IBM852" },
	{ "cp866", "IBM866" },
	{ "macintosh", "MACINTOSH" },
	{ "iso-2022-jp", "ISO-2022-JP-3" },
	{ "iso-2022-kr", "ISO-2022-KR" },
	{ "iso-2022-cn", "ISO-2022-CN" },
	{ "shift_jis", "CP932" },
	{ "shift-jis", "CP932" },
	{ "sjis", "CP932" },
	{ "x-sjis", "CP932" },
	{ "windows-31j", "CP932" },
	{ "cp932", "CP932" },
	{ "euc-jp", "EUC-JP-MS" },
	{ "x-euc-jp", "EUC-JP-MS" },
	{ "gb2312", "GB18030" },
	{ "gb_2312-80", "GB18030" },
	{ "gb2312_charset", "GB18030" },
	{ "chinesebig5", "BIG5-HKSCS" },
	{ "gbk", "GB18030" },
	{ "x-gbk", "GB18030" },
	{ "cp936", "GB18030" },
	{ "gb18030", "GB18030" },
	{ "big5", "BIG5-HKSCS" },
	{ "big5-hkscs", "BIG5-HKSCS" },
	{ "cp950", "BIG5-HKSCS" },
	{ "euc-kr", "UHC" },
	{ "ks_c_5601-1987", "UHC" },
	{ "ks_c_5601", "UHC" },
	{ "ksc5601", "UHC" },
	{ "cp949", "UHC" },
	{ "utf-7", "UTF-7" },
	{ "unicode-1-1-utf-7", "UTF-7" },
	{ "utf-16", "UTF-16" },
	{ "utf-16le", "UTF-16LE" },
	{ "utf-16be", "UTF-16BE" },
	{ "utf-32", "UTF-32" },
};

struct charsets {
	iconv_t converter[COUNT(labels)]; /* one a set, at its first label; NONE elsewhere */
};

/* The first row of the same set. */
static size_t set_row(size_t row)
{
	size_t first = 0;
	while (!labels[first].set || strcmp(labels[first].set, labels[row].set) != 0)
		first++;
	return first;
}

struct charsets *charsets_open(void)
{
	struct charsets *charsets = fault_call() ? NULL : calloc(1, sizeof *charsets);
	for (size_t i = 0; charsets && i < COUNT(labels); i++) {
		charsets->converter[i] = NONE;
		if (labels[i].set && set_row(i) == i)
			charsets->converter[i] = iconv_open("UTF-8", labels[i].set);
	}
	return charsets;
}

void charsets_close(struct charsets *charsets)
{
	for (size_t i = 0; charsets && i < COUNT(labels); i++)
		if (charsets->converter[i] != NONE)
			iconv_close(charsets->converter[i]);
	free(charsets);
}

static void put_replacement(struct text *out)
{
	out->raw = true;
	text_put(out, bytes_of("\xEF\xBF\xBD"));
}

static void decode_utf8(struct bytes in, struct text *out)
{
	while (in.at != in.end && !out->cut) {
		uint32_t code;
		size_t size = utf8_size(in, &code);
		if (size) {
			text_put(out, bytes_split(&in, size));
		} else {
			bytes_take(&in, 1);
			put_replacement(out);
		}
	}
}

/* Sets with shift states may hold back a character until they are told that this is all. */
static void decode_end(iconv_t converter, struct text *out)
{
	char room[64];
	char *to = room;
	size_t left = sizeof room;
	iconv(converter, NULL, NULL, &to, &left);
	text_put(out, bytes_make(room, sizeof room - left));
}

/* Each turn takes input, or fills the room and empties it: it ends. */
static void decode(iconv_t converter, struct bytes in, struct text *out)
{
	iconv(converter, NULL, NULL, NULL, NULL);
	while (in.at != in.end && !out->cut) {
		char room[256];
		char *from = (char *)(uintptr_t)in.at; /* iconv's interface lacks a const */
		char *to = room;
		size_t left = bytes_size(in), room_left = sizeof room;
		size_t done = iconv(converter, &from, &left, &to, &room_left);
		int reason = errno;
		bytes_split(&in, bytes_size(in) - left);
		text_put(out, bytes_make(room, sizeof room - room_left));
		if (done != (size_t)-1 || reason == E2BIG)
			continue;
		bytes_split(&in, 1);
		put_replacement(out);
	}
	decode_end(converter, out);
}

static const struct label *find(struct bytes name)
{
	for (size_t i = 0; i < COUNT(labels); i++)
		if (bytes_equal_case(name, bytes_of(labels[i].label)))
			return &labels[i];
	return NULL;
}

/* Finds the converter of a label; NONE for UTF-8. false: there is none. */
static bool converter_find(const struct charsets *charsets, struct bytes name, iconv_t *out)
{
	const struct label *label = find(name);
	if (!label)
		return false;
	*out = NONE;
	if (!label->set)
		return true;
	*out = charsets->converter[set_row((size_t)(label - labels))];
	return *out != NONE;
}

bool charset_known(const struct charsets *charsets, struct bytes name)
{
	iconv_t converter;
	return converter_find(charsets, name, &converter);
}

bool charset_decode(struct charsets *charsets, struct bytes name, struct bytes in, struct text *out)
{
	iconv_t converter;
	if (!converter_find(charsets, name, &converter))
		return false;
	if (converter == NONE)
		decode_utf8(in, out);
	else
		decode(converter, in, out);
	return true;
}

bool charset_is_wide(struct bytes name)
{
	return bytes_begin_case(name, bytes_of("utf-16")) ||
	       bytes_begin_case(name, bytes_of("utf-32")) ||
	       bytes_equal_case(name, bytes_of("unicode"));
}
