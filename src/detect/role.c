/* Learned roles err on the side of innocence for what receives mail, and are hard to get for what
 * is sent to: else the first servers that two bots meet would become their smarthosts. */
#include "detect/role.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/fault.h"
#include "detect/network.h"

#define SERVER_MESSAGES 10     /* accepted from outside, */
#define SERVER_NETS 3          /* from so many networks, */
#define SERVER_SPAN (2 * HOUR) /* over so long: a server */
#define PRESUMED_MESSAGES 3    /* presumed also in longer data: so many */
#define PRESUMED_NETS 2        /* from so many networks */
#define SMARTHOST_CLIENTS 2    /* machines inside that hand mail over to it */
#define CLIENTS_KEPT 4
#define SENDER_SESSIONS 3 /* before a sender's ways say anything */

enum server_list { SERVERS_OUTSIDE, SERVERS_INSIDE, SERVERS_LISTS };

struct server {
	struct roster_entry entry;
	uint32_t
		accepted; /* messages from outside; an encrypted session that is long enough: one */
	uint32_t nets, clients;
	uint32_t smarthost; /* bucket since when; 0: it is none */
	int64_t accept_first, accept_last;
	uint64_t net[SERVER_NETS];           /* of who brought them */
	struct address client[CLIENTS_KEPT]; /* inside, that handed mail over */
};

struct roles {
	struct roster *roster;
	const struct site *site;
	const struct hosts *hosts;
	struct anomalies *seen;
};

struct roles *roles_new(
	uint32_t max, const struct site *site, const struct hosts *hosts, struct anomalies *seen)
{
	struct roles *roles = fault_call() ? NULL : calloc(1, sizeof(*roles));
	if (!roles)
		return NULL;
	*roles = (struct roles){ .site = site, .hosts = hosts, .seen = seen };
	roles->roster = roster_new(sizeof(struct server), max);
	if (roles->roster)
		return roles;
	free(roles);
	return NULL;
}

void roles_free(struct roles *roles)
{
	if (!roles)
		return;
	roster_free(roles->roster);
	free(roles);
}

static struct server *see(struct roles *roles, const struct encounter *encounter, bool *fresh)
{
	const struct address *address = &encounter->session->server.ip;
	unsigned list = encounter->server_inside ? SERVERS_INSIDE : SERVERS_OUTSIDE;
	struct server *server = roster_find(roles->roster, address);
	*fresh = !server;
	if (server) {
		roster_touch(roles->roster, server, list);
		return server;
	}
	server = roster_add(roles->roster, address, list);
	for (unsigned i = 0; !server && i < SERVERS_LISTS; i++) {
		struct server *oldest = roster_oldest(roles->roster, i);
		if (!oldest)
			continue;
		anomaly(roles->seen, SERVERS_FULL);
		roster_remove(roles->roster, oldest);
		server = roster_add(roles->roster, address, list);
	}
	return server;
}

/* Mail from outside was taken in. What is encrypted cannot be seen to be accepted; to take it for
 * accepted can only excuse. */
static void learn_delivery(struct server *server, const struct encounter *encounter)
{
	uint64_t net = network_of_address(&encounter->session->client.ip);
	uint32_t messages = encounter->accepted ? encounter->accepted : encounter->tls_mail;
	bool known = false;
	if (!messages)
		return;
	if (!server->accepted || encounter->time < server->accept_first)
		server->accept_first = encounter->time;
	if (encounter->time > server->accept_last)
		server->accept_last = encounter->time;
	server->accepted += messages;
	for (uint32_t i = 0; i < server->nets; i++)
		known = known || server->net[i] == net;
	if (!known && server->nets < SERVER_NETS)
		server->net[server->nets++] = net;
}

/* A machine that gives its mail to hardly anybody else. One that was forgotten counts as such. */
static bool is_faithful(const struct roles *roles, const struct address *client)
{
	const struct host *host = hosts_find(roles->hosts, client);
	return !host || hosts_networks(roles->hosts, host) <= HOST_FEW;
}

static bool is_known(const struct roles *roles, const struct server *server, uint32_t count,
	const struct address *client)
{
	for (uint32_t i = 0; i < count; i++)
		if (hosts_are_one(roles->hosts, &server->client[i], client))
			return true;
	return false;
}

/* Where the list is full, the first that is no longer faithful gives way. */
static void note_client(
	const struct roles *roles, struct server *server, const struct address *client)
{
	uint32_t place = 0;
	if (is_known(roles, server, server->clients, client))
		return;
	while (place < server->clients && is_faithful(roles, &server->client[place]))
		place++;
	if (place == CLIENTS_KEPT)
		return;
	server->client[place] = *client;
	if (place == server->clients)
		server->clients++;
}

/* Machines, not addresses. */
static unsigned faithful_clients(const struct roles *roles, const struct server *server)
{
	unsigned count = 0;
	for (uint32_t i = 0; i < server->clients; i++)
		count += is_faithful(roles, &server->client[i]) &&
			 !is_known(roles, server, i, &server->client[i]);
	return count;
}

bool roles_learn(struct roles *roles, const struct encounter *encounter)
{
	bool fresh = false;
	struct server *server = see(roles, encounter, &fresh);
	if (!server || !encounter->proven || encounter->disputed)
		return fresh;
	if (encounter->server_inside && !encounter->client_inside)
		learn_delivery(server, encounter);
	if (!encounter->client_inside || !encounter_gave_mail(encounter))
		return fresh;
	note_client(roles, server, &encounter->session->client.ip);
	if (faithful_clients(roles, server) < SMARTHOST_CLIENTS)
		server->smarthost = 0;
	else if (!server->smarthost)
		server->smarthost = members_bucket(encounter->final);
	return fresh;
}

bool roles_is_smarthost(const struct roles *roles, const struct address *server, int64_t time)
{
	const struct server *known = roster_find(roles->roster, server);
	if (prefixes_has(&roles->site->smarthosts, server) ||
		prefixes_has(&roles->site->mail_servers, server))
		return true;
	return known && known->smarthost && known->smarthost < members_bucket(time);
}

static bool is_server(const struct server *server)
{
	return server->accepted >= SERVER_MESSAGES && server->nets >= SERVER_NETS &&
	       server->accept_last - server->accept_first >= SERVER_SPAN;
}

static bool is_presumed(const struct server *server, int64_t span)
{
	return span < SERVER_SPAN
		       ? server->accepted > 0
		       : server->accepted >= PRESUMED_MESSAGES && server->nets >= PRESUMED_NETS;
}

/* Sends as a server does: one full name, one sender domain, hardly a refusal. */
static bool sends_like_server(const struct host *host)
{
	return host->sessions >= SENDER_SESSIONS && host->helo_full && !host->helo_changed &&
	       host->sender_domain && !host->sender_changed && host->refused * 10 < host->messages;
}

static void say(struct role_view *out, enum role role, const char *reason)
{
	out->role = role;
	snprintf(out->reason, sizeof(out->reason), "%s", reason);
}

static bool view_configured(
	const struct roles *roles, const struct address *address, struct role_view *out)
{
	if (prefixes_has(&roles->site->mail_servers, address))
		say(out, ROLE_SERVER, "named in site.mail_servers");
	else if (prefixes_has(&roles->site->smarthosts, address))
		say(out, ROLE_SMARTHOST, "named in site.smarthosts");
	else
		return false;
	out->configured = out->innocent = true;
	return true;
}

static void say_accepted(const struct server *server, struct role_view *out)
{
	char lasted[DURATION_TEXT];
	if (server->accepted == 1)
		snprintf(out->reason, sizeof(out->reason), "it accepted a message from outside");
	else
		snprintf(out->reason, sizeof(out->reason),
			"it accepted %u messages from %u%s outside %s over %s", server->accepted,
			server->nets, server->nets == SERVER_NETS ? " or more" : "",
			server->nets == 1 ? "network" : "networks",
			duration_text(server->accept_last - server->accept_first, lasted));
}

static bool view_server(
	const struct roles *roles, const struct server *server, int64_t span, struct role_view *out)
{
	bool sure = is_server(server);
	if (sure || is_presumed(server, span)) {
		out->role = sure ? ROLE_SERVER : ROLE_SERVER_PRESUMED;
		out->innocent = sure;
		out->doubtful = !sure;
		say_accepted(server, out);
		return true;
	}
	if (!server->smarthost || faithful_clients(roles, server) < SMARTHOST_CLIENTS)
		return false;
	out->role = ROLE_SMARTHOST;
	out->doubtful = true;
	snprintf(out->reason, sizeof(out->reason),
		"%u%s machines inside hand their mail over to it and to hardly any other",
		faithful_clients(roles, server), server->clients == CLIENTS_KEPT ? " or more" : "");
	return true;
}

void roles_view(const struct roles *roles, const struct address *address, int64_t span,
	struct role_view *out)
{
	const struct server *server = roster_find(roles->roster, address);
	const struct host *host = hosts_find(roles->hosts, address);
	*out = (struct role_view){ 0 };
	if (view_configured(roles, address, out) ||
		(server && view_server(roles, server, span, out)))
		return;
	struct host total = { 0 };
	if (host)
		total = hosts_total(roles->hosts, host);
	if (sends_like_server(&total)) {
		say(out, ROLE_SERVER_PRESUMED,
			"it only sends, always with one full name, one sender domain and hardly a "
			"refusal");
		out->doubtful = true;
	} else if (total.sessions || total.attempts) {
		say(out, ROLE_CLIENT, "it starts mail connections and was not seen to accept mail");
	} else {
		say(out, ROLE_UNKNOWN, "it was not seen to send or to accept mail");
	}
}

void roles_view_machine(
	const struct roles *roles, const struct host *host, int64_t span, struct role_view *out)
{
	struct machine machine;
	struct role_view other;
	hosts_machine(roles->hosts, host, &machine);
	roles_view(roles, &host->entry.address, span, out);
	for (unsigned i = 1; i < machine.count && !out->innocent; i++) {
		roles_view(roles, &machine.host[i]->entry.address, span, &other);
		if (other.innocent || (other.doubtful && !out->doubtful))
			*out = other;
	}
}

const struct address *roles_next(const struct roles *roles, const struct address *after)
{
	const struct server *server = after ? roster_find(roles->roster, after) : NULL;
	unsigned list = server ? server->entry.list : 0;
	const struct server *next =
		server ? roster_newer(roles->roster, server) : roster_oldest(roles->roster, list);
	while (!next && ++list < SERVERS_LISTS)
		next = roster_oldest(roles->roster, list);
	return next ? &next->entry.address : NULL;
}
