/* A session as a row of CSV, for spreadsheets: one row a session, so of lists only the last helo
 * and the numbers. JSON lines are the lossless form. */
#include "model/session.h"

#include "base/moment.h"

void session_csv_header(struct csv *csv)
{
	static const char *const columns[] = { "id", "sensor", "part", "start", "end", "witness",
		"client_ip", "client_port", "client_mac", "server_ip", "server_port", "server_mac",
		"greeting_code", "greeting", "helo", "tls", "transactions", "messages",
		"messages_accepted", "recipients", "recipients_accepted", "recipients_deferred",
		"recipients_rejected" };
	csv_begin(csv);
	for (size_t i = 0; i < COUNT(columns); i++)
		csv_string(csv, columns[i]);
}

static void put_time(struct csv *csv, int64_t time)
{
	char text[MOMENT_TEXT];
	csv_string(csv, moment_text(time, text));
}

static void put_endpoint(struct csv *csv, const struct endpoint *endpoint)
{
	csv_address(csv, &endpoint->ip);
	csv_uint(csv, endpoint->port);
	csv_mac(csv, endpoint->has_mac ? endpoint->mac : NULL);
}

struct bytes session_csv(const struct session *session, const char *sensor, struct csv *csv)
{
	const struct session_counters *counters = &session->counters;
	const uint64_t numbers[] = { counters->transactions, counters->messages,
		counters->messages_accepted, counters->recipients, counters->recipients_accepted,
		counters->recipients_deferred, counters->recipients_rejected };
	csv_begin(csv);
	csv_value(csv, PSEUDONYM_ID, bytes_of(session->id));
	csv_string(csv, sensor);
	csv_uint(csv, session->part);
	put_time(csv, session->start);
	put_time(csv, session->end);
	csv_string(csv, witness_name(session->witness));
	put_endpoint(csv, &session->client);
	put_endpoint(csv, &session->server);
	if (session->greeting_code)
		csv_uint(csv, (unsigned)session->greeting_code);
	else
		csv_string(csv, NULL);
	csv_value(csv, session_greeting_kind(session), session->greeting_text);
	csv_value(csv, PSEUDONYM_HOST,
		session->helo_last ? session->helo_last->argument : bytes_make(NULL, 0));
	csv_string(csv, session->tls_implicit ? "implicit" : session->tls ? "starttls" : "none");
	for (size_t i = 0; i < COUNT(numbers); i++)
		csv_uint(csv, numbers[i]);
	return csv_end(csv);
}
