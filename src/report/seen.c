/* The section that lets a reader judge the verdict: a clean verdict over ten minutes of half a wire
 * is worth little, and this is where it shows. Guesses (inside, roles) come with their reason and
 * with the option that replaces them. */
#include "report/seen.h"

#include <stdio.h>

#include "report/number.h"

#define INDENT 2
#define TEXT 15
#define FILES_SHOWN 8
#define ROLES_SHOWN 12

static void files_write(const struct report_seen *seen, bool verbose, struct wrap *wrap)
{
	unsigned shown = seen->name_count;
	if (!verbose && shown > FILES_SHOWN)
		shown = FILES_SHOWN;
	wrap_open(wrap, INDENT, seen->name_count == 1 ? "File" : "Files", TEXT);
	for (unsigned i = 0; i < shown; i++) {
		bool input = !strcmp(seen->names[i], "-");
		wrap_print(wrap, "%s", i ? ", " : "");
		wrap_string(wrap, input ? "standard input" : seen->names[i]);
	}
	if (shown < seen->name_count)
		wrap_print(wrap, " and %u more", seen->name_count - shown);
	if (seen->troubles && seen->name_count == 1)
		wrap_print(wrap, "; it could not be read to its end");
	else if (seen->troubles)
		wrap_print(wrap, "; %u of them could not be read to its end", seen->troubles);
	wrap_close(wrap);
}

static void span_write(const struct report_seen *seen, struct wrap *wrap)
{
	char span[NUMBER_SPAN];
	if (!seen->packets)
		return;
	wrap_item(wrap, INDENT, "Time", TEXT, "%s", number_span(seen->first, seen->last, span));
}

static void traffic_write(
	const struct engine_summary *sum, const struct report_seen *seen, struct wrap *wrap)
{
	char number[4][NUMBER_TEXT];
	wrap_item(wrap, INDENT, "Packets", TEXT, "%s (%s); %s TCP, %s of mail connections",
		number_text(seen->packets, number[0]), number_bytes(seen->bytes, number[1]),
		number_text(seen->tcp, number[2]), number_text(seen->mail, number[3]));
	wrap_item(wrap, INDENT, "Mail", TEXT, "%s session%s, %s attempt%s that nobody answered",
		number_text(sum->sessions, number[0]), number_s(sum->sessions),
		number_text(sum->attempts, number[1]), number_s(sum->attempts));
	wrap_item(wrap, INDENT, "Messages", TEXT, "%s, %s of them accepted",
		number_text(sum->messages, number[0]),
		number_text(sum->messages_accepted, number[1]));
	wrap_item(wrap, INDENT, "Recipients", TEXT, "%s, %s of them refused",
		number_text(sum->recipients, number[0]),
		number_text(sum->recipients_rejected, number[1]));
	wrap_item(wrap, INDENT, "Machines", TEXT,
		"%s inside sent mail, %s outside took or refused it",
		number_text(sum->inside_clients, number[0]),
		number_text(sum->outside_servers, number[1]));
	if (sum->allowed)
		wrap_item(wrap, INDENT, "Allow list", TEXT,
			"%s time%s one of them was seen; they are never accused",
			number_text(sum->allowed, number[0]), number_s(sum->allowed));
}

/* The list behind what it means, or what holds without one. */
static void prefixes_write(const char *label, const struct prefixes *list, const char *meaning,
	const char *none, struct wrap *wrap)
{
	char text[PREFIX_TEXT];
	wrap_open(wrap, INDENT, label, TEXT);
	wrap_string(wrap, list->count ? meaning : none);
	for (size_t i = 0; i < list->count; i++)
		wrap_print(wrap, "%s %s", i ? "," : "",
			pseudonym_prefix_text(wrap->pseudonyms, &list->at[i], text));
	wrap_close(wrap);
}

static void role_write(const struct engine_role *role, struct wrap *wrap)
{
	char address[ADDRESS_TEXT];
	wrap_open(wrap, INDENT + 2,
		pseudonym_address_text(wrap->pseudonyms, &role->address, address), INDENT + 2 + 17);
	wrap_print(wrap, "%s%s, %s", role_name(role->role), role->inside ? "" : " outside",
		role->configured ? "as you said" : "learned");
	if (role->reason && !role->configured) {
		wrap_print(wrap, ": ");
		wrap_value(wrap, PSEUDONYM_SENTENCE, bytes_of(role->reason));
	}
	wrap_close(wrap);
}

static void roles_write(const struct engine *engine, bool verbose, struct wrap *wrap)
{
	const struct engine_role *role;
	size_t hidden = 0;
	for (size_t i = 0; (role = engine_role(engine, i)); i++) {
		if (!i)
			wrap_item(wrap, INDENT, "Roles", TEXT, "%s",
				"machines that are no simple clients:");
		if (verbose || i < ROLES_SHOWN)
			role_write(role, wrap);
		else
			hidden++;
	}
	if (hidden)
		wrap_item(wrap, 0, NULL, INDENT + 2, "and %zu more; -v shows all", hidden);
}

void seen_write(const struct engine *engine, const struct site *site,
	const struct report_seen *seen, bool verbose, struct wrap *wrap)
{
	struct engine_summary sum;
	engine_summary(engine, &sum);
	wrap_heading(wrap, "What was seen");
	files_write(seen, verbose, wrap);
	if (wrap->pseudonyms)
		wrap_item(wrap, INDENT, "Names", TEXT, "%s",
			"and addresses are pseudonyms (--pseudonyms): no such machine or mailbox "
			"exists");
	span_write(seen, wrap);
	traffic_write(&sum, seen, wrap);
	prefixes_write("Inside", &site->inside, "as you said:",
		"private addresses (guessed, because none were given: --inside PREFIX says which "
		"are yours)",
		wrap);
	prefixes_write("Policy", &site->allowed_servers, "port 25 only of",
		"policy-bypass did not run, because no --allowed-servers were given: any server "
		"may be used",
		wrap);
	roles_write(engine, verbose, wrap);
	if (verbose && seen->vendors_missing)
		wrap_item(wrap, INDENT, "Vendors", TEXT,
			"of network cards are not known: there is no list in %s (Debian: install "
			"ieee-data)",
			seen->vendors_missing);
}

/* One row for each thing that hides mail from us. */
struct blind {
	uint64_t count;
	const char *one, *many;
};

void seen_blind(const struct engine *engine, const struct anomaly_totals *totals,
	const struct report_seen *seen, struct wrap *wrap)
{
	struct engine_summary sum;
	char number[NUMBER_TEXT];
	unsigned told = 0;
	engine_summary(engine, &sum);
	const struct blind blinds[] = {
		{ sum.sessions_tls, "session was encrypted", "sessions were encrypted" },
		{ sum.sessions_one_sided, "session was recorded from one side only",
			"sessions were recorded from one side only" },
		{ totals->count[TCP_GAP], "hole in a connection", "holes in connections" },
		{ totals->count[PACKET_CUT], "packet was recorded cut short",
			"packets were recorded cut short" },
		{ seen->troubles, "file could not be read to its end",
			"files could not be read to their end" },
	};
	for (size_t i = 0; i < COUNT(blinds); i++) {
		if (!blinds[i].count)
			continue;
		if (!told++)
			wrap_open(wrap, 0, "Not visible:", 13);
		wrap_print(wrap, "%s%s %s", told > 1 ? "; " : "",
			number_text(blinds[i].count, number),
			blinds[i].count == 1 ? blinds[i].one : blinds[i].many);
	}
	if (!told)
		return;
	wrap_print(wrap, ".");
	wrap_close(wrap);
}
