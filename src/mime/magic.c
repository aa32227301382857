/* Signatures of file formats as their specifications have them (and as file(1) and Apache Tika list
 * them), written anew. The first row that fits wins: longer and rarer ones stand first. Containers
 * are told apart by what their first entry is named. */
#include "mime/magic.h"

#include "mime/text.h"

struct row {
	const char *type;
	enum mime_kind kind;
	uint16_t offset;
	uint8_t size;
	const char *bytes;
	const char *within; /* must also occur in the window; NULL: nothing */
};

#define ROW(type, kind, offset, bytes)                                                             \
	{                                                                                          \
		type, kind, offset, sizeof(bytes) - 1, bytes, NULL                                 \
	}
#define HOLDS(type, kind, bytes, within)                                                           \
	{                                                                                          \
		type, kind, 0, sizeof(bytes) - 1, bytes, within                                    \
	}

static const struct row rows[] = {
	/* programs */
	ROW("elf", MIME_KIND_PROGRAM, 0,
		"\x7F"
		"ELF"),
	ROW("java-class", MIME_KIND_PROGRAM, 0, "\xCA\xFE\xBA\xBE\0\0\0"),
	ROW("mach-o", MIME_KIND_PROGRAM, 0, "\xCE\xFA\xED\xFE"),
	ROW("mach-o", MIME_KIND_PROGRAM, 0, "\xCF\xFA\xED\xFE"),
	ROW("mach-o", MIME_KIND_PROGRAM, 0, "\xFE\xED\xFA\xCE"),
	ROW("mach-o", MIME_KIND_PROGRAM, 0, "\xFE\xED\xFA\xCF"),
	ROW("mach-o", MIME_KIND_PROGRAM, 0, "\xCA\xFE\xBA\xBF"),
	ROW("dex", MIME_KIND_PROGRAM, 0, "dex\n0"),
	ROW("wasm", MIME_KIND_PROGRAM, 0, "\0asm"),
	ROW("deb", MIME_KIND_PROGRAM, 0, "!<arch>\ndebian"),
	ROW("rpm", MIME_KIND_PROGRAM, 0, "\xED\xAB\xEE\xDB"),
	ROW("chm", MIME_KIND_PROGRAM, 0, "ITSF\3\0\0\0"),
	/* containers that hold programs or documents, by their first entry */
	HOLDS("jar", MIME_KIND_PROGRAM, "PK\3\4", "META-INF/"),
	HOLDS("apk", MIME_KIND_PROGRAM, "PK\3\4", "AndroidManifest.xml"),
	HOLDS("ooxml", MIME_KIND_MACRO, "PK\3\4", "[Content_Types].xml"),
	HOLDS("ooxml", MIME_KIND_MACRO, "PK\3\4", "_rels/.rels"),
	HOLDS("ooxml", MIME_KIND_MACRO, "PK\3\4", "docProps/"),
	HOLDS("odf", MIME_KIND_MACRO, "PK\3\4", "mimetypeapplication/vnd.oasis"),
	HOLDS("epub", MIME_KIND_DOCUMENT, "PK\3\4", "mimetypeapplication/epub"),
	ROW("zip", MIME_KIND_ARCHIVE, 0, "PK\3\4"),
	ROW("zip", MIME_KIND_ARCHIVE, 0, "PK\5\6"),
	ROW("zip", MIME_KIND_ARCHIVE, 0, "PK\7\10PK"),
	ROW("rar", MIME_KIND_ARCHIVE, 0, "Rar!\x1A\7"),
	ROW("7z", MIME_KIND_ARCHIVE, 0, "7z\xBC\xAF\x27\x1C"),
	ROW("gzip", MIME_KIND_ARCHIVE, 0, "\x1F\x8B\x08"),
	ROW("compress", MIME_KIND_ARCHIVE, 0, "\x1F\x9D"),
	ROW("bzip2", MIME_KIND_ARCHIVE, 0, "BZh"),
	ROW("xz", MIME_KIND_ARCHIVE, 0,
		"\xFD"
		"7zXZ\0"),
	ROW("lzip", MIME_KIND_ARCHIVE, 0, "LZIP"),
	ROW("lz4", MIME_KIND_ARCHIVE, 0, "\4\x22\x4D\x18"),
	ROW("zstd", MIME_KIND_ARCHIVE, 0, "\x28\xB5\x2F\xFD"),
	ROW("cab", MIME_KIND_ARCHIVE, 0, "MSCF\0\0\0\0"),
	ROW("ace", MIME_KIND_ARCHIVE, 7, "**ACE**"),
	ROW("arj", MIME_KIND_ARCHIVE, 0, "\x60\xEA"),
	ROW("lzh", MIME_KIND_ARCHIVE, 2, "-lh"),
	ROW("tar", MIME_KIND_ARCHIVE, 257, "ustar"),
	ROW("xar", MIME_KIND_ARCHIVE, 0, "xar!"),
	ROW("ar", MIME_KIND_ARCHIVE, 0, "!<arch>\n"),
	ROW("wim", MIME_KIND_DISK, 0, "MSWIM\0\0\0"),
	ROW("vhd", MIME_KIND_DISK, 0, "conectix"),
	ROW("vhdx", MIME_KIND_DISK, 0, "vhdxfile"),
	ROW("vmdk", MIME_KIND_DISK, 0, "KDMV"),
	ROW("qcow", MIME_KIND_DISK, 0, "QFI\xFB"),
	/* documents */
	ROW("ole2", MIME_KIND_MACRO, 0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
	ROW("onenote", MIME_KIND_MACRO, 0, "\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D"),
	ROW("access", MIME_KIND_MACRO, 4, "Standard Jet DB"),
	ROW("access", MIME_KIND_MACRO, 4, "Standard ACE DB"),
	ROW("pdf", MIME_KIND_DOCUMENT, 0, "%PDF-"),
	ROW("rtf", MIME_KIND_DOCUMENT, 0, "{\\rt"),
	ROW("postscript", MIME_KIND_DOCUMENT, 0, "%!PS"),
	ROW("djvu", MIME_KIND_DOCUMENT, 0, "AT&TFORM"),
	ROW("tnef", MIME_KIND_DOCUMENT, 0, "\x78\x9F\x3E\x22"),
	ROW("winhelp", MIME_KIND_PROGRAM, 0, "?_\3\0"),
	/* what starts something else */
	ROW("lnk", MIME_KIND_SHORTCUT, 0, "L\0\0\0\1\x14\2\0"),
	ROW("url", MIME_KIND_SHORTCUT, 0, "[InternetShortcut]"),
	ROW("desktop", MIME_KIND_SHORTCUT, 0, "[Desktop Entry]"),
	ROW("reg", MIME_KIND_SCRIPT, 0, "Windows Registry Editor"),
	ROW("reg", MIME_KIND_SCRIPT, 0, "REGEDIT4"),
	/* images */
	ROW("jpeg", MIME_KIND_IMAGE, 0, "\xFF\xD8\xFF"),
	ROW("png", MIME_KIND_IMAGE, 0, "\x89PNG\r\n\x1A\n"),
	ROW("gif", MIME_KIND_IMAGE, 0, "GIF8"),
	HOLDS("webp", MIME_KIND_IMAGE, "RIFF", "WEBPVP8"),
	ROW("tiff", MIME_KIND_IMAGE, 0, "II*\0"),
	ROW("tiff", MIME_KIND_IMAGE, 0, "MM\0*"),
	ROW("ico", MIME_KIND_IMAGE, 0, "\0\0\1\0"),
	ROW("psd", MIME_KIND_IMAGE, 0, "8BPS"),
	ROW("jp2", MIME_KIND_IMAGE, 0, "\0\0\0\x0CjP  "),
	ROW("heic", MIME_KIND_IMAGE, 4, "ftyphei"),
	ROW("avif", MIME_KIND_IMAGE, 4, "ftypavif"),
	ROW("emf", MIME_KIND_IMAGE, 40, " EMF"),
	ROW("wmf", MIME_KIND_IMAGE, 0, "\xD7\xCD\xC6\x9A"),
	ROW("xcf", MIME_KIND_IMAGE, 0, "gimp xcf"),
	/* sound and film */
	ROW("mp3", MIME_KIND_AUDIO, 0, "ID3"),
	ROW("mp3", MIME_KIND_AUDIO, 0, "\xFF\xFB"),
	ROW("ogg", MIME_KIND_AUDIO, 0, "OggS"),
	ROW("flac", MIME_KIND_AUDIO, 0, "fLaC"),
	ROW("wav", MIME_KIND_AUDIO, 8, "WAVEfmt"),
	ROW("aiff", MIME_KIND_AUDIO, 8, "AIFF"),
	ROW("amr", MIME_KIND_AUDIO, 0, "#!AMR"),
	ROW("au", MIME_KIND_AUDIO, 0, ".snd"),
	ROW("midi", MIME_KIND_AUDIO, 0, "MThd"),
	ROW("m4a", MIME_KIND_AUDIO, 4, "ftypM4A"),
	ROW("avi", MIME_KIND_VIDEO, 8, "AVI LIST"),
	ROW("mp4", MIME_KIND_VIDEO, 4, "ftyp"),
	ROW("matroska", MIME_KIND_VIDEO, 0, "\x1A\x45\xDF\xA3"),
	ROW("asf", MIME_KIND_VIDEO, 0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11"),
	ROW("mpeg", MIME_KIND_VIDEO, 0, "\0\0\1\xBA"),
	ROW("flv", MIME_KIND_VIDEO, 0, "FLV\1"),
	ROW("swf", MIME_KIND_PROGRAM, 0, "FWS"),
	ROW("swf", MIME_KIND_PROGRAM, 0, "CWS"),
	/* keys, signatures, data */
	ROW("pgp-armor", MIME_KIND_CRYPTO, 0, "-----BEGIN PGP"),
	ROW("pem", MIME_KIND_CRYPTO, 0, "-----BEGIN "),
	ROW("woff", MIME_KIND_FONT, 0, "wOF"),
	ROW("opentype", MIME_KIND_FONT, 0, "OTTO"),
	ROW("truetype", MIME_KIND_FONT, 0, "\0\1\0\0\0"),
	ROW("sqlite", MIME_KIND_DATA, 0, "SQLite format 3"),
	ROW("pcap", MIME_KIND_DATA, 0, "\xD4\xC3\xB2\xA1"),
	ROW("pcapng", MIME_KIND_DATA, 0, "\x0A\x0D\x0D\x0A"),
	ROW("outlook-pst", MIME_KIND_DATA, 0, "!BDN"),
	ROW("calendar", MIME_KIND_DATA, 0, "BEGIN:VCALENDAR"),
	ROW("vcard", MIME_KIND_DATA, 0, "BEGIN:VCARD"),
	ROW("bmp", MIME_KIND_IMAGE, 0, "BM"),
};

/* Text formats: behind white space and a byte order mark, whatever the case. */
static const struct {
	const char *begin;
	struct magic magic;
} texts[] = {
	{ "#!", { "shebang", MIME_KIND_SCRIPT } },
	{ "<?php", { "php", MIME_KIND_SCRIPT } },
	{ "<job", { "wsf", MIME_KIND_SCRIPT } },
	{ "<hta:", { "hta", MIME_KIND_SCRIPT } },
	{ "@echo ", { "batch", MIME_KIND_SCRIPT } },
	{ "<svg", { "svg", MIME_KIND_IMAGE } },
	{ "<!doctype html", { "html", MIME_KIND_HTML } },
	{ "<html", { "html", MIME_KIND_HTML } },
	{ "<head", { "html", MIME_KIND_HTML } },
	{ "<body", { "html", MIME_KIND_HTML } },
	{ "<script", { "html", MIME_KIND_HTML } },
	{ "<?xml", { "xml", MIME_KIND_DATA } },
};

/* Endings of names, and what opens them. */
static const struct {
	enum mime_kind kind;
	const char *endings; /* separated by blanks */
} endings[] = {
	{ MIME_KIND_PROGRAM,
		"exe com scr pif dll cpl sys drv ocx msi msp mst jar apk app deb rpm dmg "
		"bin elf run gadget appx msix swf class chm hlp xll cmdline" },
	{ MIME_KIND_SCRIPT, "bat cmd vbs vbe js jse mjs wsf wsh wsc ws hta ps1 psm1 psd1 ps1xml sh "
			    "bash csh zsh py pyw pyz pl rb php reg sct msh msc inf ade adp" },
	{ MIME_KIND_SHORTCUT, "lnk url website desktop webloc settingcontent-ms library-ms "
			      "search-ms appref-ms scf rdp" },
	{ MIME_KIND_ARCHIVE,
		"zip rar 7z gz tgz bz2 tbz xz txz tar cab ace arj lzh lha z lz zst zipx "
		"r00 001" },
	{ MIME_KIND_DISK, "iso img vhd vhdx vmdk udf wim" },
	{ MIME_KIND_MACRO,
		"doc docm dot dotm docx dotx xls xlsm xlsb xlsx xlt xltm xltx xlam xla ppt "
		"pptm pptx pps ppsm ppsx pot potm potx ppam pub one mdb accdb mde odt ods "
		"odp slk vsd vsdm" },
	{ MIME_KIND_DOCUMENT, "pdf rtf ps eps xps epub djvu pages numbers key wps" },
	{ MIME_KIND_HTML, "html htm xhtml shtml mht mhtml" },
	{ MIME_KIND_IMAGE, "jpg jpeg jpe jfif png gif bmp tif tiff webp ico svg heic heif avif psd "
			   "emf wmf xcf" },
	{ MIME_KIND_AUDIO, "mp3 wav ogg oga flac m4a aac wma aif aiff au mid midi amr" },
	{ MIME_KIND_VIDEO, "mp4 m4v avi mkv mov mpg mpeg wmv flv webm 3gp" },
	{ MIME_KIND_FONT, "ttf otf woff woff2" },
	{ MIME_KIND_TEXT, "txt log csv tsv md ini diff patch asc" },
	{ MIME_KIND_MESSAGE, "eml msg" },
	{ MIME_KIND_CRYPTO, "p7s p7m p7c p12 pfx pem crt cer sig gpg pgp" },
	{ MIME_KIND_DATA, "xml json ics vcf sql yaml yml pcap" },
};

/* Declared types; the first row that the type begins with. */
static const struct {
	const char *begin;
	enum mime_kind kind;
} types[] = {
	{ "image/", MIME_KIND_IMAGE },
	{ "audio/", MIME_KIND_AUDIO },
	{ "video/", MIME_KIND_VIDEO },
	{ "font/", MIME_KIND_FONT },
	{ "message/", MIME_KIND_MESSAGE },
	{ "text/html", MIME_KIND_HTML },
	{ "text/calendar", MIME_KIND_DATA },
	{ "text/rtf", MIME_KIND_DOCUMENT },
	{ "text/javascript", MIME_KIND_SCRIPT },
	{ "text/", MIME_KIND_TEXT },
	{ "application/pdf", MIME_KIND_DOCUMENT },
	{ "application/rtf", MIME_KIND_DOCUMENT },
	{ "application/postscript", MIME_KIND_DOCUMENT },
	{ "application/ms-tnef", MIME_KIND_DOCUMENT },
	{ "application/msword", MIME_KIND_MACRO },
	{ "application/vnd.ms-", MIME_KIND_MACRO },
	{ "application/vnd.openxml", MIME_KIND_MACRO },
	{ "application/vnd.oasis", MIME_KIND_MACRO },
	{ "application/zip", MIME_KIND_ARCHIVE },
	{ "application/x-zip", MIME_KIND_ARCHIVE },
	{ "application/x-rar", MIME_KIND_ARCHIVE },
	{ "application/vnd.rar", MIME_KIND_ARCHIVE },
	{ "application/x-7z", MIME_KIND_ARCHIVE },
	{ "application/gzip", MIME_KIND_ARCHIVE },
	{ "application/x-gzip", MIME_KIND_ARCHIVE },
	{ "application/x-tar", MIME_KIND_ARCHIVE },
	{ "application/x-bzip", MIME_KIND_ARCHIVE },
	{ "application/x-iso9660", MIME_KIND_DISK },
	{ "application/x-msdownload", MIME_KIND_PROGRAM },
	{ "application/x-msdos-program", MIME_KIND_PROGRAM },
	{ "application/x-executable", MIME_KIND_PROGRAM },
	{ "application/x-ms", MIME_KIND_PROGRAM },
	{ "application/java-archive", MIME_KIND_PROGRAM },
	{ "application/x-java", MIME_KIND_PROGRAM },
	{ "application/javascript", MIME_KIND_SCRIPT },
	{ "application/x-javascript", MIME_KIND_SCRIPT },
	{ "application/x-sh", MIME_KIND_SCRIPT },
	{ "application/hta", MIME_KIND_SCRIPT },
	{ "application/pgp-", MIME_KIND_CRYPTO },
	{ "application/pkcs", MIME_KIND_CRYPTO },
	{ "application/x-pkcs", MIME_KIND_CRYPTO },
	{ "application/json", MIME_KIND_DATA },
	{ "application/xml", MIME_KIND_DATA },
	{ "application/ics", MIME_KIND_DATA },
};

static bool holds(struct bytes in, const char *text)
{
	return in.at != in.end && memmem(in.at, bytes_size(in), text, strlen(text));
}

static bool fits(const struct row *row, struct bytes first)
{
	struct bytes rest = first;
	const uint8_t *at;
	bytes_split(&rest, row->offset);
	at = bytes_take(&rest, row->size);
	return at && !memcmp(at, row->bytes, row->size) &&
	       (!row->within || holds(first, row->within));
}

/* DOS header whose pointer leads to the PE header, as far as the window shows it. */
static struct magic dos_program(struct bytes first)
{
	struct bytes rest = first;
	uint32_t offset = bytes_size(first) >= 64 ? le32(first.at + 60) : 0;
	bytes_split(&rest, offset);
	if (offset && bytes_begin_case(rest, bytes_make("PE\0\0", 4)))
		return (struct magic){ "pe", MIME_KIND_PROGRAM };
	return (struct magic){ "dos", MIME_KIND_PROGRAM };
}

static struct magic text_magic(struct bytes first)
{
	if (bytes_begin_case(first, bytes_of("\xEF\xBB\xBF")))
		bytes_take(&first, 3);
	first = text_trim(first);
	for (size_t i = 0; i < COUNT(texts); i++)
		if (bytes_begin_case(first, bytes_of(texts[i].begin)))
			return texts[i].magic;
	return (struct magic){ NULL, MIME_KIND_UNKNOWN };
}

struct magic magic_true(struct bytes first, struct bytes iso)
{
	if (bytes_size(first) >= 2 && !memcmp(first.at, "MZ", 2))
		return dos_program(first);
	for (size_t i = 0; i < COUNT(rows); i++)
		if (fits(&rows[i], first))
			return (struct magic){ rows[i].type, rows[i].kind };
	if (bytes_equal(iso, bytes_of("CD001")))
		return (struct magic){ "iso", MIME_KIND_DISK };
	return text_magic(first);
}

static bool word_in(struct bytes list, struct bytes word)
{
	while (list.at != list.end) {
		const uint8_t *at = bytes_find(list, ' ');
		struct bytes next =
			bytes_split(&list, at ? (size_t)(at - list.at) : bytes_size(list));
		bytes_split(&list, 1);
		if (bytes_equal_case(next, word))
			return true;
	}
	return false;
}

enum mime_kind magic_of_name(struct bytes name)
{
	const uint8_t *dot;
	while (name.at != name.end &&
		(name.at[bytes_size(name) - 1] <= ' ' || name.at[bytes_size(name) - 1] == '.'))
		bytes_limit(&name, bytes_size(name) - 1); /* Windows drops them when it saves */
	dot = name.at == name.end ? NULL : memrchr(name.at, '.', bytes_size(name));
	if (!dot)
		return MIME_KIND_UNKNOWN;
	bytes_split(&name, (size_t)(dot - name.at) + 1);
	for (size_t i = 0; i < COUNT(endings); i++)
		if (word_in(bytes_of(endings[i].endings), name))
			return endings[i].kind;
	return MIME_KIND_UNKNOWN;
}

enum mime_kind magic_of_type(struct bytes type)
{
	for (size_t i = 0; i < COUNT(types); i++)
		if (bytes_begin_case(type, bytes_of(types[i].begin)))
			return types[i].kind;
	return MIME_KIND_UNKNOWN;
}

/* Kinds in one family pass as each other: programs name each other's formats loosely. */
static int family(enum mime_kind kind)
{
	switch (kind) {
	case MIME_KIND_UNKNOWN:
	case MIME_KIND_DATA:
		return 0;
	case MIME_KIND_TEXT:
	case MIME_KIND_HTML:
	case MIME_KIND_MESSAGE:
	case MIME_KIND_CRYPTO:
		return 1;
	case MIME_KIND_IMAGE:
	case MIME_KIND_AUDIO:
	case MIME_KIND_VIDEO:
	case MIME_KIND_FONT:
		return 2;
	case MIME_KIND_DOCUMENT:
	case MIME_KIND_MACRO:
		return 3;
	case MIME_KIND_ARCHIVE:
	case MIME_KIND_DISK:
		return 4;
	case MIME_KIND_SCRIPT:
	case MIME_KIND_PROGRAM:
	case MIME_KIND_SHORTCUT:
	case MIME_KIND_COUNT:
		break;
	}
	return 5;
}

bool magic_lies(enum mime_kind claimed, enum mime_kind found)
{
	int claim = family(claimed), truth = family(found);
	if (!claim || !truth || claim == truth)
		return false;
	return truth >= 3; /* a picture named .txt deceives nobody who opens it */
}
