/* The words for each finding. Who is told to walk to the switch must not walk in vain: what has an
 * innocent reading, too, is said with an "if". */
#include "report/tapcheck.h"

#include "base/moment.h"
#include "report/number.h"

#define INDENT 4
#define TEXT 13
#define FILTER "'tcp port 25 or 465 or 587 or 2525'"

/* Of several findings. */
#define CLOCK_MEANS                                                                                \
	"times are wrong, and what is held against a limit within an hour or a day may be too "    \
	"much or too little."
#define CLOCK_CHANGE "let the recorder keep its clock by NTP before it begins:"
#define CLOCK_COMMAND "timedatectl set-ntp true"
#define LOSS_MEANS                                                                                 \
	"commands and answers are missing, so less is found than there was; what was found stays."
#define LOSS_CHANGE                                                                                \
	"record mail only, with a larger buffer, to a fast disk; at the switch, mirror only the "  \
	"router's port, to one that is as fast. Look at what tcpdump says at its end (\"dropped "  \
	"by kernel\"):"
#define LOSS_COMMAND "tcpdump -i eth0 -s 0 -B 65536 -w office.pcap " FILTER

static void one_direction_seen(const struct tapcheck *check, struct wrap *wrap)
{
	const struct recording *recording = check->recording;
	char one[NUMBER_TEXT], all[NUMBER_TEXT];
	wrap_print(wrap, "of %s of %s TCP connections only what %s was recorded.",
		number_text(recording->client_only + recording->server_only, one),
		number_text(recording_connections(recording), all),
		!recording->server_only   ? "the client sent"
		: !recording->client_only ? "the server sent"
					  : "one of both sides sent");
}

static void cut_seen(const struct tapcheck *check, struct wrap *wrap)
{
	const struct recording *recording = check->recording;
	char cut[NUMBER_TEXT], all[NUMBER_TEXT];
	wrap_print(wrap, "of %s of %s packets only the beginning was recorded, ",
		number_text(recording->cut, cut), number_text(check->seen->packets, all));
	if (recording->cut_alike * 2 > recording->cut)
		wrap_print(wrap, "%u bytes of %s.", recording->cut_length,
			recording->cut_alike == recording->cut ? "each" : "most");
	else
		wrap_print(
			wrap, "of various lengths (most often %u bytes).", recording->cut_length);
}

/* Headers of Ethernet, IP and TCP take 54 bytes, often 66; a command or a line of a reply 20 to 80.
 */
static const struct left {
	uint32_t below; /* bytes that were recorded of a packet */
	const char *means;
} lefts[] = {
	{ 80, "who connected to whom can be told, but not what was said: a machine that sends mail "
	      "by itself is not found." },
	{ 128, "of what was said only short commands and answers are left: senders, recipients and "
	       "refusals are missing, and a machine that sends mail by itself is hardly found." },
	{ 600, "most of the dialogues can be told, but for long lines; little is known of the "
	       "messages." },
	{ UINT32_MAX, "the dialogues can be told; what is in the messages (subjects, attachments, "
		      "links) in part only." },
};

static const char *cut_means(const struct tapcheck *check)
{
	const struct left *left = lefts;
	while (check->recording->cut_length >= left->below)
		left++;
	return left->means;
}

static void broadcast_seen(const struct tapcheck *check, struct wrap *wrap)
{
	const struct recording *recording = check->recording;
	char group[NUMBER_TEXT], all[NUMBER_TEXT];
	wrap_print(wrap,
		"%s of %s frames were sent to everybody or to groups (broadcast, multicast), by "
		"%u%s network cards.",
		number_text(recording->group, group),
		number_text(recording->group + recording->unicast, all), recording->group_senders,
		recording->group_senders == RECORDING_FEW ? " or more" : "");
}

static void outside_nat_seen(const struct tapcheck *check, struct wrap *wrap)
{
	const struct recording_end *end = &check->recording->mail;
	char address[ADDRESS_TEXT], near[NUMBER_TEXT], sent[NUMBER_TEXT];
	wrap_print(wrap,
		"all mail has %s at one end, and %s of the %s packets that it sent had just been "
		"passed on by a router (by their TTL).",
		pseudonym_address_text(wrap->pseudonyms, &end->address, address),
		number_text(end->near, near), number_text(end->sent, sent));
	if (end->origins > 1)
		wrap_print(wrap, " Their TTLs show different kinds of machines behind it.");
}

static void one_host_seen(const struct tapcheck *check, struct wrap *wrap)
{
	const struct recording *recording = check->recording;
	char address[ADDRESS_TEXT], packets[NUMBER_TEXT];
	wrap_print(wrap, "all %s packets from one machine to another have %s",
		number_text(recording->v4.packets + recording->v6.packets, packets),
		pseudonym_address_text(wrap->pseudonyms, &recording->v4.address, address));
	if (!address_is_none(&recording->v6.address))
		wrap_print(wrap, " or %s",
			pseudonym_address_text(wrap->pseudonyms, &recording->v6.address, address));
	wrap_print(wrap, " at one end.");
	if (recording->group_senders > 2)
		wrap_print(wrap,
			" Others are there: frames to everybody came from %u network cards.",
			recording->group_senders);
}

static void no_mail_seen(const struct tapcheck *check, struct wrap *wrap)
{
	char all[NUMBER_TEXT], span[NUMBER_SPAN];
	wrap_print(wrap, "%s TCP connections on other ports, none on a mail port; %s.",
		number_text(recording_connections(check->recording), all),
		number_span(check->seen->first, check->seen->last, span));
}

static void clock_unset_seen(const struct tapcheck *check, struct wrap *wrap)
{
	wrap_print(wrap, "the earliest packets are stamped with 1970.");
}

static void jump_write(uint64_t count, int64_t most, const char *words, struct wrap *wrap)
{
	char number[NUMBER_TEXT], duration[DURATION_TEXT];
	wrap_print(wrap, "%s time%s %s, by %s%s.", number_text(count, number), number_s(count),
		words, count > 1 ? "at most " : "", duration_text(most, duration));
}

static void clock_back_seen(const struct tapcheck *check, struct wrap *wrap)
{
	const struct recording *recording = check->recording;
	jump_write(recording->back, recording->back_most, "a packet is earlier than the one before",
		wrap);
}

static void clock_ahead_seen(const struct tapcheck *check, struct wrap *wrap)
{
	const struct recording *recording = check->recording;
	jump_write(recording->ahead, recording->ahead_most,
		"connections went on at once after a leap of time", wrap);
}

static void dropped_seen(const struct tapcheck *check, struct wrap *wrap)
{
	char dropped[NUMBER_TEXT], packets[NUMBER_TEXT];
	wrap_print(wrap, "by its own count the recorder lost %s packets; %s were written.",
		number_text(check->recording->dropped, dropped),
		number_text(check->seen->packets, packets));
}

static void holes_seen(const struct tapcheck *check, struct wrap *wrap)
{
	char holes[NUMBER_TEXT], packets[NUMBER_TEXT];
	wrap_print(wrap,
		"%s pieces that were received are missing from mail connections, of which %s "
		"packets are there.",
		number_text(check->totals->count[TCP_GAP], holes),
		number_text(check->seen->mail, packets));
}

static void doubled_seen(const struct tapcheck *check, struct wrap *wrap)
{
	char again[NUMBER_TEXT], mail[NUMBER_TEXT];
	wrap_print(wrap, "%s packets of mail connections are copies of the other %s.",
		number_text(check->totals->count[PACKET_MIRRORED], again),
		number_text(check->seen->mail, mail));
}

static void checksums_seen(const struct tapcheck *check, struct wrap *wrap)
{
	const struct recording *recording = check->recording;
	char wrong[NUMBER_TEXT], all[NUMBER_TEXT], address[ADDRESS_TEXT];
	bool one = !address_is_none(&recording->sums_sender);
	wrap_print(wrap, "%s of %s TCP checksums are wrong%s%s.",
		number_text(recording->sums_wrong, wrong), number_text(recording->sums, all),
		one ? ", most of them sent by " : "",
		one ? pseudonym_address_text(wrap->pseudonyms, &recording->sums_sender, address)
		    : "");
}

static const char *checksums_mean(const struct tapcheck *check)
{
	if (address_is_none(&check->recording->sums_sender))
		return "packets were changed after they were recorded (made anonymous, perhaps). "
		       "Where a sender's are wrong from the beginning they are believed, else "
		       "not: \"What was not understood\" counts both.";
	return "they were recorded on that machine itself, before its network card filled in the "
	       "checksums. They are believed; but a recording made on one machine shows that "
	       "machine only.";
}

static const struct row {
	const char *title;
	bool matters; /* changes what the verdict is worth */
	void (*seen)(const struct tapcheck *check, struct wrap *wrap);
	const char *(*means_by)(const struct tapcheck *check); /* where it depends; or */
	const char *means;
	const char *change;
	const char *command; /* NULL: none */
} rows[] = {
	[TAPCHECK_ONE_DIRECTION] = { "Only one direction was recorded", true, one_direction_seen,
		NULL,
		"the other half of these dialogues is missing, and with it the proof of who spoke: "
		"nobody is accused by them, so that nobody was found says nothing.",
		"at the switch, mirror the port in both directions (\"both\", not \"rx\" or \"tx\" "
		"alone; Cisco: monitor session 1 source interface Gi1/0/1 both). Behind a network "
		"TAP, record both of its outputs. Where packets come and go by two routers, record "
		"at both, and read the files together:",
		"mailwarden read router-1.pcap router-2.pcap" },
	[TAPCHECK_CUT] = { "Packets were cut short", true, cut_seen, cut_means, NULL,
		"record whole packets: -s 0 with tcpdump and dumpcap; in Wireshark, do not \"limit "
		"each packet\":",
		"tcpdump -i eth0 -s 0 -w office.pcap " FILTER },
	[TAPCHECK_BROADCAST] = { "The switch shows only broadcasts", true, broadcast_seen, NULL,
		"what one machine says to another, mail included, does not reach this port: "
		"nothing can be said of anybody.",
		"at the switch, mirror the port that leads to the router to the recorder's port, "
		"in both directions (\"port mirroring\", \"SPAN\"); or record on the router "
		"itself. A switch without settings cannot do it.",
		NULL },
	[TAPCHECK_OUTSIDE_NAT] = { "Perhaps recorded outside of the NAT", true, outside_nat_seen,
		NULL,
		"if that is the address which your router gives to all your machines, they all "
		"look like this one: which of them sends mail cannot be told from this recording.",
		"record on the inside: mirror the switch port that leads to the router, or on the "
		"router itself take the inside interface. If it is a mail server of yours, say so "
		"with --mail-server.",
		"tcpdump -i lan0 -s 0 -w office.pcap " FILTER },
	[TAPCHECK_ONE_HOST] = { "Only one machine is in the recording", true, one_host_seen, NULL,
		"unless there are no others, it was recorded on that machine, at a switch port "
		"that shows no others, or with a filter for it: nothing can be said of any other "
		"machine.",
		"record where the mail of all machines passes: on the router, or at a switch port "
		"to which the router's port is mirrored; without \"host\" in the filter:",
		"tcpdump -i eth0 -s 0 -w office.pcap " FILTER },
	[TAPCHECK_NO_MAIL] = { "There is traffic, but no mail", true, no_mail_seen, NULL,
		"nobody sent mail in that time, or mail goes another way, or the filter left it "
		"out, or something before this place blocks it.",
		"let somebody send a mail while this runs at the same place; it has to print "
		"packets. If it does, record for a working day; mail on other ports is read with "
		"--port N.",
		"tcpdump -i eth0 -n " FILTER },
	[TAPCHECK_CLOCK_UNSET] = { "The clock was not set", true, clock_unset_seen, NULL,
		CLOCK_MEANS, CLOCK_CHANGE, CLOCK_COMMAND },
	[TAPCHECK_CLOCK_BACK] = { "The clock went back", true, clock_back_seen, NULL, CLOCK_MEANS,
		"join parts of a recording with mergecap, which sorts them by time, not one behind "
		"the other; and let the recorder keep its clock by NTP before it begins:",
		CLOCK_COMMAND },
	[TAPCHECK_CLOCK_AHEAD] = { "The clock leapt ahead", true, clock_ahead_seen, NULL,
		CLOCK_MEANS, CLOCK_CHANGE, CLOCK_COMMAND },
	[TAPCHECK_DROPPED] = { "The recorder lost packets", true, dropped_seen, NULL, LOSS_MEANS,
		LOSS_CHANGE, LOSS_COMMAND },
	[TAPCHECK_HOLES] = { "Packets are missing", true, holes_seen, NULL, LOSS_MEANS, LOSS_CHANGE,
		LOSS_COMMAND },
	[TAPCHECK_DOUBLED] = { "Packets were recorded twice", false, doubled_seen, NULL,
		"nothing for the verdict, as copies are left out; but the recorder has twice the "
		"work, and may lose packets.",
		"at the switch, mirror one port in both directions, or several in one (\"rx\"), "
		"not several in both; of a router, one side.",
		NULL },
	[TAPCHECK_CHECKSUMS] = { "Checksums are wrong", false, checksums_seen, checksums_mean, NULL,
		"nothing, if it is to be believed as it is (--no-checksums believes all of it); "
		"else record at a mirror port or on the router.",
		NULL },
};

bool tapcheck_matters(const struct tapcheck *check)
{
	for (enum tapcheck_finding i = 0; i < COUNT(rows); i++)
		if (rows[i].matters && tapcheck_holds(check, i))
			return true;
	return false;
}

static void row_write(const struct tapcheck *check, const struct row *row, struct wrap *wrap)
{
	wrap_item(wrap, 0, NULL, 2, "%s:", row->title);
	wrap_open(wrap, INDENT, "Seen", TEXT);
	row->seen(check, wrap);
	wrap_close(wrap);
	wrap_open(wrap, INDENT, "Means", TEXT);
	wrap_string(wrap, row->means_by ? row->means_by(check) : row->means);
	wrap_close(wrap);
	wrap_open(wrap, INDENT, "Change", TEXT);
	wrap_string(wrap, row->change);
	wrap_close(wrap);
	if (row->command)
		wrap_line(wrap, TEXT, "%s", row->command);
}

void tapcheck_write(const struct tapcheck *check, bool matters, struct wrap *wrap)
{
	bool told = false;
	for (enum tapcheck_finding i = 0; i < COUNT(rows); i++) {
		if (rows[i].matters != matters || !tapcheck_holds(check, i))
			continue;
		if (!told)
			wrap_heading(wrap,
				matters ? "Look at the recording first" : "About the recording");
		told = true;
		row_write(check, &rows[i], wrap);
	}
}
