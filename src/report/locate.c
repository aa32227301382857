/* A mailing program connects for seconds and is then gone from every list of connections, so each
 * line here looks again every second until it is stopped. Only port numbers are put into them: what
 * a person pastes into a root shell must not hold a stranger's text. */
#include "report/locate.h"

#include <stdio.h>

#define LOCATE_TEXT 256 /* for ALERT_SAMPLES ports in the longest form */

static void port_add(struct locate *locate, uint16_t port)
{
	unsigned at = locate->count;
	for (unsigned i = 0; i < locate->count; i++)
		if (locate->port[i] == port)
			return;
	for (; at && locate->port[at - 1] > port; at--)
		locate->port[at] = locate->port[at - 1];
	locate->port[at] = port;
	locate->count++;
}

void locate_init(struct locate *locate, const struct alert *alert)
{
	*locate = (struct locate){ .count = 0 };
	for (unsigned i = 0; i < alert->samples; i++)
		if (alert->sample[i].peer.port)
			port_add(locate, alert->sample[i].peer.port);
	if (!locate->count)
		port_add(locate, 25);
}

bool locate_equal(const struct locate *a, const struct locate *b)
{
	return a->count == b->count && !memcmp(a->port, b->port, a->count * sizeof a->port[0]);
}

/* Each port between `before` and `after`, joined by `between`. */
static const char *ports_text(const struct locate *locate, const char *before, const char *after,
	const char *between, char text[LOCATE_TEXT])
{
	size_t used = 0;
	for (unsigned i = 0; i < locate->count; i++)
		used += (size_t)snprintf(text + used, LOCATE_TEXT - used, "%s%s%u%s",
			i ? between : "", before, locate->port[i], after);
	return text;
}

void locate_write(const struct locate *locate, struct wrap *wrap, unsigned indent)
{
	char text[LOCATE_TEXT];
	unsigned deep = indent + 4;
	wrap_item(wrap, 0, NULL, indent, "%s",
		"To find the program, run one of these on that machine and leave it running until "
		"it happens again:");
	wrap_item(wrap, 0, NULL, indent + 2, "Linux, as root:");
	wrap_line(wrap, deep,
		"while sleep 1; do ss -Htnp '%s' | sed \"s/^/$(date '+%%F %%T') /\"; done | tee -a "
		"found.log",
		ports_text(locate, "dport = :", "", " or ", text));
	wrap_item(wrap, 0, NULL, indent + 2, "Windows, PowerShell as administrator:");
	wrap_line(wrap, deep,
		"while (1) { Get-NetTCPConnection -RemotePort %s -EA 0 | Select-Object "
		"CreationTime, "
		"RemoteAddress, OwningProcess, @{n='Program';e={(Get-Process -Id "
		"$_.OwningProcess).Path}}; Start-Sleep 1 }",
		ports_text(locate, "", "", ",", text));
	wrap_item(wrap, 0, NULL, indent + 2, "%s",
		"Windows, command prompt as administrator (the last column is the number of the "
		"process; \"netstat -abno\" names the program too, but on the line below the "
		"connection, which findstr does not let through):");
	wrap_line(wrap, deep, "netstat -ano 1 | findstr %s",
		ports_text(locate, "/c:\":", " \"", " ", text));
	wrap_line(wrap, deep, "tasklist /svc /fi \"PID eq NUMBER\"");
	wrap_item(wrap, 0, NULL, indent + 2, "macOS:");
	wrap_line(wrap, deep, "sudo lsof -nP -r 1 -iTCP:%s", ports_text(locate, "", "", ",", text));
}
