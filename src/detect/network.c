/* Networks as keys of 64 bits. The hash key is fixed, so that all that count the same things agree;
 * who could steer a collision would only make two networks count as one: fewer, never more. */
#include "detect/network.h"

#include <libpsl.h>

#include "base/hash.h"

static const struct hash_key fixed_key = { 0x6d61696c77617264, 0x656e206e6574776b };

/* Names below these belong to nobody: many unrelated machines use them (RFC 6761, 6762, 9476). */
static const char *const unregistered[] = { "local", "localdomain", "localhost", "lan", "internal",
	"invalid", "home", "arpa" };

static uint64_t key_of(char kind, const void *at, size_t size)
{
	uint8_t text[1 + NETWORK_NAME] = { (uint8_t)kind };
	memcpy(text + 1, at, size);
	uint64_t key = hash_bytes(fixed_key, text, 1 + size);
	return key ? key : 1;
}

static bool name_byte(uint8_t byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' ||
	       byte == '_' || byte == '.';
}

/* Lower case, without the root's dot, labels of 1 to 63 bytes; its last label is no number (an
 * IPv4 address is no name). */
static bool host_name(struct bytes name, char out[NETWORK_NAME])
{
	size_t size = bytes_size(name), label = 0;
	bool letters = false;
	if (size && name.at[size - 1] == '.')
		size--;
	if (!size || size >= NETWORK_NAME)
		return false;
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = byte_lower(name.at[i]);
		if (!name_byte(byte) || (byte == '.' && !label) || label > 63)
			return false;
		label = byte == '.' ? 0 : label + 1;
		letters = label && (letters || byte > '9');
		out[i] = (char)byte;
	}
	out[size] = '\0';
	return label && letters;
}

static bool is_unregistered(const char *name)
{
	const char *dot = strrchr(name, '.');
	for (size_t i = 0; i < COUNT(unregistered); i++)
		if (!strcmp(dot + 1, unregistered[i]))
			return true;
	return false;
}

bool network_domain(struct bytes name, char out[NETWORK_NAME])
{
	char host[NETWORK_NAME];
	const psl_ctx_t *list = psl_builtin();
	if (!list || !host_name(name, host) || !strchr(host, '.') || is_unregistered(host) ||
		psl_is_public_suffix2(list, host, PSL_TYPE_ICANN))
		return false;
	const char *domain = host;
	for (const char *dot = strchr(domain, '.'); dot; dot = strchr(domain, '.')) {
		if (psl_is_public_suffix2(list, dot + 1, PSL_TYPE_ICANN))
			break;
		domain = dot + 1;
	}
	memcpy(out, domain, strlen(domain) + 1);
	return true;
}

struct bytes network_greeting_name(struct bytes greeting)
{
	size_t size = 0;
	while (size < bytes_size(greeting) && greeting.at[size] > ' ')
		size++;
	return bytes_split(&greeting, size);
}

uint64_t network_of(const struct address *server, struct bytes greeting)
{
	char domain[NETWORK_NAME];
	if (network_domain(network_greeting_name(greeting), domain))
		return key_of('d', domain, strlen(domain));
	return network_of_address(server);
}

uint64_t network_of_address(const struct address *address)
{
	struct prefix prefix = address_prefix(address, 24, 48);
	return key_of(address_is_v4(address) ? '4' : '6', prefix.address.byte,
		sizeof(prefix.address.byte));
}

uint64_t network_peer_key(const struct address *address)
{
	return key_of('p', address->byte, sizeof(address->byte));
}

uint64_t network_text_key(struct bytes text)
{
	uint8_t lower[NETWORK_NAME];
	size_t size = bytes_size(text);
	if (size > sizeof(lower))
		size = sizeof(lower);
	for (size_t i = 0; i < size; i++)
		lower[i] = byte_lower(text.at[i]);
	return key_of('t', lower, size);
}
