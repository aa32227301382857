/* AUTH (RFC 4954): who claims to be whom. Of what the client sends only the identity is kept, where
 * the mechanism shows it; what held a password is wiped as soon as it was looked at. */
#include "wire/smtp_internal.h"

#define RESPONSE_MAX 512 /* bytes of a decoded response that are looked at */

static struct bytes none(struct bytes response)
{
	return (struct bytes){ NULL, NULL };
}

static struct bytes whole(struct bytes response)
{
	return response;
}

static struct bytes up_to(struct bytes *in, uint8_t stop)
{
	const uint8_t *end = bytes_find(*in, stop);
	struct bytes head =
		bytes_split(in, end ? bytes_size((struct bytes){ in->at, end }) : bytes_size(*in));
	bytes_take(in, 1);
	return head;
}

/* authzid NUL authcid NUL password (RFC 4616). */
static struct bytes plain(struct bytes response)
{
	struct bytes authorization = up_to(&response, '\0');
	struct bytes authentication = up_to(&response, '\0');
	return authentication.at != authentication.end ? authentication : authorization;
}

/* "user digest" (RFC 2195): the digest has no blank, the user may. */
static struct bytes cram(struct bytes response)
{
	size_t size = bytes_size(response);
	while (size && response.at[size - 1] != ' ')
		size--;
	return bytes_split(&response, size ? size - 1 : 0);
}

/* Behind `name` at the begin or behind one of `between`, up to `stop`. */
static struct bytes field(struct bytes in, const char *name, const char *between, uint8_t stop)
{
	bool begin = true;
	while (in.at != in.end) { /* each turn takes a byte */
		if (begin && bytes_begin_case(in, bytes_of(name))) {
			bytes_take(&in, strlen(name));
			return up_to(&in, stop);
		}
		begin = bytes_find(bytes_of(between), *in.at);
		bytes_take(&in, 1);
	}
	return in;
}

static struct bytes digest(struct bytes response) /* username="user",... (RFC 2831) */
{
	return field(response, "username=\"", ", ", '"');
}

static struct bytes xoauth2(struct bytes response) /* user=user ^A auth=Bearer ... */
{
	return field(response, "user=", "\1", '\1');
}

static struct bytes oauthbearer(struct bytes response) /* n,a=user,^A... (RFC 7628) */
{
	return field(response, "a=", ",", ',');
}

static struct bytes scram(struct bytes response) /* n,,n=user,r=... (RFC 5802) */
{
	return field(response, "n=", ",", ',');
}

static const struct mechanism {
	const char *name;                                /* or how the names of its kind begin */
	struct bytes (*identity)(struct bytes response); /* in the first response */
} mechanisms[] = {
	{ "PLAIN", plain }, { "LOGIN", whole }, { "CRAM-MD5", cram }, { "DIGEST-MD5", digest },
	{ "XOAUTH2", xoauth2 }, { "OAUTHBEARER", oauthbearer }, { "SCRAM-", scram },
	{ "EXTERNAL", whole }, { "", none }, /* NTLM, GSSAPI and what else there is */
};

static int base64_value(uint8_t byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return byte - 'A';
	if (byte >= 'a' && byte <= 'z')
		return byte - 'a' + 26;
	if (byte >= '0' && byte <= '9')
		return byte - '0' + 52;
	return byte == '+' ? 62 : byte == '/' ? 63 : -1;
}

/* RFC 4648 4, as much as fits; a response that is not base64 gives nothing. */
static size_t base64_decode(struct bytes in, uint8_t out[RESPONSE_MAX])
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t size = 0;
	for (; in.at != in.end && *in.at != '=' && size < RESPONSE_MAX; bytes_take(&in, 1)) {
		int value = base64_value(*in.at);
		if (value < 0)
			return 0;
		bits = bits << 6 | (uint32_t)value;
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[size++] = (uint8_t)(bits >> have);
		}
	}
	return size;
}

static void identity_keep(struct smtp *smtp, struct bytes identity)
{
	size_t size = bytes_size(identity);
	if (!size || size >= SMTP_IDENTITY_MAX)
		return;
	if (!smtp->identity)
		smtp->identity = arena_take(smtp->arena, SMTP_IDENTITY_MAX);
	if (!smtp->identity) {
		anomaly(smtp->seen, SMTP_ARENA_FULL);
		return;
	}
	memcpy(smtp->identity, identity.at, size);
	smtp->identity_size = (uint8_t)size;
}

static void response_take(struct smtp *smtp, struct bytes text)
{
	struct bytes name = bytes_make(smtp->mechanism, smtp->mechanism_size);
	const struct mechanism *row = mechanisms;
	uint8_t decoded[RESPONSE_MAX];
	size_t size;
	if (smtp->auth_step++)
		return; /* LOGIN: the password. The others have said who they are. */
	while (!bytes_begin_case(name, bytes_of(row->name)))
		row++; /* the last row fits every name */
	size = base64_decode(text, decoded);
	identity_keep(smtp, row->identity(bytes_make(decoded, size)));
	explicit_bzero(decoded, sizeof decoded);
}

/* From here on `command` shows the mechanism in capitals and no response. */
void smtp_auth_begin(struct smtp *smtp, struct smtp_command *command)
{
	size_t size = bytes_size(command->argument);
	smtp->mechanism_size = (uint8_t)(size < SMTP_MECHANISM_MAX ? size : SMTP_MECHANISM_MAX);
	for (size_t i = 0; i < smtp->mechanism_size; i++) {
		uint8_t byte = command->argument.at[i];
		smtp->mechanism[i] = (char)(byte >= 'a' && byte <= 'z' ? byte - 32 : byte);
	}
	smtp->auth_step = smtp->identity_size = 0;
	if (command->parameters.at != command->parameters.end)
		response_take(smtp, command->parameters);
	command->argument = bytes_make(smtp->mechanism, smtp->mechanism_size);
	command->parameters = (struct bytes){ NULL, NULL };
	smtp_auth_wipe(smtp);
}

void smtp_client_response(struct smtp *smtp, struct bytes *in)
{
	struct bytes line;
	if (!smtp_line_read(smtp, SMTP_CLIENT, in, &line))
		return;
	if (!bytes_equal(line, bytes_of("*"))) /* given up: RFC 4954 4 */
		response_take(smtp, line);
	smtp->reading = READING_HELD;
	smtp_auth_wipe(smtp);
}

/* The line just read may lie in our own memory. */
void smtp_auth_wipe(struct smtp *smtp)
{
	struct smtp_buffer *cut = &smtp->line[SMTP_CLIENT].cut;
	if (cut->room && !cut->size)
		explicit_bzero(cut->at, cut->room);
}
