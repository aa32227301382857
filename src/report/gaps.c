/* Sixty counters are of use to who debugs a recording, not to who wants to know whether to trust
 * the verdict. For the latter they are grouped by what he can do about them; what falls in no group
 * is one line that says how to see it. */
#include "report/gaps.h"

#include <stdio.h>

#include "report/number.h"

#define INDENT 2
#define GAP_KINDS 6

static const struct gap {
	unsigned kinds;
	enum anomaly kind[GAP_KINDS];
	const char *words;
	const char *advice; /* NULL: nothing to be done */
} gaps[] = {
	{ 3, { FILE_CUT, PACKET_CUT, FILE_PACKET_LONG }, "packets or files were cut short",
		"record with -s 0 and let the recorder end by itself" },
	{ 4, { TCP_GAP, TCP_HOLE_GIVEN_UP, SMTP_REPLY_LOST, SMTP_COMMAND_LOST },
		"pieces of connections are missing from the recording",
		"look whether the recorder reports drops, and whether it sees both directions" },
	{ 1, { TCP_MIDSTREAM }, "connections had begun before the recording", NULL },
	{ 2, { IP_CHECKSUM, TCP_CHECKSUM }, "packets had a bad checksum and were not believed",
		"if they were recorded on the sending machine itself, try --no-checksums" },
	{ 1, { TCP_CHECKSUM_OFFLOAD },
		"packets had checksums that a network card fills in after the recording; they were "
		"believed",
		NULL },
	{ 2, { LINK_OTHER, IP_OTHER }, "packets carry something other than TCP, so no mail", NULL },
	{ 2, { IP_FRAGMENT, IP_EXTENSIONS_MANY }, "IP fragments or chains of headers were not read",
		NULL },
	{ 3, { FILE_LINK_UNKNOWN, FILE_INTERFACE_UNKNOWN, LINK_SHORT },
		"packets were of a kind of network that is not known", NULL },
	{ 1, { FILE_TIME_BACK }, "time went backwards in a file", NULL },
	{ 1, { TIME_OUTLIER }, "things were seen at a time that cannot be, and were set aside",
		NULL },
	{ 1, { TCP_OVERLAP_CONFLICT },
		"pieces came twice with different content, as if to deceive; they prove nothing",
		NULL },
	{ 3, { SMTP_SMUGGLING, SMTP_STARTTLS_INJECTION, SMTP_TLS_TO_CLEAR },
		"dialogues held what attackers use to slip something past a server", NULL },
};

static bool is_grouped(enum anomaly kind)
{
	for (size_t i = 0; i < COUNT(gaps); i++)
		for (unsigned k = 0; k < gaps[i].kinds; k++)
			if (gaps[i].kind[k] == kind)
				return true;
	return false;
}

static void count_write(uint64_t count, const char *words, const char *advice, struct wrap *wrap)
{
	char number[NUMBER_TEXT], label[NUMBER_TEXT + 8];
	if (!count)
		return;
	snprintf(label, sizeof label, "%9s", number_text(count, number));
	wrap_open(wrap, INDENT, label, INDENT + 11);
	wrap_string(wrap, words);
	if (advice) {
		wrap_print(wrap, ": ");
		wrap_string(wrap, advice);
	}
	wrap_close(wrap);
}

static void groups_write(const struct anomaly_totals *totals, struct wrap *wrap)
{
	uint64_t other = 0, limits = 0;
	for (size_t i = 0; i < COUNT(gaps); i++) {
		uint64_t count = 0;
		for (unsigned k = 0; k < gaps[i].kinds; k++)
			count += totals->count[gaps[i].kind[k]];
		count_write(count, gaps[i].words, gaps[i].advice, wrap);
	}
	for (enum anomaly kind = 0; kind < ANOMALY_COUNT; kind++) {
		if (is_grouped(kind))
			continue;
		*(anomaly_is_limit(kind) ? &limits : &other) += totals->count[kind];
	}
	count_write(limits, "times a limit of ours was reached and something was given up",
		"-v names the limits", wrap);
	count_write(other, "smaller oddities, none of which changes the verdict", "-v names them",
		wrap);
}

static void names_write(const struct anomaly_totals *totals, struct wrap *wrap)
{
	char number[NUMBER_TEXT], label[NUMBER_TEXT + 8];
	for (enum anomaly kind = 0; kind < ANOMALY_COUNT; kind++) {
		if (!totals->count[kind])
			continue;
		snprintf(label, sizeof label, "%9s", number_text(totals->count[kind], number));
		wrap_open(wrap, INDENT, label, INDENT + 11);
		wrap_print(wrap, "%s: %s%s", anomaly_name(kind), anomaly_meaning(kind),
			anomaly_is_limit(kind) ? " (a limit of ours)" : "");
		wrap_close(wrap);
	}
}

void gaps_write(const struct anomaly_totals *totals, bool verbose, struct wrap *wrap)
{
	bool any = false;
	for (enum anomaly kind = 0; kind < ANOMALY_COUNT; kind++)
		any |= totals->count[kind] > 0;
	wrap_heading(wrap, "What was not understood");
	if (!any)
		wrap_item(wrap, 0, NULL, INDENT, "Nothing: every packet could be read.");
	else if (verbose)
		names_write(totals, wrap);
	else
		groups_write(totals, wrap);
}
