/* From the items of a dialogue to the session that is kept of it. A transaction is described as it
 * was spoken: MAIL opens one, also when it is refused, and what follows stands under it; RCPT, DATA
 * or BDAT without MAIL open one without reverse-path; a refused DATA, the end of the message, RSET
 * or an accepted greeting close it. All that is kept lies in the session's one arena, and an item
 * is taken in whole or not at all: before it is, there must be room for the most that it could
 * need. */
#include "model/session.h"

#include "base/fault.h"

#define SLACK 128 /* bytes: what the arena may lose between the few takes of one item */

/* At the limit the field stays absent. */
static struct bytes keep(struct session *session, struct bytes in)
{
	struct bytes out = arena_keep(session->arena, in);
	if (in.at && !out.at)
		anomaly(&session->anomalies, SMTP_ARENA_FULL);
	return out;
}

/* Servers repeat themselves: the same text as last time is the same bytes. */
static struct bytes keep_again(struct session *session, struct bytes in, struct bytes *last)
{
	if (!in.at || (last->at && bytes_equal(in, *last)))
		return in.at ? *last : in;
	*last = keep(session, in);
	return *last;
}

static void *take(struct session *session, size_t size)
{
	void *at = arena_take(session->arena, size);
	if (!at)
		anomaly(&session->anomalies, SMTP_ARENA_FULL);
	return at;
}

static bool is_success(int code)
{
	return code / 100 == 2;
}

static void transaction_close(struct session *session, bool reset)
{
	if (session->current)
		session->current->reset = reset;
	session->current = NULL;
	session->open = false;
}

/* Appends one; NULL: it is counted only. */
static struct transaction *transaction_add(struct session *session, int64_t time)
{
	struct transaction *transaction = NULL;
	if (session->described >= SESSION_MESSAGES_MAX || fault_limit())
		anomaly(&session->anomalies, SMTP_MESSAGES_MANY);
	else
		transaction = take(session, sizeof *transaction);
	session->open = true;
	session->current = transaction;
	if (!transaction)
		return NULL;
	transaction->time = time;
	session->described++;
	if (session->transactions_last)
		session->transactions_last->next = transaction;
	else
		session->transactions = transaction;
	session->transactions_last = transaction;
	return transaction;
}

static struct transaction *transaction_open(struct session *session, const struct smtp_item *item)
{
	session->counters.transactions++;
	return transaction_add(session, item->command_time);
}

/* The one that is open, if need be a new one without MAIL. */
static struct transaction *transaction_current(
	struct session *session, const struct smtp_item *item)
{
	return session->open ? session->current : transaction_open(session, item);
}

static void on_hello(struct session *session, const struct smtp_item *item)
{
	struct session_helo *helo = take(session, sizeof *helo);
	if (is_success(item->code))
		transaction_close(session, true);
	if (!helo)
		return;
	helo->verb = item->verb;
	helo->argument = keep(session, item->argument);
	helo->code = item->code;
	if (session->helo_last)
		session->helo_last->next = helo;
	else
		session->helo = helo;
	session->helo_last = helo;
}

static void on_mail(struct session *session, const struct smtp_item *item)
{
	struct transaction *transaction;
	if (session->open)
		transaction_close(session, is_success(item->code));
	transaction = transaction_open(session, item);
	if (!transaction)
		return;
	transaction->reverse_path = keep(session, item->argument);
	transaction->code = item->code;
	transaction->enhanced = keep_again(session, item->enhanced, &session->last_enhanced);
	transaction->text = keep_again(session, item->text, &session->last_text);
}

static void recipient_add(
	struct session *session, struct transaction *transaction, const struct smtp_item *item)
{
	struct session_recipient *recipient = NULL;
	if (transaction->recipient_count++ >= SESSION_RECIPIENTS_MAX || fault_limit())
		anomaly(&session->anomalies, SMTP_RECIPIENTS_MANY);
	else
		recipient = take(session, sizeof *recipient);
	if (!recipient)
		return;
	recipient->address = keep(session, item->argument);
	recipient->enhanced = keep_again(session, item->enhanced, &session->last_enhanced);
	recipient->text = keep_again(session, item->text, &session->last_text);
	recipient->code = item->code;
	recipient->time = item->command_time;
	if (transaction->recipients_last)
		transaction->recipients_last->next = recipient;
	else
		transaction->recipients = recipient;
	transaction->recipients_last = recipient;
}

static void on_rcpt(struct session *session, const struct smtp_item *item)
{
	struct session_counters *counters = &session->counters;
	struct transaction *transaction = transaction_current(session, item);
	counters->recipients++;
	if (is_success(item->code))
		counters->recipients_accepted++;
	else if (item->code / 100 == 4)
		counters->recipients_deferred++;
	else if (item->code / 100 == 5)
		counters->recipients_rejected++;
	if (transaction)
		recipient_add(session, transaction, item);
}

void session_message(struct session *session, struct message *message)
{
	if (session->read_last)
		session->read_last->next = message;
	else
		session->read = message;
	session->read_last = message;
}

/* The one that was read first is the one that is answered first. */
static const struct message *message_read(struct session *session)
{
	struct message *message = session->read;
	if (message)
		session->read = message->next;
	if (!session->read)
		session->read_last = NULL;
	return message;
}

/* The reply to a whole message. LMTP gives one for each recipient: accepted is what one accepted.
 */
static void on_message_reply(struct session *session, const struct smtp_item *item)
{
	struct transaction *transaction =
		session->open ? session->current : session->transactions_last;
	bool first = session->open;
	transaction_close(session, false);
	if (!first && (!transaction || transaction->accepted || !is_success(item->code)))
		return;
	const struct message *message = item->whole && first ? message_read(session) : NULL;
	if (is_success(item->code))
		session->counters.messages_accepted++;
	if (!transaction)
		return;
	if (first)
		transaction->message = message;
	transaction->final_code = item->code;
	transaction->final_enhanced = keep_again(session, item->enhanced, &session->last_enhanced);
	transaction->final_text = keep_again(session, item->text, &session->last_text);
	transaction->accepted = is_success(item->code);
	transaction->has_message = item->whole;
	transaction->message_size = item->whole ? item->size : 0;
}

static void on_data(struct session *session, const struct smtp_item *item)
{
	struct transaction *transaction;
	if (item->phase == SMTP_PHASE_END) {
		on_message_reply(session, item);
		return;
	}
	transaction = transaction_current(session, item);
	if (transaction)
		transaction->data_code = item->code;
	if (item->code >= 400)
		transaction_close(session, false);
}

static void on_bdat(struct session *session, const struct smtp_item *item)
{
	struct transaction *transaction;
	if (!session->open && item->code >= 400)
		return; /* nothing to send, and nothing sent */
	transaction = transaction_current(session, item);
	if (item->phase == SMTP_PHASE_END)
		on_message_reply(session, item);
	else if (transaction && transaction->data_code < 400)
		transaction->data_code = item->code;
}

static void on_rset(struct session *session, const struct smtp_item *item)
{
	session->counters.rset++;
	if (item->code < 400)
		transaction_close(session, true);
}

static void on_auth(struct session *session, const struct smtp_item *item)
{
	struct session_auth *auth = take(session, sizeof *auth);
	if (!auth)
		return;
	auth->mechanism = keep(session, item->argument);
	auth->identity = keep(session, item->identity);
	auth->code = item->code;
	if (session->auth_last)
		session->auth_last->next = auth;
	else
		session->auth = auth;
	session->auth_last = auth;
}

static void on_starttls(struct session *session, const struct smtp_item *item)
{
	session->starttls_asked = true;
	session->starttls_code = item->code;
}

static void on_quit(struct session *session, const struct smtp_item *item)
{
	session->quit = true;
}

static void on_noop(struct session *session, const struct smtp_item *item)
{
	session->counters.noop++;
}

static void on_vrfy(struct session *session, const struct smtp_item *item)
{
	session->counters.vrfy++;
}

static void on_expn(struct session *session, const struct smtp_item *item)
{
	session->counters.expn++;
}

static void on_unknown(struct session *session, const struct smtp_item *item)
{
	session->counters.unknown_commands++;
}

static void (*const on_reply[SMTP_VERB_COUNT])(struct session *, const struct smtp_item *) = {
	[SMTP_VERB_UNKNOWN] = on_unknown,
	[SMTP_VERB_HELO] = on_hello,
	[SMTP_VERB_EHLO] = on_hello,
	[SMTP_VERB_LHLO] = on_hello,
	[SMTP_VERB_MAIL] = on_mail,
	[SMTP_VERB_RCPT] = on_rcpt,
	[SMTP_VERB_DATA] = on_data,
	[SMTP_VERB_BDAT] = on_bdat,
	[SMTP_VERB_RSET] = on_rset,
	[SMTP_VERB_QUIT] = on_quit,
	[SMTP_VERB_NOOP] = on_noop,
	[SMTP_VERB_VRFY] = on_vrfy,
	[SMTP_VERB_EXPN] = on_expn,
	[SMTP_VERB_AUTH] = on_auth,
	[SMTP_VERB_STARTTLS] = on_starttls,
};

/* With pipelining the message may be over before the reply to its MAIL is there, so it is described
 * when its own reply comes; unless that came before: then it belongs to what was just closed. */
static void on_message(struct session *session, const struct smtp_item *item)
{
	struct transaction *last = session->transactions_last;
	session->counters.messages++;
	if (!item->late || !last || last->has_message)
		return;
	last->has_message = true;
	last->message_size = item->size;
	last->message = message_read(session);
}

static bool has_room(const struct session *session, const struct smtp_item *item)
{
	size_t need = sizeof(struct transaction) + sizeof(struct session_recipient) +
		      bytes_size(item->argument) + bytes_size(item->identity) +
		      bytes_size(item->enhanced) + bytes_size(item->text) + SLACK;
	return arena_left(session->arena) >= need;
}

bool session_item(struct session *session, const struct smtp_item *item)
{
	if (!session->full && !has_room(session, item)) {
		session->full = true;
		return false;
	}
	switch (item->kind) {
	case SMTP_GREETING:
		session->greeting_code = item->code;
		session->greeting_text = keep(session, item->text);
		break;
	case SMTP_REPLY:
		if (item->verb != SMTP_VERB_DATA || item->phase == SMTP_PHASE_COMMAND)
			session->counters.commands++;
		if (on_reply[item->verb])
			on_reply[item->verb](session, item);
		break;
	case SMTP_MESSAGE:
		on_message(session, item);
		break;
	case SMTP_TLS:
		session->tls = true;
		session->tls_implicit = item->tls_implicit;
		session->tls_time = item->time;
		break;
	case SMTP_COMMAND: /* its reply brings it again */
	case SMTP_CONTENT: /* never kept */
		break;
	}
	return true;
}
