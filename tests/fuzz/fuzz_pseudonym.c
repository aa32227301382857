/* A text on its way out, of each kind; the first byte picks it, the second how much of the text is
 * whom it is about. Without a key it comes out whole; with one, what was put into the middle of it
 * must be gone, whatever stands around. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/pseudonym.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const secrets[] = { "192.0.2.77", "2001:db8::77", "[IPv6:2001:db8::77]",
	"00:0c:29:77:77:77", "<secret>", "secret.planted.example",
	"\"two secrets\"@planted.example", "secret@planted.example" };

static void check_lossless(struct bytes text, enum pseudonym_kind kind)
{
	struct pseudonym pseudonym;
	struct bytes piece;
	pseudonym_open(&pseudonym, NULL, kind, text, text);
	while (pseudonym_next(&pseudonym, &piece))
		assert(bytes_equal(piece, bytes_split(&text, bytes_size(piece))));
	assert(!bytes_size(text));
}

static bool holds(struct bytes text, const char *what)
{
	return bytes_size(text) && memmem(text.at, bytes_size(text), what, strlen(what));
}

static void check_gone(
	struct bytes text, struct bytes about, enum pseudonym_kind kind, const char *secret)
{
	static const struct pseudonyms by = { { 1, 2 } };
	size_t room = 64 * bytes_size(text) + PSEUDONYM_ROOM, used = 0;
	char *out = malloc(room);
	struct pseudonym pseudonym;
	struct bytes piece;
	assert(out);
	pseudonym_open(&pseudonym, &by, kind, text, about);
	while (pseudonym_next(&pseudonym, &piece)) {
		assert(bytes_size(piece) && bytes_size(piece) <= room - used);
		memcpy(out + used, piece.at, bytes_size(piece));
		used += bytes_size(piece);
	}
	assert(!holds(bytes_make(out, used), secret));
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_make(data, size), about;
	const uint8_t *head = bytes_take(&in, 2);
	if (!head)
		return 0;
	enum pseudonym_kind kind = head[0] % (PSEUDONYM_ID + 1u);
	const char *secret = secrets[head[0] / 16 % COUNT(secrets)];
	check_lossless(in, kind);
	if (holds(in, secret))
		return 0;
	about = in;
	bytes_limit(&about, head[1]);
	char *text = NULL;
	size_t half = bytes_size(in) / 2;
	int all = asprintf(
		&text, "%*s %s %*s", (int)half, "", secret, (int)(bytes_size(in) - half), "");
	assert(all > 0 && text);
	if (bytes_size(in)) {
		memcpy(text, in.at, half);
		memcpy(text + all - (bytes_size(in) - half), in.at + half, bytes_size(in) - half);
	}
	check_gone(bytes_make(text, (size_t)all), about, kind, secret);
	free(text);
	return 0;
}
