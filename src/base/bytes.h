/* Bytes that came from outside, and the only way they travel: a cursor over memory somebody else
 * owns. Every read is checked against `end`; this header is the one place with pointer arithmetic
 * on input. Never NUL-terminated. Nothing here allocates. Thread-safe: no state. */
#ifndef MW_BASE_BYTES_H
#define MW_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct bytes {
	const uint8_t *at, *end; /* at == end: empty; {NULL, NULL}: absent */
};

static inline struct bytes bytes_make(const void *at, size_t size)
{
	return (struct bytes){ at, at ? (const uint8_t *)at + size : NULL };
}

static inline struct bytes bytes_of(const char *text)
{
	return bytes_make(text, strlen(text));
}

static inline size_t bytes_size(struct bytes bytes)
{
	return (size_t)(bytes.end - bytes.at);
}

/* The next `size` bytes, stepped over; NULL (and nothing taken) when fewer are left. */
static inline const uint8_t *bytes_take(struct bytes *in, size_t size)
{
	const uint8_t *at = in->at;
	if (bytes_size(*in) < size)
		return NULL;
	if (size) /* absent bytes have no place to step from */
		in->at += size;
	return at;
}

/* The next `size` bytes as bytes of their own, stepped over; as many as there are when fewer are
 * left. */
static inline struct bytes bytes_split(struct bytes *in, size_t size)
{
	size_t left = bytes_size(*in);
	struct bytes head = { in->at, in->at };
	if (size > left)
		size = left;
	if (size) {
		head.end += size;
		in->at += size;
	}
	return head;
}

/* Forgets all behind the next `size` bytes; false when there were fewer than that. */
static inline bool bytes_limit(struct bytes *in, size_t size)
{
	if (bytes_size(*in) < size)
		return false;
	if (size || in->at)
		in->end = in->at + size;
	return true;
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	size_t size = bytes_size(a);
	return size == bytes_size(b) && (!size || !memcmp(a.at, b.at, size));
}

static inline uint8_t byte_lower(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte;
}

/* Equal but for the case of ASCII letters. */
static inline bool bytes_equal_case(struct bytes a, struct bytes b)
{
	size_t size = bytes_size(a);
	if (size != bytes_size(b))
		return false;
	for (size_t i = 0; i < size; i++)
		if (byte_lower(a.at[i]) != byte_lower(b.at[i]))
			return false;
	return true;
}

/* `in` begins with `prefix`, whatever the case of ASCII letters. */
static inline bool bytes_begin_case(struct bytes in, struct bytes prefix)
{
	return bytes_limit(&in, bytes_size(prefix)) && bytes_equal_case(in, prefix);
}

/* The first place of `byte`; NULL when there is none. */
static inline const uint8_t *bytes_find(struct bytes in, uint8_t byte)
{
	return in.at == in.end ? NULL : memchr(in.at, byte, bytes_size(in));
}

static inline uint16_t be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t be32(const uint8_t *at)
{
	return (uint32_t)be16(at) << 16 | be16(at + 2);
}

static inline uint16_t le16(const uint8_t *at)
{
	return (uint16_t)(at[1] << 8 | at[0]);
}

static inline uint32_t le32(const uint8_t *at)
{
	return (uint32_t)le16(at + 2) << 16 | le16(at);
}

#endif
