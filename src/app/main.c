/* The command line: which command, and what libraries need before any other call. */
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "app/output.h"
#include "app/read.h"
#include "base/nearest.h"
#include "report/wrap.h"

static const struct command {
	const char *name;
	enum status (*run)(int argc, char **argv); /* argv[0] is its name */
	enum status (*help)(void);
	const char *words;
} commands[] = {
	{ "read", read_command, read_help,
		"report who sends mail that should not, from packet captures" },
};

static void commands_write(struct wrap *wrap)
{
	wrap_item(wrap, 0, NULL, 0, "Usage: mailwarden COMMAND [OPTION]... [FILE]...");
	wrap_blank(wrap);
	wrap_item(wrap, 0, NULL, 0, "%s",
		"Finds the machines on your network that send mail they should not.");
	wrap_heading(wrap, "Commands");
	for (size_t i = 0; i < COUNT(commands); i++)
		wrap_item(wrap, 2, commands[i].name, 14, "%s", commands[i].words);
	wrap_item(wrap, 2, "help", 14, "show this, or with a command: how it is used");
	wrap_heading(wrap, "To begin with");
	wrap_line(wrap, 2, "tcpdump -i eth0 -s 0 -w office.pcap '%s'", "tcp port 25 or 465 or 587");
	wrap_line(wrap, 2, "mailwarden read office.pcap");
}

static enum status no_command(void)
{
	struct wrap wrap;
	wrap_init(&wrap, stderr, 80, false, false);
	commands_write(&wrap);
	return STATUS_USAGE;
}

static enum status help(void)
{
	struct output output;
	struct wrap wrap;
	if (!output_open(&output, COLOUR_AUTO))
		return output_no_memory();
	wrap_init(&wrap, output.file, output.width, output.colour, output.utf8);
	commands_write(&wrap);
	return output_close(&output);
}

static enum status version(void)
{
	struct output output;
	if (!output_open(&output, COLOUR_NEVER))
		return output_no_memory();
	output_line(&output, bytes_of("mailwarden " MAILWARDEN_VERSION));
	return output_close(&output);
}

static enum status unknown(const char *word)
{
	struct error error;
	struct nearest nearest;
	nearest_init(&nearest, word);
	for (size_t i = 0; i < COUNT(commands); i++)
		nearest_offer(&nearest, commands[i].name);
	if (!access(word, F_OK))
		error_set(&error,
			"%.200s: a file, no command; did you mean mailwarden read %.200s?", word,
			word);
	else if (nearest.name)
		error_set(&error, "%.200s: no such command; did you mean %s?", word, nearest.name);
	else
		error_set(&error, "%.200s: no such command; see mailwarden --help", word);
	output_error(&error);
	return STATUS_USAGE;
}

static const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < COUNT(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static enum status help_command(const char *name)
{
	const struct command *command = command_find(name);
	return command ? command->help() : unknown(name);
}

static bool is_one(const char *word, const char *a, const char *b)
{
	return !strcmp(word, a) || !strcmp(word, b);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, ""); /* only to know whether the terminal takes UTF-8 */
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2)
		return no_command();
	if (is_one(argv[1], "--help", "-h") || !strcmp(argv[1], "help"))
		return argc > 2 ? help_command(argv[2]) : help();
	if (is_one(argv[1], "--version", "version"))
		return version();
	const struct command *command = command_find(argv[1]);
	return command ? command->run(argc - 1, argv + 1) : unknown(argv[1]);
}
