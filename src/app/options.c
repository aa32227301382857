/* One table says what each option is called, takes, does and is good for; parsing and --help are
 * loops over it. The site's options are its settings (model/site.h) under the same names: what the
 * configuration file takes, the command line takes, and both add up. */
#include "app/options.h"

#include <getopt.h>
#include <stdio.h>

#include "app/nearest.h"

#define LETTER_FIRST 256 /* getopt's value of row 0; below are the short letters */
#define HELP_INDENT 2
#define HELP_TEXT 30

struct row;
typedef bool row_set(
	struct options *options, const struct row *row, const char *value, struct error *error);

static row_set set_flag, set_choice, set_width, set_ports, set_site, set_config;

struct row {
	const char *name;
	char letter;
	const char *argument; /* NULL: takes none */
	row_set *set;
	size_t offset;              /* in struct options: of a flag or a choice */
	const char *const *choices; /* ends with NULL */
	const char *setting;        /* of the site */
	const char *help;           /* NULL: another spelling of the row before it */
};

static const char *const formats[] = { "text", "jsonl", "csv", NULL };
static const char *const emits[] = { "alerts", "activities", NULL };
static const char *const keeps[] = { "envelope", "headers", "digests", NULL };
static const char *const colours[] = { "auto", "always", "never", NULL };

#define AT(field) offsetof(struct options, field)
static const struct row rows[] = {
	{ "config", 0, "FILE", set_config, 0, NULL, NULL,
		"read settings from FILE (YAML), see below; mailwarden.yaml(5)" },
	{ "inside", 0, "PREFIX", set_site, 0, NULL, "inside",
		"addresses that are yours, as 192.0.2.0/24; without any, private addresses are" },
	{ "mail-servers", 0, "ADDRESS", set_site, 0, NULL, "mail_servers",
		"your own mail servers: they may deliver to the world" },
	{ "mail-server", 0, "ADDRESS", set_site, 0, NULL, "mail_servers", NULL },
	{ "smarthosts", 0, "ADDRESS", set_site, 0, NULL, "smarthosts",
		"where your machines hand their mail to, inside or outside" },
	{ "smarthost", 0, "ADDRESS", set_site, 0, NULL, "smarthosts", NULL },
	{ "allowed-servers", 0, "ADDRESS", set_site, 0, NULL, "allowed_servers",
		"the only servers that your machines may reach on port 25; without any, that "
		"rule is not looked at" },
	{ "allowed-server", 0, "ADDRESS", set_site, 0, NULL, "allowed_servers", NULL },
	{ "allow", 0, "ADDRESS", set_site, 0, NULL, "allow",
		"never accuse these; they are only counted" },
	{ "port", 0, "N", set_ports, 0, NULL, NULL,
		"a further mail port, beside 25, 465, 587 and 2525" },
	{ "format", 0, "FORMAT", set_choice, AT(format), formats, NULL,
		"text (default), jsonl or csv" },
	{ "emit", 0, "WHAT", set_choice, AT(emit), emits, NULL,
		"alerts (default), or activities: one line for each SMTP session, as jsonl "
		"(default) or csv" },
	{ "keep", 0, "DEPTH", set_choice, AT(keep), keeps, NULL,
		"the most that may be written of a message: envelope (default), headers or "
		"digests. Only envelopes are read so far, so all three write the same" },
	{ "exit-code", 0, NULL, set_flag, AT(exit_code), NULL, NULL,
		"end with 1 when there are suspects" },
	{ "no-checksums", 0, NULL, set_flag, AT(believe_checksums), NULL, NULL,
		"believe packets with bad checksums, as recorded on the sending machine" },
	{ "colour", 0, "WHEN", set_choice, AT(colour), colours, NULL,
		"auto (default: on a terminal, unless NO_COLOR is set), always or never" },
	{ "color", 0, "WHEN", set_choice, AT(colour), colours, NULL, NULL },
	{ "width", 0, "N", set_width, 0, NULL, NULL,
		"columns of the report, 40 to 1000; default: the terminal's, at most 100" },
	{ "verbose", 'v', NULL, set_flag, AT(verbose), NULL, NULL,
		"show all: every counter by name, every role, the ids" },
	{ "quiet", 'q', NULL, set_flag, AT(quiet), NULL, NULL, "no progress line" },
	{ "help", 'h', NULL, set_flag, AT(help), NULL, NULL, "show this" },
};

static const struct setting config[] = {
	{ .name = "site", .kind = SETTING_MAP, .offset = AT(site), .keys = site_settings },
	{ .name = "detectors", .kind = SETTING_MAP, .offset = AT(detect), .keys = detect_settings },
	{ .name = NULL },
};
#undef AT

static bool set_flag(
	struct options *options, const struct row *row, const char *value, struct error *error)
{
	*(bool *)((char *)options + row->offset) = true;
	return true;
}

static bool set_choice(
	struct options *options, const struct row *row, const char *value, struct error *error)
{
	for (unsigned i = 0; row->choices[i]; i++) {
		if (strcmp(row->choices[i], value) != 0)
			continue;
		*(unsigned *)((char *)options + row->offset) = i + 1;
		return true;
	}
	return error_set(error, "--%s: %.60s is no %s; see mailwarden read --help", row->name,
		value, row->argument);
}

static bool number_read(struct bytes text, unsigned least, unsigned most, unsigned *out)
{
	unsigned number = 0;
	if (!bytes_size(text) || bytes_size(text) > 6)
		return false;
	for (const uint8_t *digit; (digit = bytes_take(&text, 1));) {
		if (*digit < '0' || *digit > '9')
			return false;
		number = number * 10 + (*digit - '0');
	}
	*out = number;
	return number >= least && number <= most;
}

static bool set_width(
	struct options *options, const struct row *row, const char *value, struct error *error)
{
	return number_read(bytes_of(value), WRAP_WIDTH_MIN, WRAP_WIDTH_MAX, &options->width) ||
	       error_set(error, "--width: %s is no number from %u to %u", value, WRAP_WIDTH_MIN,
		       WRAP_WIDTH_MAX);
}

/* The next of a comma list, stepped over; false behind the last. An empty list has one empty item,
 * which whoever reads it refuses. */
static bool list_next(struct bytes *list, struct bytes *item)
{
	if (!list->at)
		return false;
	const uint8_t *comma = bytes_find(*list, ',');
	*item = bytes_split(list, comma ? (size_t)(comma - list->at) : bytes_size(*list));
	if (!bytes_take(list, 1))
		*list = (struct bytes){ NULL, NULL };
	return true;
}

static bool set_ports(
	struct options *options, const struct row *row, const char *value, struct error *error)
{
	struct bytes list = bytes_of(value), item;
	unsigned port;
	while (list_next(&list, &item)) {
		if (!number_read(item, 1, 65535, &port))
			return error_set(error, "--port: %s is no port; use 1 to 65535", value);
		if (options->ports == OPTIONS_PORTS_MAX)
			return error_set(error, "--port: more than %u ports; leave some out",
				OPTIONS_PORTS_MAX);
		options->port[options->ports++] = (uint16_t)port;
	}
	return true;
}

static bool set_site(
	struct options *options, const struct row *row, const char *value, struct error *error)
{
	struct bytes list = bytes_of(value), item;
	const struct setting *setting = site_settings;
	char where[40];
	while (strcmp(setting->name, row->setting) != 0)
		setting++;
	snprintf(where, sizeof where, "--%s", row->name);
	while (list_next(&list, &item))
		if (!setting_set(setting, &options->site, item, where, error))
			return false;
	return true;
}

static bool set_config(
	struct options *options, const struct row *row, const char *value, struct error *error)
{
	return setting_read(value, config, options, error);
}

/* getopt's sign for "not understood": which of its three reasons was it? */
static bool refuse(char **argv, int at, struct error *error)
{
	const char *word = argv[at - 1];
	struct nearest nearest;
	if (optopt >= LETTER_FIRST || (optopt && !strncmp(word, "--", 2)))
		return error_set(error, "%.60s: takes no value", word);
	if (optopt)
		return error_set(error, "-%c: no such option; see mailwarden read --help", optopt);
	nearest_init(&nearest, word + 2);
	for (size_t i = 0; i < COUNT(rows); i++)
		nearest_offer(&nearest, rows[i].name);
	if (nearest.name)
		return error_set(
			error, "%.60s: no such option; did you mean --%s?", word, nearest.name);
	return error_set(error, "%.60s: no such option; see mailwarden read --help", word);
}

static const struct row *row_find(int letter)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].letter == letter)
			return &rows[i];
	return letter >= LETTER_FIRST ? &rows[letter - LETTER_FIRST] : NULL;
}

static bool arguments_read(struct options *options, int argc, char **argv, struct error *error)
{
	struct option known[COUNT(rows) + 1] = { { .name = NULL } };
	int letter;
	for (size_t i = 0; i < COUNT(rows); i++) {
		known[i].name = rows[i].name;
		known[i].has_arg = rows[i].argument ? required_argument : no_argument;
		known[i].val = rows[i].letter ? rows[i].letter : LETTER_FIRST + (int)i;
	}
	optind = 0; /* from the start, whoever parsed before */
	while ((letter = getopt_long(argc, argv, ":hvq", known, NULL)) != -1) {
		if (letter == '?')
			return refuse(argv, optind, error);
		if (letter == ':')
			return error_set(error, "%s: a value is missing", argv[optind - 1]);
		const struct row *row = row_find(letter);
		if (!row->set(options, row, optarg, error))
			return false;
	}
	options->files = (const char *const *)argv + optind;
	options->file_count = (unsigned)(argc - optind);
	return true;
}

static bool combination_check(struct options *options, struct error *error)
{
	bool activities = options->emit == EMIT_ACTIVITIES;
	if (!options->format)
		options->format = activities ? FORMAT_JSONL : FORMAT_TEXT;
	if (activities && options->format == FORMAT_TEXT)
		return error_set(error, "--emit activities: there is no text for them; use "
					"--format jsonl or csv");
	if (!options->file_count && !options->help)
		return error_set(error, "which file? Record one with: tcpdump -i eth0 -s 0 -w "
					"office.pcap 'tcp port "
					"25 or 465 or 587', then: mailwarden read office.pcap");
	return true;
}

bool options_read(struct options *options, int argc, char **argv, struct error *error)
{
	*options = (struct options){ .colour = COLOUR_AUTO, .emit = EMIT_ALERTS };
	detect_settings_init(&options->detect);
	return arguments_read(options, argc, argv, error) && combination_check(options, error);
}

void options_free(struct options *options)
{
	site_free(&options->site);
}

static void row_help(const struct row *row, struct wrap *wrap)
{
	char label[64], letter[5] = "";
	if (row->letter)
		snprintf(letter, sizeof letter, "-%c, ", row->letter);
	snprintf(label, sizeof label, "%4s--%s%s%s", letter, row->name, row->argument ? " " : "",
		row->argument ? row->argument : "");
	wrap_open(wrap, HELP_INDENT, label, HELP_TEXT);
	wrap_string(wrap, row->help);
	wrap_close(wrap);
}

static void key_help(const char *map, const struct setting *key, struct wrap *wrap)
{
	char label[80];
	snprintf(label, sizeof label, "    %s.%s", map, key->name);
	wrap_open(wrap, HELP_INDENT, label, HELP_TEXT);
	wrap_string(wrap, key->help);
	wrap_print(wrap, " (%s%sdefault: %s)", key->unit ? key->unit : "", key->unit ? "; " : "",
		key->normal ? key->normal : "none");
	wrap_close(wrap);
}

void options_help(struct wrap *wrap)
{
	wrap_heading(wrap, "Options");
	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].help)
			row_help(&rows[i], wrap);
	wrap_item(wrap, 0, NULL, HELP_INDENT, "%s",
		"Those that take addresses may be given several times, or with a list: a,b,c.");
	wrap_heading(wrap, "Keys of the configuration file");
	for (const struct setting *map = config; map->name; map++)
		for (const struct setting *key = map->keys; key->name; key++)
			key_help(map->name, key, wrap);
}
