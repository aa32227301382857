/* base64 (RFC 2045 6.8) and quoted-printable (6.7) as streams. base64 goes by groups of four
 * letters while it can, letter by letter around line ends and junk. */
#include "mime/transfer.h"

#include "base/vector.h"
#include "mime/scan.h"
#include "mime/text.h"

#define XX 0x80 /* not in the alphabet */
#define SP 0x81 /* white space */
#define PD 0x82 /* padding */

/* clang-format off */
static const uint8_t base64[256] = {
	XX, XX, XX, XX, XX, XX, XX, XX, XX, SP, SP, XX, XX, SP, XX, XX,
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
	SP, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, 62, XX, XX, XX, 63,
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61, XX, XX, XX, PD, XX, XX,
	XX, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
	15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, XX, XX, XX, XX, XX,
	XX, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
	41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, XX, XX, XX, XX, XX,
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
	XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX, XX,
};
/* clang-format on */

void transfer_init(struct transfer *transfer, enum mime_encoding kind)
{
	*transfer = (struct transfer){ .kind = kind };
}

/* The bytes of the letters held: one fewer than those. */
static size_t group_end(struct transfer *transfer, uint8_t *out)
{
	const uint8_t *held = transfer->held;
	size_t size = transfer->count ? transfer->count - 1u : 0;
	if (size)
		out[0] = (uint8_t)(held[0] << 2 | held[1] >> 4);
	if (size > 1)
		out[1] = (uint8_t)(held[1] << 4 | held[2] >> 2);
	transfer->count = 0;
	return size;
}

static size_t base64_letter(struct transfer *transfer, uint8_t value, uint8_t *out)
{
	transfer->junk += transfer->pads > 0;
	transfer->pads = 0;
	if (transfer->count < 3) {
		transfer->held[transfer->count++] = value;
		return 0;
	}
	group_end(transfer, out);
	out[2] = (uint8_t)(transfer->held[2] << 6 | value);
	return 3;
}

static size_t base64_byte(struct transfer *transfer, uint8_t byte, uint8_t *out)
{
	uint8_t value = base64[byte];
	if (value == SP)
		return 0;
	if (transfer->ended || value == XX || (value == PD && transfer->count < 2)) {
		transfer->junk++;
		return 0;
	}
	if (value < XX)
		return base64_letter(transfer, value, out);
	transfer->ended = transfer->count + ++transfer->pads == 4;
	return transfer->ended ? group_end(transfer, out) : 0;
}

/* Whole groups of four letters, as long as nothing else comes; gives back the bytes written. */
static size_t base64_groups(struct transfer *transfer, struct bytes *in, uint8_t *out, size_t room)
{
	size_t groups = bytes_size(*in) / 4, i = 0;
	const uint8_t *at = in->at;
	if (groups > room / 3)
		groups = room / 3;
	for (; i < groups; i++) {
		uint8_t a = base64[at[4 * i]], b = base64[at[4 * i + 1]];
		uint8_t c = base64[at[4 * i + 2]], d = base64[at[4 * i + 3]];
		if ((a | b | c | d) & XX)
			break;
		out[3 * i] = (uint8_t)(a << 2 | b >> 4);
		out[3 * i + 1] = (uint8_t)(b << 4 | c >> 2);
		out[3 * i + 2] = (uint8_t)(c << 6 | d);
	}
	bytes_split(in, 4 * i);
	return 3 * i;
}

static size_t base64_decode(struct transfer *transfer, struct bytes *in, uint8_t *out, size_t room)
{
	size_t size = 0;
	while (in->at != in->end && room - size >= 3) {
		if (!transfer->count && !transfer->ended)
			size += base64_groups(transfer, in, out + size, room - size);
		if (in->at != in->end && room - size >= 3)
			size += base64_byte(transfer, *bytes_take(in, 1), out + size);
	}
	return size;
}

size_t transfer_skip(struct transfer *transfer, struct bytes in)
{
	size_t size = 0;
	uint8_t room[3];
	while (in.at != in.end) {
		size_t letters = transfer->ended || transfer->pads ? 0 : scan_base64(in);
		if (!letters) {
			size += base64_byte(transfer, *bytes_take(&in, 1), room);
			continue;
		}
		bytes_split(&in, letters);
		letters += transfer->count;
		size += letters / 4 * 3;
		transfer->count = letters % 4;
	}
	return size;
}

/* A byte within an escape. One that is none stays as it lies, all three bytes of it. */
static size_t escape_byte(struct transfer *transfer, uint8_t byte, uint8_t *out)
{
	uint8_t first = transfer->held[0];
	if (!transfer->count && byte != '\n') {
		transfer->held[transfer->count++] = byte;
		return 0;
	}
	bool line_end = byte == '\n' && (!transfer->count || first == '\r');
	transfer->count = 0;
	transfer->escape = false;
	if (line_end)
		return 0;
	if (text_hex(first) >= 0 && text_hex(byte) >= 0) {
		out[0] = (uint8_t)(text_hex(first) << 4 | text_hex(byte));
		return 1;
	}
	transfer->junk++;
	out[0] = '=';
	out[1] = first;
	out[2] = byte;
	return 3;
}

/* A run without escapes. Escapes stand close to each other, so it is copied and searched at once,
 * sixteen bytes a turn; what is written beyond its end is written again. */
static size_t plain_run(struct transfer *transfer, struct bytes *in, uint8_t *out, size_t room)
{
	const uint8_t *at = in->at;
	size_t size = bytes_size(*in) < room ? bytes_size(*in) : room, i = 0;
	unsigned first = VECTOR_WIDTH;
	for (; first == VECTOR_WIDTH && i + VECTOR_WIDTH <= size; i += first) {
		vector value = vector_load(&at[i]);
		memcpy(&out[i], &value, VECTOR_WIDTH);
		first = vector_first((vector)(value == '='));
	}
	for (; first == VECTOR_WIDTH && i < size && at[i] != '='; i++)
		out[i] = at[i];
	for (size_t j = 0; transfer->words && j < i; j++)
		if (out[j] == '_')
			out[j] = ' ';
	bytes_split(in, i);
	return i;
}

/* "=" and what follows, when all of it is here: what nearly all escapes are, a byte or a soft line
 * end. false: byte by byte, then. Taking them whole made quoted-printable twice as fast. */
static bool whole_escape(struct bytes *in, uint8_t *out, size_t *size)
{
	struct bytes rest = *in;
	const uint8_t *at = bytes_take(&rest, 3);
	if (!at)
		return false;
	int high = text_hex(at[1]), low = text_hex(at[2]);
	bool is_byte = high >= 0 && low >= 0;
	if (!is_byte && (at[1] != '\r' || at[2] != '\n'))
		return false;
	if (is_byte)
		out[(*size)++] = (uint8_t)(high << 4 | low);
	*in = rest;
	return true;
}

static size_t quoted_decode(struct transfer *transfer, struct bytes *in, uint8_t *out, size_t room)
{
	size_t size = 0;
	while (in->at != in->end && room - size >= 3) {
		if (transfer->escape) {
			size += escape_byte(transfer, *bytes_take(in, 1), out + size);
			continue;
		}
		size += plain_run(transfer, in, out + size, room - size);
		if (in->at == in->end || *in->at != '=' ||
			(room - size >= 3 && whole_escape(in, out, &size)))
			continue;
		bytes_take(in, 1);
		transfer->escape = true;
	}
	return size;
}

static size_t copy(struct bytes *in, uint8_t *out, size_t room)
{
	struct bytes head = bytes_split(in, room);
	if (head.at != head.end)
		memcpy(out, head.at, bytes_size(head));
	return bytes_size(head);
}

size_t transfer_decode(struct transfer *transfer, struct bytes *in, uint8_t *out, size_t room)
{
	if (transfer->kind == MIME_BASE64)
		return base64_decode(transfer, in, out, room);
	if (transfer->kind == MIME_QUOTED_PRINTABLE)
		return quoted_decode(transfer, in, out, room);
	return copy(in, out, room);
}

size_t transfer_end(struct transfer *transfer, uint8_t *out, size_t room)
{
	if (room < 3)
		return 0;
	if (transfer->kind == MIME_BASE64) {
		transfer->junk += transfer->count > 0 && !transfer->pads;
		return group_end(transfer, out);
	}
	/* "=" alone at the end is a soft break whose line end went to the boundary. */
	if (!transfer->escape || !transfer->count || transfer->held[0] == '\r')
		return 0;
	transfer->junk++;
	out[0] = '=';
	out[1] = transfer->held[0];
	return 2;
}
