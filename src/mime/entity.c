/* HTML character references as far as links need them: numbers, and the names of the characters
 * that stand in URLs. Browsers read them without the semicolon too. */
#include "mime/entity.h"

static const struct {
	const char *name;
	char byte;
} entities[] = {
	{ "amp", '&' },
	{ "colon", ':' },
	{ "sol", '/' },
	{ "period", '.' },
	{ "commat", '@' },
	{ "lt", '<' },
	{ "gt", '>' },
	{ "quot", '"' },
	{ "percnt", '%' },
	{ "lowbar", '_' },
	{ "hyphen", '-' },
	{ "num", '#' },
	{ "quest", '?' },
	{ "Tab", ' ' },
	{ "NewLine", ' ' },
	{ "nbsp", ' ' },
};

static uint32_t number_entity(struct bytes in)
{
	uint32_t value = 0, base = 10;
	if (in.at != in.end && byte_lower(*in.at) == 'x') {
		base = 16;
		bytes_take(&in, 1);
	}
	while (in.at != in.end && value < 0x110000) {
		uint8_t byte = byte_lower(*bytes_take(&in, 1));
		uint32_t digit = byte >= 'a' ? byte - 'a' + 10u : byte - (uint32_t)'0';
		if (digit >= base)
			break;
		value = value * base + digit;
	}
	return value;
}

static size_t put_utf8(uint32_t code, uint8_t *out)
{
	if (code < 0x80) {
		out[0] = (uint8_t)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (uint8_t)(0xC0 | code >> 6);
		out[1] = (uint8_t)(0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (uint8_t)(0xE0 | code >> 12);
		out[1] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
		out[2] = (uint8_t)(0x80 | (code & 0x3F));
		return 3;
	}
	out[0] = (uint8_t)(0xF0 | (code >> 18 & 7));
	out[1] = (uint8_t)(0x80 | (code >> 12 & 0x3F));
	out[2] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
	out[3] = (uint8_t)(0x80 | (code & 0x3F));
	return 4;
}

size_t entity_decode(struct bytes entity, uint8_t out[ENTITY_MAX])
{
	struct bytes name = entity;
	size_t size = bytes_size(entity);
	bytes_split(&name, 1);
	if (name.at != name.end && *name.at == '#') {
		bytes_take(&name, 1);
		return put_utf8(number_entity(name), out);
	}
	for (size_t i = 0; i < COUNT(entities); i++) {
		if (!bytes_equal(name, bytes_of(entities[i].name)))
			continue;
		out[0] = (uint8_t)entities[i].byte;
		return 1;
	}
	memcpy(out, entity.at, size);
	return size;
}

bool entity_goes_on(uint8_t byte)
{
	uint8_t low = byte_lower(byte);
	return byte == '#' || (low >= 'a' && low <= 'z') || (byte >= '0' && byte <= '9');
}
