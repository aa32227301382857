/* Written for somebody who has never heard of us and may have to act on it: no colour, no terminal,
 * nothing that needs our program to be understood. */
#include "report/letter.h"

#include "base/moment.h"
#include "report/locate.h"
#include "report/number.h"
#include "report/suspect.h"

#define WIDTH 78
#define INDENT 2
#define DEEP (INDENT + 2)

static void begin_write(const struct alert *alert, const struct letter *letter, struct wrap *wrap)
{
	char address[ADDRESS_TEXT];
	wrap_item(wrap, 0, NULL, 0, "Evidence about %s, written by %s.",
		pseudonym_address_text(wrap->pseudonyms, &alert->address[0], address),
		letter->program);
	wrap_item(wrap, 0, NULL, 0, "%s",
		"It is about a machine that is yours, or that you answer for: what was seen of it "
		"on the network, and why that looks wrong. All times are UTC.");
}

static void connections_write(const struct letter *letter, struct wrap *wrap)
{
	char time[MOMENT_TEXT], text[EXHIBIT_TEXT], number[NUMBER_TEXT];
	unsigned listed = letter->exhibits;
	if (listed > LETTER_CONNECTIONS_MAX)
		listed = LETTER_CONNECTIONS_MAX;
	wrap_heading(wrap, "Its mail connections (UTC), and the answer to each that tells most");
	for (unsigned i = 0; i < listed; i++) {
		const struct exhibit *exhibit = &letter->exhibit[i];
		wrap_open(wrap, INDENT, moment_short(exhibit->start, time), DEEP + 19);
		wrap_string(wrap, exhibit_text(exhibit, text));
		wrap_close(wrap);
	}
	if (letter->connections > listed)
		wrap_item(wrap, INDENT, NULL, INDENT, "and %s more",
			number_text(letter->connections - listed, number));
}

static void packets_write(const struct letter *letter, struct wrap *wrap)
{
	char number[3][NUMBER_TEXT];
	wrap_heading(wrap, "The packets");
	wrap_item(wrap, 0, NULL, INDENT,
		"The file %s beside this one holds %s packet%s of %s of these connections, as they "
		"passed.",
		letter->packets, number_text(letter->kept, number[0]), number_s(letter->kept),
		number_text(letter->exhibits, number[1]));
	wrap_item(wrap, 0, NULL, INDENT, "%s",
		"Messages, logins, TLS and what was not understood are cut out of them: what is "
		"left is headers, SMTP commands, and what servers answered.");
	if (letter->left_out)
		wrap_item(wrap, 0, NULL, INDENT,
			"For want of room %s further packet%s of the same kind %s left out.",
			number_text(letter->left_out, number[2]), number_s(letter->left_out),
			letter->left_out == 1 ? "was" : "were");
	wrap_item(wrap, 0, NULL, INDENT, "%s",
		"Wireshark opens it; the first packet of each connection has a comment that says "
		"what it shows. All comments, with tshark:");
	wrap_line(wrap, DEEP,
		"tshark -r %s -Y frame.comment -T fields -e frame.number -e frame.comment",
		letter->packets);
	wrap_item(wrap, 0, NULL, INDENT, "The dialogues in it, with mailwarden:");
	wrap_line(wrap, DEEP, "mailwarden read --emit activities %s", letter->packets);
}

static void search_write(const struct alert *alert, struct wrap *wrap)
{
	struct locate locate;
	locate_init(&locate, alert);
	wrap_heading(wrap, "On the machine");
	locate_write(&locate, wrap, INDENT);
}

void letter_write(FILE *out, const struct alert *alert, const struct letter *letter)
{
	struct wrap wrap;
	wrap_init(&wrap, out, WIDTH, false, true);
	begin_write(alert, letter, &wrap);
	suspect_facts(alert, 0, true, &wrap);
	wrap_blank(&wrap);
	suspect_remarks(alert, &wrap);
	connections_write(letter, &wrap);
	packets_write(letter, &wrap);
	search_write(alert, &wrap);
}
