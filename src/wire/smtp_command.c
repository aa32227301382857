/* The client's commands: RFC 5321 4.1.1 and its extensions, read as servers read them: in any case,
 * with blanks where there should be none and none where there should be some. A line that is no
 * known verb is a command too, for it will be answered; its text could be a password and is not
 * kept. */
#include "wire/smtp_internal.h"

enum argument { /* what follows the verb */
	ARGUMENT_NONE,
	ARGUMENT_DOMAIN,
	ARGUMENT_FROM,
	ARGUMENT_TO,
	ARGUMENT_SIZE,
	ARGUMENT_MECHANISM,
	ARGUMENT_TEXT,
	ARGUMENT_HIDDEN /* nobody needs it */
};

static const struct verb {
	const char *name;
	enum argument argument;
	bool ends_group; /* the client must wait for the reply: RFC 2920 3.1 */
} verbs[SMTP_VERB_COUNT] = {
	[SMTP_VERB_UNKNOWN] = { "UNKNOWN", ARGUMENT_HIDDEN, false },
	[SMTP_VERB_HELO] = { "HELO", ARGUMENT_DOMAIN, true },          /* RFC 5321 4.1.1.1 */
	[SMTP_VERB_EHLO] = { "EHLO", ARGUMENT_DOMAIN, true },          /* RFC 5321 4.1.1.1 */
	[SMTP_VERB_LHLO] = { "LHLO", ARGUMENT_DOMAIN, true },          /* RFC 2033 4.1 */
	[SMTP_VERB_MAIL] = { "MAIL", ARGUMENT_FROM, false },           /* RFC 5321 4.1.1.2 */
	[SMTP_VERB_RCPT] = { "RCPT", ARGUMENT_TO, false },             /* RFC 5321 4.1.1.3 */
	[SMTP_VERB_DATA] = { "DATA", ARGUMENT_NONE, true },            /* RFC 5321 4.1.1.4 */
	[SMTP_VERB_BDAT] = { "BDAT", ARGUMENT_SIZE, false },           /* RFC 3030 2 */
	[SMTP_VERB_RSET] = { "RSET", ARGUMENT_NONE, false },           /* RFC 5321 4.1.1.5 */
	[SMTP_VERB_QUIT] = { "QUIT", ARGUMENT_NONE, true },            /* RFC 5321 4.1.1.10 */
	[SMTP_VERB_NOOP] = { "NOOP", ARGUMENT_HIDDEN, true },          /* RFC 5321 4.1.1.9 */
	[SMTP_VERB_VRFY] = { "VRFY", ARGUMENT_TEXT, true },            /* RFC 5321 4.1.1.6 */
	[SMTP_VERB_EXPN] = { "EXPN", ARGUMENT_TEXT, true },            /* RFC 5321 4.1.1.7 */
	[SMTP_VERB_HELP] = { "HELP", ARGUMENT_NONE, false },           /* RFC 5321 4.1.1.8 */
	[SMTP_VERB_AUTH] = { "AUTH", ARGUMENT_MECHANISM, true },       /* RFC 4954 4 */
	[SMTP_VERB_STARTTLS] = { "STARTTLS", ARGUMENT_NONE, true },    /* RFC 3207 4 */
	[SMTP_VERB_ETRN] = { "ETRN", ARGUMENT_HIDDEN, false },         /* RFC 1985 */
	[SMTP_VERB_XCLIENT] = { "XCLIENT", ARGUMENT_HIDDEN, true },    /* Postfix XCLIENT_README */
	[SMTP_VERB_XFORWARD] = { "XFORWARD", ARGUMENT_HIDDEN, false }, /* Postfix XFORWARD_README */
};

const char *smtp_verb_name(enum smtp_verb verb)
{
	return verbs[verb].name;
}

static enum smtp_verb verb_find(struct bytes word)
{
	for (enum smtp_verb verb = SMTP_VERB_UNKNOWN + 1; verb < SMTP_VERB_COUNT; verb++)
		if (bytes_equal_case(word, bytes_of(verbs[verb].name)))
			return verb;
	return SMTP_VERB_UNKNOWN;
}

/* The first word, stepped over with the blanks behind it. */
static struct bytes word_take(struct bytes *in)
{
	size_t size = 0;
	struct bytes word;
	while (size < bytes_size(*in) && in->at[size] != ' ' && in->at[size] != '\t')
		size++;
	word = bytes_split(in, size);
	*in = smtp_trim(*in);
	return word;
}

/* "FROM:<a@b>": the colon may have blanks around it, or be missing. */
static bool path_parse(struct smtp_command *command, struct bytes rest, const char *keyword)
{
	bool colon;
	if (!bytes_begin_case(rest, bytes_of(keyword)))
		return false;
	bytes_take(&rest, strlen(keyword));
	rest = smtp_trim(rest);
	colon = rest.at != rest.end && *rest.at == ':';
	if (colon)
		bytes_take(&rest, 1);
	return smtp_address(rest, &command->argument, &command->parameters) && colon;
}

/* "86 LAST". A size that is none leaves nothing to swallow: the server refuses the line. */
static bool size_parse(struct smtp_command *command, struct bytes rest)
{
	struct bytes digits = word_take(&rest);
	bool good = digits.at != digits.end;
	uint64_t size = 0;
	command->last = bytes_equal_case(rest, bytes_of("LAST"));
	for (size_t i = 0; i < bytes_size(digits) && good; i++) {
		uint8_t digit = (uint8_t)(digits.at[i] - '0');
		good = digit <= 9 && size <= ((uint64_t)INT64_MAX - digit) / 10;
		size = size * 10 + digit;
	}
	good = good && (command->last || rest.at == rest.end);
	command->size = good ? size : 0;
	return good;
}

struct smtp_command smtp_command_parse(struct bytes line)
{
	struct bytes rest = smtp_trim(line);
	struct smtp_command command = { .verb = verb_find(word_take(&rest)) };
	bool some = rest.at != rest.end;
	switch (verbs[command.verb].argument) {
	case ARGUMENT_NONE:
		command.plausible = !some;
		break;
	case ARGUMENT_DOMAIN:
		command.argument = rest;
		command.plausible = some && !bytes_find(rest, ' ');
		break;
	case ARGUMENT_FROM:
		command.plausible = path_parse(&command, rest, "FROM");
		break;
	case ARGUMENT_TO:
		command.plausible = path_parse(&command, rest, "TO");
		break;
	case ARGUMENT_SIZE:
		command.plausible = size_parse(&command, rest);
		break;
	case ARGUMENT_MECHANISM:
		command.argument = word_take(&rest);
		command.parameters = rest; /* the initial response: smtp_auth.c takes it away */
		command.plausible = some;
		break;
	case ARGUMENT_TEXT:
		command.argument = rest;
		command.plausible = some;
		break;
	case ARGUMENT_HIDDEN:
		command.plausible = command.verb != SMTP_VERB_UNKNOWN;
		break;
	}
	return command;
}

static void line_judge(struct smtp *smtp, struct bytes line, const struct smtp_command *command)
{
	bool path = command->verb == SMTP_VERB_MAIL || command->verb == SMTP_VERB_RCPT;
	if (bytes_find(line, '\0'))
		anomaly(smtp->seen, SMTP_NUL);
	if (bytes_find(line, '\r'))
		anomaly(smtp->seen, SMTP_BARE_CR);
	for (size_t i = 0; i < bytes_size(line); i++) {
		if (line.at[i] >= 0x80) {
			anomaly(smtp->seen, SMTP_8BIT);
			break;
		}
	}
	if (path && !command->plausible)
		anomaly(smtp->seen, SMTP_ADDRESS);
	if (command->verb == SMTP_VERB_BDAT && !command->plausible)
		anomaly(smtp->seen, SMTP_BDAT);
	if (command->verb == SMTP_VERB_UNKNOWN)
		anomaly(smtp->seen, SMTP_COMMAND_UNKNOWN);
}

/* What a patient client that knows the rules would not have done. Judged only where both sides were
 * seen without a gap. */
static void manners_judge(struct smtp *smtp, const struct smtp_command *command)
{
	enum smtp_verb verb = command->verb;
	bool early = smtp->waiting_count || smtp->replaying;
	bool begins =
		verb == SMTP_VERB_MAIL || verb == SMTP_VERB_AUTH || verb == SMTP_VERB_STARTTLS;
	bool sends = verb == SMTP_VERB_DATA || verb == SMTP_VERB_BDAT;
	if (smtp->one_sided || smtp->doubt)
		return;
	if (!smtp->greeted)
		anomaly(smtp->seen, SMTP_EARLY_TALK);
	else if (early && (!smtp->pipelining || verbs[smtp->last_verb].ends_group))
		anomaly(smtp->seen, SMTP_PIPELINING);
	if (smtp->quit || (begins && smtp->mail) || (verb == SMTP_VERB_RCPT && !smtp->mail) ||
		(sends && !smtp->rcpt))
		anomaly(smtp->seen, SMTP_SEQUENCE);
}

/* What the client's next bytes are, and where the transaction stands now. */
static void command_act(struct smtp *smtp, struct smtp_command *command)
{
	enum smtp_verb verb = command->verb;
	if (verb == SMTP_VERB_MAIL) {
		smtp->mail = true;
		smtp->rcpt = smtp->chunks = false;
		smtp->accepted = 0;
	} else if (verb == SMTP_VERB_RCPT) {
		smtp->rcpt = smtp->mail;
	} else if (verb == SMTP_VERB_RSET) {
		smtp->mail = smtp->rcpt = smtp->chunks = false;
	} else if (verb == SMTP_VERB_QUIT) {
		smtp->quit = true;
	} else if (verb == SMTP_VERB_BDAT && command->plausible) {
		smtp_chunk_begin(smtp, command);
	} else if (verb == SMTP_VERB_DATA || verb == SMTP_VERB_AUTH || verb == SMTP_VERB_STARTTLS) {
		smtp->held_for = (uint8_t)verb;
		smtp->reading = READING_HELD;
	}
	if (verb == SMTP_VERB_DATA) {
		smtp->chunks = smtp->presumed = false;
		if (smtp->one_sided)
			smtp_release(smtp, READING_CONTENT);
	}
}

static bool command_line(struct smtp *smtp, struct bytes line, struct smtp_item *out)
{
	struct smtp_command command = smtp_command_parse(line);
	bool end =
		command.verb == SMTP_VERB_AUTH || (command.verb == SMTP_VERB_BDAT && command.last);
	enum smtp_phase phase = end ? SMTP_PHASE_END : SMTP_PHASE_COMMAND;
	if ((smtp->unsure || smtp->one_sided) && !command.plausible) {
		/* A credential, or text of a message whose begin was lost, or torn: answered or
		 * not. */
		smtp->age++;
		return false;
	}
	line_judge(smtp, line, &command);
	manners_judge(smtp, &command);
	if (command.verb == SMTP_VERB_AUTH)
		smtp_auth_begin(smtp, &command);
	smtp_waiting_push(smtp, &command, phase);
	if (command.verb == SMTP_VERB_UNKNOWN && !smtp->greeted && !smtp->doubt) {
		/* A proxy may stand before the server and take it: nobody has greeted yet. */
		smtp->waiting_sure = smtp->waiting_count - 1;
		smtp->doubt = true;
	}
	command_act(smtp, &command);
	smtp->last_verb = (uint8_t)command.verb;
	*out = (struct smtp_item){
		.kind = SMTP_COMMAND,
		.verb = command.verb,
		.phase = phase,
		.last = command.last,
		.time = smtp->now,
		.command_time = smtp->now,
		.size = command.size,
		.argument = command.argument,
		.parameters = command.parameters,
	};
	return true;
}

/* What stands behind a path has a form (RFC 5321 4.1.2) that prose has not. */
static bool are_parameters(struct bytes in)
{
	while (in.at != in.end) { /* each turn takes a word */
		struct bytes word = word_take(&in);
		if (!bytes_find(word, '=') && !bytes_equal_case(word, bytes_of("SMTPUTF8")) &&
			!bytes_equal_case(word, bytes_of("REQUIRETLS")))
			return false;
	}
	return true;
}

/* May anybody see this line? Not where a client and its server may be out of step, so that it could
 * be a line of a message, and not where it has room for words. */
static bool is_public(const struct smtp *smtp, struct bytes line)
{
	struct smtp_command command = smtp_command_parse(line);
	bool unsure = smtp->doubt || smtp->unsure || smtp->one_sided || smtp->replaying;
	bool words = bytes_find(command.argument, ' ') || bytes_find(command.argument, '\t');
	if (unsure || words || !command.plausible)
		return false;
	switch (verbs[command.verb].argument) {
	case ARGUMENT_MECHANISM:
		return false;
	case ARGUMENT_HIDDEN:
		return bytes_equal_case(smtp_trim(line), bytes_of(verbs[command.verb].name));
	case ARGUMENT_NONE:
	case ARGUMENT_DOMAIN:
	case ARGUMENT_FROM:
	case ARGUMENT_TO:
	case ARGUMENT_SIZE:
	case ARGUMENT_TEXT:
		break;
	}
	return are_parameters(command.parameters);
}

bool smtp_client_command(struct smtp *smtp, struct bytes *in, struct smtp_item *out)
{
	struct bytes line;
	if (smtp_tls_hello(smtp, SMTP_CLIENT, in) || !smtp_line_read(smtp, SMTP_CLIENT, in, &line))
		return false;
	if (!smtp->hidden && is_public(smtp, line))
		smtp->public_end = in->at;
	else
		smtp->hidden = true;
	return command_line(smtp, line, out);
}

/* Keeps what the client says behind DATA, STARTTLS or AUTH. A client that says too much does not
 * wait: it goes on as if the server had agreed. */
void smtp_client_held(struct smtp *smtp, struct bytes *in)
{
	struct smtp_buffer *held = &smtp->held;
	struct bytes piece;
	if (smtp->held_read) {
		held->size -= smtp->held_read;
		memmove(held->at, &held->at[smtp->held_read], held->size);
		smtp->held_read = 0;
	}
	smtp->held_time = smtp->now;
	if (held->size == SMTP_HELD_MAX) {
		smtp_held_decide(smtp, true);
		return;
	}
	piece = bytes_split(in, SMTP_HELD_MAX - held->size);
	if (!smtp_buffer_add(smtp, held, piece, SMTP_HELD_MAX))
		smtp->held_gap = true; /* no memory: as if it had not been seen */
}

/* No reply will decide, or it was lost: what is held looks like what? Only a whole line tells, and
 * with `now` what is there. true: decided. */
bool smtp_held_decide(struct smtp *smtp, bool now)
{
	struct bytes held = bytes_make(smtp->held.at, smtp->held.size), line = { NULL, NULL };
	const uint8_t *lf;
	bool command;
	bytes_take(&held, smtp->held_read);
	if (smtp->held_for == SMTP_VERB_STARTTLS) {
		int begins = tls_begins(held, TLS_CLIENT, false);
		if (!begins && !now)
			return false;
		if (begins > 0)
			smtp_tls_start(smtp, false);
		else
			smtp_release(smtp, READING_COMMAND);
		return true;
	}
	lf = bytes_find(held, '\n');
	if (!lf && !now)
		return false;
	line = bytes_split(
		&held, lf ? bytes_size((struct bytes){ held.at, lf }) : bytes_size(held));
	if (lf && bytes_size(line) && line.at[bytes_size(line) - 1] == '\r')
		bytes_limit(&line, bytes_size(line) - 1);
	command = smtp_command_parse(line).plausible;
	if (smtp->held_for == SMTP_VERB_AUTH) {
		smtp_release(smtp, command ? READING_COMMAND : READING_RESPONSE);
	} else if (command && smtp->doubt) {
		smtp_release(smtp, READING_COMMAND);
	} else {
		smtp->presumed = true;
		if (smtp->doubt)
			smtp->age++; /* it may have been refused, and each line answered */
		else if (!smtp->one_sided)
			anomaly(smtp->seen, SMTP_DATA_EARLY);
		smtp_release(smtp, READING_CONTENT);
	}
	return true;
}
