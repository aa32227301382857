/* The names of kinds, encodings and kinds of encryption, as they are told to people and programs.
 */
#include "mime/mime.h"

static const char *const kinds[] = {
	[MIME_KIND_UNKNOWN] = "unknown",
	[MIME_KIND_TEXT] = "text",
	[MIME_KIND_HTML] = "html",
	[MIME_KIND_IMAGE] = "image",
	[MIME_KIND_AUDIO] = "audio",
	[MIME_KIND_VIDEO] = "video",
	[MIME_KIND_FONT] = "font",
	[MIME_KIND_DOCUMENT] = "document",
	[MIME_KIND_MACRO] = "macro",
	[MIME_KIND_ARCHIVE] = "archive",
	[MIME_KIND_DISK] = "disk",
	[MIME_KIND_SCRIPT] = "script",
	[MIME_KIND_PROGRAM] = "program",
	[MIME_KIND_SHORTCUT] = "shortcut",
	[MIME_KIND_MESSAGE] = "message",
	[MIME_KIND_CRYPTO] = "crypto",
	[MIME_KIND_DATA] = "data",
};
_Static_assert(COUNT(kinds) == MIME_KIND_COUNT, "each kind has a name");

static const char *const encodings[MIME_ENCODING_COUNT] = {
	[MIME_7BIT] = "7bit",
	[MIME_8BIT] = "8bit",
	[MIME_BINARY] = "binary",
	[MIME_BASE64] = "base64",
	[MIME_QUOTED_PRINTABLE] = "quoted-printable",
	[MIME_UUENCODE] = "uuencode",
	[MIME_YENC] = "yenc",
	[MIME_ENCODING_UNKNOWN] = "unknown",
};

static const char *const cryptos[MIME_CRYPTO_COUNT] = {
	[MIME_PGP_ENCRYPTED] = "pgp_encrypted",
	[MIME_PGP_SIGNED] = "pgp_signed",
	[MIME_PGP_INLINE] = "pgp_inline",
	[MIME_SMIME_ENCRYPTED] = "smime_encrypted",
	[MIME_SMIME_SIGNED] = "smime_signed",
};

const char *mime_kind_name(enum mime_kind kind)
{
	return kinds[kind];
}

const char *mime_encoding_name(enum mime_encoding encoding)
{
	return encodings[encoding];
}

const char *mime_crypto_name(enum mime_crypto crypto)
{
	return cryptos[crypto];
}
