/* Activities made up for tests of detect/ and engine/: a session in one line. */
#ifndef MW_TESTS_ACTS_H
#define MW_TESTS_ACTS_H

#include <assert.h>
#include <stdio.h>

#include "base/moment.h"
#include "model/activity.h"

#define BEGIN (INT64_C(1772357400) * SECOND) /* 2026-03-01 09:30:00, on a bucket's edge */
#define NULL_SENDER ""

struct says {                        /* what is not said has its usual value */
	const char *client, *server; /* addresses */
	const char *greeting;    /* "" for none; usual: "mx.dN.example ESMTP", N of the server */
	const char *helo, *from; /* usual: PC, a@spam.example; from NULL and mails 0: none */
	const char *text;        /* of the last answer */
	const char *mac;         /* six characters */
	int64_t at;              /* start, after BEGIN */
	int64_t lasts;           /* usual: 2 s */
	uint16_t port;           /* usual: 25 */
	int mail_code, rcpt_code, final_code, greeting_code; /* usual: 250, 250, 250, 220 */
	unsigned mails;                                      /* usual: 1 */
	unsigned marks;
	enum witness witness; /* usual: handshake */
	uint64_t tls;         /* bytes of the client behind STARTTLS */
	bool login, no_mail;
};

static inline struct address address_at(const char *text)
{
	struct address address;
	bool ok = address_parse(bytes_of(text), &address);
	assert(ok);
	(void)ok;
	return address;
}

static inline struct prefixes prefixes_at(const char *text)
{
	struct prefixes list = { 0 };
	struct prefix prefix;
	bool ok = prefix_parse(bytes_of(text), &prefix, NULL) && prefixes_add(&list, prefix);
	assert(ok);
	(void)ok;
	return list;
}

static inline struct endpoint end_at(const char *address, uint16_t port, const char *mac)
{
	struct endpoint end = { .ip = address_at(address), .port = port, .has_mac = mac };
	if (mac)
		memcpy(end.mac, mac, 6);
	return end;
}

static inline struct bytes said(struct session *session, const char *text)
{
	return arena_keep(session->arena, bytes_of(text));
}

static inline void say_mail(struct session *session, const struct says *says, const char *from)
{
	struct transaction *mail = arena_take(session->arena, sizeof(*mail));
	struct session_recipient *to = arena_take(session->arena, sizeof(*to));
	mail->time = session->start + SECOND;
	mail->reverse_path = said(session, from);
	mail->code = says->mail_code ? says->mail_code : 250;
	mail->text = said(session, mail->code >= 400 && says->text ? says->text : "Ok");
	session->counters.transactions++;
	mail->next = session->transactions;
	session->transactions = mail;
	if (mail->code >= 400)
		return;
	to->time = mail->time;
	to->address = said(session, "b@there.example");
	to->code = says->rcpt_code ? says->rcpt_code : 250;
	to->text = said(session, to->code >= 400 && says->text ? says->text : "Ok");
	mail->recipients = mail->recipients_last = to;
	mail->recipient_count = 1;
	session->counters.recipients++;
	if (to->code >= 400) {
		session->counters.recipients_rejected += to->code >= 500;
		return;
	}
	mail->data_code = 354;
	mail->has_message = true;
	mail->final_code = says->final_code ? says->final_code : 250;
	mail->final_text = said(session, says->text ? says->text : "queued");
	mail->accepted = mail->final_code / 100 == 2;
	session->counters.messages++;
	session->counters.messages_accepted += mail->accepted;
}

static inline void say_hello(struct session *session, const struct says *says)
{
	char greeting[64];
	session->greeting_code = says->greeting_code ? says->greeting_code : 220;
	snprintf(greeting, sizeof(greeting), "mx.d%u.example ESMTP",
		session->server.ip.byte[13] << 8 | session->server.ip.byte[14]);
	session->greeting_text = said(session, says->greeting ? says->greeting : greeting);
	if (says->greeting && !*says->greeting)
		session->greeting_code = 0;
	session->helo = session->helo_last = arena_take(session->arena, sizeof(*session->helo));
	session->helo->verb = SMTP_VERB_HELO;
	session->helo->argument = said(session, says->helo ? says->helo : "PC");
	session->helo->code = 250;
	session->counters.commands = 2;
}

static inline struct activity act_session(struct says says, struct anomaly_totals *totals)
{
	struct session *session = session_new(totals);
	assert(session);
	session->client = end_at(says.client, 40000, says.mac);
	session->server = end_at(says.server, says.port ? says.port : 25, NULL);
	session->part = 1;
	session->start = BEGIN + says.at;
	session->end = session->start + (says.lasts ? says.lasts : 2 * SECOND);
	session->final = session->end + 10 * SECOND;
	session->witness = says.witness;
	session->marks = says.marks;
	session_identify(session, 0);
	say_hello(session, &says);
	if (says.tls) {
		session->tls = session->starttls_asked = true;
		session->starttls_code = 220;
		session->tls_time = session->start;
		session->tls_client_bytes = says.tls;
	}
	if (says.login) {
		session->auth = arena_take(session->arena, sizeof(*session->auth));
		session->auth->code = 235;
	}
	for (unsigned i = 0; i < (says.mails ? says.mails : 1) && !says.tls && !says.no_mail; i++)
		say_mail(session, &says, says.from ? says.from : "a@spam.example");
	return (struct activity){ .kind = ACTIVITY_SESSION,
		.final = session->final,
		.connection = session->connection,
		.session = session };
}

static inline struct activity act_attempt(
	const char *client, const char *server, int64_t at, const char *mac)
{
	return (struct activity){ .kind = ACTIVITY_ATTEMPT,
		.final = BEGIN + at + 9 * SECOND,
		.attempt = { .client = end_at(client, 40000, mac),
			.server = end_at(server, 25, NULL),
			.start = BEGIN + at,
			.end = BEGIN + at + 3 * SECOND,
			.syns = 2 } };
}

static inline struct activity act_handshake(const char *client, int64_t at, const char *mac)
{
	return (struct activity){ .kind = ACTIVITY_HANDSHAKE,
		.final = BEGIN + at,
		.sighting = { .client = end_at(client, 40000, mac),
			.server = end_at("192.0.2.80", 443, NULL) } };
}

static inline struct activity act_neighbour(const char *address, int64_t at, const char *mac)
{
	struct activity activity = { .kind = ACTIVITY_NEIGHBOUR,
		.final = BEGIN + at,
		.neighbouring = { .address = address_at(address) } };
	memcpy(activity.neighbouring.mac, mac, 6);
	return activity;
}

static inline struct activity act_mx_query(
	const char *client, const char *domain, int64_t at, const char *mac)
{
	struct activity activity = { .kind = ACTIVITY_MX_QUERY,
		.final = BEGIN + at,
		.mx_query = { .client = end_at(client, 40000, mac),
			.domain = { .size = (uint8_t)strlen(domain) } } };
	memcpy(activity.mx_query.domain.at, domain, strlen(domain));
	return activity;
}

#endif
