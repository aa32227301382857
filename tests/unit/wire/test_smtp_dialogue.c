/* The SMTP parser against written dialogues: tests/golden/dialogues/NAME.dialogue holds what is
 * said, NAME.items what the parser must make of it. Each is fed whole, byte by byte, cut at every
 * place, and with what one side says in a row as one piece: always the same items. Every piece lies
 * in memory of its own that is gone afterwards.
 * MAILWARDEN_ACCEPT=1 in the environment writes the items anew: read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "dialogue.h"

#define FOLDER "tests/golden/dialogues/"
#define DIALOGUES_MAX 400
#define SHOWN_MAX 400 /* bytes of a text in the items; of more the size is shown */

struct run {
	struct smtp *smtp;
	struct anomalies seen;
	struct anomaly_totals totals;
	FILE *out;
	bool content; /* the last line written is content that may go on */
};

static void put_text(FILE *out, const char *name, struct bytes text)
{
	size_t size = bytes_size(text);
	if (!text.at)
		return;
	fprintf(out, " %s%s\"", name, *name ? " " : "");
	for (size_t i = 0; i < size && i < SHOWN_MAX; i++) {
		uint8_t byte = text.at[i];
		if (byte == '\n')
			fputs("\\n", out);
		else if (byte == '\r')
			fputs("\\r", out);
		else if (byte < ' ' || byte > '~' || byte == '"' || byte == '\\')
			fprintf(out, "\\x%02x", byte);
		else
			fputc(byte, out);
	}
	fputc('"', out);
	if (size > SHOWN_MAX)
		fprintf(out, "... %zu bytes", size);
}

static void put_reply(FILE *out, const struct smtp_item *item)
{
	bool bdat = item->verb == SMTP_VERB_BDAT;
	fprintf(out, "reply %s%s %d", smtp_verb_name(item->verb),
		item->phase == SMTP_PHASE_END && item->verb != SMTP_VERB_AUTH ? " end" : "",
		item->code);
	if (item->whole || bdat)
		fprintf(out, " size %llu", (unsigned long long)item->size);
	if (item->whole)
		fputs(" whole", out);
	put_text(out, "", item->argument);
	put_text(out, "parameters", item->parameters);
	put_text(out, "identity", item->identity);
	put_text(out, "enhanced", item->enhanced);
	put_text(out, "text", item->text);
}

static void put_item(FILE *out, const struct smtp_item *item)
{
	switch (item->kind) {
	case SMTP_GREETING:
		fprintf(out, "greeting %d", item->code);
		put_text(out, "text", item->text);
		break;
	case SMTP_COMMAND:
		fprintf(out, "command %s", smtp_verb_name(item->verb));
		if (item->verb == SMTP_VERB_BDAT)
			fprintf(out, " size %llu%s", (unsigned long long)item->size,
				item->last ? " last" : "");
		put_text(out, "", item->argument);
		put_text(out, "parameters", item->parameters);
		break;
	case SMTP_REPLY:
		put_reply(out, item);
		break;
	case SMTP_MESSAGE:
		fprintf(out, "message %s size %llu%s", smtp_verb_name(item->verb),
			(unsigned long long)item->size, item->late ? " late" : "");
		break;
	case SMTP_TLS:
		fputs(item->tls_implicit ? "tls implicit" : "tls", out);
		break;
	case SMTP_CONTENT:
		break;
	}
}

static void write_bytes(FILE *out, struct bytes text)
{
	for (size_t i = 0; i < bytes_size(text); i++)
		fprintf(out, text.at[i] > ' ' && text.at[i] <= '~' ? "%c" : "\\x%02x", text.at[i]);
}

static void take_items(struct run *run)
{
	struct smtp_item item;
	while (smtp_next(run->smtp, &item)) {
		if (item.kind == SMTP_CONTENT) { /* in as many pieces as the input */
			if (!run->content)
				fputs("content ", run->out);
			write_bytes(run->out, item.text);
			run->content = true;
			continue;
		}
		if (run->content)
			fputc('\n', run->out);
		run->content = false;
		put_item(run->out, &item);
		fputc('\n', run->out);
	}
}

static void feed(struct run *run, enum smtp_side side, const uint8_t *at, size_t size, int64_t time)
{
	uint8_t *copy = malloc(size);
	assert_non_null(copy);
	memcpy(copy, at, size);
	smtp_feed(run->smtp, side, bytes_make(copy, size), time);
	take_items(run);
	free(copy);
}

static void put_facts(FILE *out, const struct tls_facts *facts)
{
	const struct tls_client_hello *client = facts->client;
	const struct tls_server_hello *server = facts->server;
	if (client) {
		fprintf(out, "client hello %04x, %zu ciphers, %zu extensions, %zu signatures",
			client->version, client->ciphers.count, client->extensions.count,
			client->signatures.count);
		put_text(out, "sni", client->sni);
		put_text(out, "alpn", client->alpn.at[0]);
		fputc('\n', out);
	}
	if (server) {
		fprintf(out, "server hello %04x, cipher %04x, %zu extensions%s", server->version,
			server->cipher, server->extensions.count,
			facts->retry ? ", after a retry" : "");
		put_text(out, "alpn", server->alpn);
		fputc('\n', out);
	}
	if (facts->certificate) {
		fprintf(out, "certificate, %u names", facts->certificate->names.count);
		put_text(out, "subject", facts->certificate->subject);
		put_text(out, "issuer", facts->certificate->issuer);
		fputc('\n', out);
	}
	for (int side = TLS_CLIENT; side <= TLS_SERVER; side++)
		if (facts->alert[side].seen)
			fprintf(out, "%s alert %u %u\n", side == TLS_CLIENT ? "client" : "server",
				facts->alert[side].level, facts->alert[side].code);
}

static void put_end(struct run *run)
{
	uint64_t client = smtp_tls_bytes(run->smtp, SMTP_CLIENT),
		 server = smtp_tls_bytes(run->smtp, SMTP_SERVER);
	if (run->content)
		fputc('\n', run->out);
	if (smtp_is_tls(run->smtp))
		fprintf(run->out, "encrypted %llu %llu\n", (unsigned long long)client,
			(unsigned long long)server);
	if (smtp_tls_facts(run->smtp))
		put_facts(run->out, smtp_tls_facts(run->smtp));
	for (enum anomaly kind = 0; kind < ANOMALY_COUNT; kind++)
		if (run->totals.count[kind])
			fprintf(run->out, "anomaly %s %llu\n", anomaly_name(kind),
				(unsigned long long)run->totals.count[kind]);
}

static void do_step(struct run *run, const struct step *step, int64_t time)
{
	switch (step->kind) {
	case STEP_FEED:
		break;
	case STEP_GAP:
		smtp_gap(run->smtp, step->side, step->size, time);
		break;
	case STEP_MIDDLE:
		smtp_middle(run->smtp);
		break;
	case STEP_ONE_SIDED:
		smtp_one_sided(run->smtp);
		break;
	case STEP_CONTENT:
		smtp_want_content(run->smtp);
		break;
	}
	take_items(run);
}

/* `piece`: the most bytes fed at once; `cut`: a place in all that is said where a piece ends. */
static char *items_of(const struct dialogue *dialogue, size_t piece, size_t cut)
{
	struct run run = { 0 };
	struct arena *arena = arena_new(SMTP_ARENA_MAX);
	char *text = NULL;
	size_t length = 0, said = 0;
	assert_non_null(arena);
	run.seen.total = &run.totals;
	run.smtp = smtp_init(arena, &run.seen);
	run.out = open_memstream(&text, &length);
	assert_true(run.smtp && run.out);
	for (size_t i = 0; i < dialogue->steps; i++) {
		const struct step *step = &dialogue->step[i];
		if (step->kind != STEP_FEED) {
			do_step(&run, step, (int64_t)i);
			continue;
		}
		for (size_t at = 0; at < step->size;) {
			size_t size = step->size - at < piece ? step->size - at : piece;
			if (cut > said && cut < said + size)
				size = cut - said;
			feed(&run, step->side, step->at + at, size, (int64_t)i);
			at += size;
			said += size;
		}
	}
	smtp_finish(run.smtp, (int64_t)dialogue->steps);
	take_items(&run);
	put_end(&run);
	fclose(run.out);
	arena_free(arena);
	return text;
}

static void check(const char *expected, char *got, const char *how)
{
	if (strcmp(expected, got))
		print_error("# %s:\n%s# but:\n%s", how, expected, got);
	assert_string_equal(expected, got);
	free(got);
}

static char *file_text(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;
	if (file && getdelim(&text, &room, '\0', file) < 0 && text)
		text[0] = '\0';
	if (file)
		fclose(file);
	return text ? text : strdup("");
}

static void file_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void test_dialogue(void **state)
{
	const char *name = *state;
	char path[512], how[64];
	struct dialogue *dialogue;
	char *items;
	snprintf(path, sizeof path, "%s%s.dialogue", FOLDER, name);
	dialogue = dialogue_read(path);
	items = items_of(dialogue, SIZE_MAX, 0);
	snprintf(path, sizeof path, "%s%s.items", FOLDER, name);
	if (getenv("MAILWARDEN_ACCEPT"))
		file_write(path, items);
	check(items, file_text(path), "as spoken, expected");
	check(items, items_of(dialogue, 1, 0), "byte by byte");
	for (size_t cut = 1; cut < dialogue->size; cut++) {
		/* Long ones are cut at every place of the beginning and at some of the rest. */
		if (cut > 3000 && cut % 997)
			continue;
		snprintf(how, sizeof how, "cut at %zu", cut);
		check(items, items_of(dialogue, SIZE_MAX, cut), how);
	}
	dialogue_join(dialogue);
	check(items, items_of(dialogue, SIZE_MAX, 0), "joined");
	free(items);
	dialogue_free(dialogue);
}

int main(void)
{
	static struct CMUnitTest tests[DIALOGUES_MAX];
	static char names[DIALOGUES_MAX][64];
	size_t count = 0;
	glob_t found = { 0 };
	if (glob(FOLDER "*.dialogue", 0, NULL, &found)) {
		fprintf(stderr, "%s: no dialogues; run this in the root of the source\n", FOLDER);
		return 1;
	}
	for (; count < found.gl_pathc && count < DIALOGUES_MAX; count++) {
		snprintf(names[count], sizeof names[count], "%s",
			found.gl_pathv[count] + strlen(FOLDER));
		names[count][strcspn(names[count], ".")] = '\0';
		tests[count] = (struct CMUnitTest){ .name = names[count],
			.test_func = test_dialogue,
			.initial_state = names[count] };
	}
	globfree(&found);
	return _cmocka_run_group_tests("dialogues", tests, count, NULL, NULL);
}
