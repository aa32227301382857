/* The site's settings and the one question that everybody asks: is this address ours? Where nothing
 * was configured, the ranges that cannot be routed on the Internet stand in: RFC 1918, RFC 4193
 * (unique local), RFC 6598 (shared, behind a provider's NAT) and link-local addresses (RFC 3927,
 * 4291). */
#include "model/site.h"

const struct setting site_settings[] = {
	{ .name = "inside",
		.kind = SETTING_PREFIXES,
		.offset = offsetof(struct site, inside),
		.normal = "the private ranges",
		.help = "addresses of this network; a machine is accused only when it is one of "
			"them" },
	{ .name = "mail_servers",
		.kind = SETTING_PREFIXES,
		.offset = offsetof(struct site, mail_servers),
		.normal = "none",
		.help = "own mail servers: they may deliver to the world" },
	{ .name = "smarthosts",
		.kind = SETTING_PREFIXES,
		.offset = offsetof(struct site, smarthosts),
		.normal = "none",
		.help = "servers that mail is handed over to, inside or outside" },
	{ .name = "allowed_servers",
		.kind = SETTING_PREFIXES,
		.offset = offsetof(struct site, allowed_servers),
		.normal = "all",
		.help = "the only servers that machines inside may reach on port 25, beside "
			"mail_servers and smarthosts" },
	{ .name = "allow",
		.kind = SETTING_PREFIXES,
		.offset = offsetof(struct site, allow),
		.normal = "none",
		.help = "addresses that are never accused: what they do is only counted" },
	{ .name = NULL },
};

/* As struct prefix keeps them: an IPv4 prefix of /n has length 96 + n. */
static const struct prefix private_ranges[] = {
	{ { { [10] = 0xff, 0xff, 10 } }, 96 + 8 },
	{ { { [10] = 0xff, 0xff, 100, 64 } }, 96 + 10 },
	{ { { [10] = 0xff, 0xff, 169, 254 } }, 96 + 16 },
	{ { { [10] = 0xff, 0xff, 172, 16 } }, 96 + 12 },
	{ { { [10] = 0xff, 0xff, 192, 168 } }, 96 + 16 },
	{ { { 0xfc } }, 7 },
	{ { { 0xfe, 0x80 } }, 10 },
};

bool site_is_inside(const struct site *site, const struct address *address)
{
	if (!site_inside_guessed(site))
		return prefixes_has(&site->inside, address);
	for (size_t i = 0; i < COUNT(private_ranges); i++)
		if (prefix_has(&private_ranges[i], address))
			return true;
	return false;
}

bool site_inside_guessed(const struct site *site)
{
	return !site->inside.count;
}

void site_free(struct site *site)
{
	prefixes_free(&site->inside);
	prefixes_free(&site->mail_servers);
	prefixes_free(&site->smarthosts);
	prefixes_free(&site->allowed_servers);
	prefixes_free(&site->allow);
}
