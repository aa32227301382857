/* Options of pcapng: a code, a length, a value, and padding to four bytes. */
#include "wire/interface.h"

#include "wire/format.h"

enum {
	OPTION_END = 0,
	OPTION_RESOLUTION = 9, /* of an interface description */
	OPTION_OFFSET = 14,
	OPTION_DROPPED = 5,    /* of interface statistics: for lack of room, */
	OPTION_DROPPED_OS = 7, /* and by the system before */
	RESOLUTION_MAX = 25    /* 10^-25 s: the last that can be told from 64 bits */
};

#define DROPPED_MAX (UINT64_C(1) << 48) /* no recorder loses so many: the number is none */

static uint64_t u64(const struct capture *capture, const uint8_t *at)
{
	uint64_t first = format_u32(capture, at), second = format_u32(capture, at + 4);
	return capture->big_endian ? first << 32 | second : second << 32 | first;
}

/* The two options that matter. false: what the value says cannot be. */
static bool interface_option(const struct capture *capture, uint16_t code, struct bytes value,
	struct capture_interface *interface)
{
	if (code == OPTION_RESOLUTION) {
		const uint8_t *at = bytes_take(&value, 1);
		if (!at || (*at & 0x80 ? *at > (0x80 | 63) : *at > RESOLUTION_MAX))
			return false;
		interface->resolution = *at;
	}
	if (code == OPTION_OFFSET) {
		const uint8_t *at = bytes_take(&value, 8);
		if (!at)
			return false;
		int64_t seconds = (int64_t)u64(capture, at);
		if (seconds > CAPTURE_SECONDS_MAX)
			seconds = CAPTURE_SECONDS_MAX;
		if (seconds < -CAPTURE_SECONDS_MAX)
			seconds = -CAPTURE_SECONDS_MAX;
		interface->offset = seconds * 1000000;
	}
	return true;
}

/* The next option, stepped over: 4 bytes or more. false: none is left, or *ok turned false. */
static bool option_next(const struct capture *capture, struct bytes *in, uint16_t *code,
	struct bytes *value, bool *ok)
{
	const uint8_t *at = bytes_take(in, 4);
	*ok = at || in->at == in->end;
	*code = at ? format_u16(capture, at) : OPTION_END;
	if (*code == OPTION_END)
		return false;
	size_t size = format_u16(capture, at + 2);
	*value = *in;
	*ok = bytes_limit(value, size) && bytes_take(in, (size + 3) & ~(size_t)3);
	return *ok;
}

bool interface_describe(
	const struct capture *capture, struct bytes in, struct capture_interface *interface)
{
	uint16_t code;
	struct bytes value;
	bool ok;
	while (option_next(capture, &in, &code, &value, &ok))
		if (!interface_option(capture, code, value, interface))
			return false;
	return ok;
}

uint64_t interface_dropped(const struct capture *capture, struct bytes in)
{
	uint64_t dropped = 0;
	uint16_t code;
	struct bytes value;
	bool ok;
	while (option_next(capture, &in, &code, &value, &ok)) {
		const uint8_t *at = bytes_take(&value, 8);
		uint64_t more = at ? u64(capture, at) : 0;
		if ((code == OPTION_DROPPED || code == OPTION_DROPPED_OS) && more < DROPPED_MAX)
			dropped += more;
	}
	return dropped;
}
