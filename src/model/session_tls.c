/* What a session keeps of TLS, and its keys in the session's line. The parser's facts die with the
 * connection, so the texts are copied; of the lists of codes, the marks are what is kept. */
#include "model/session.h"

#include "base/moment.h"
#include "model/tls_name.h"

static void keep(struct session *session, struct bytes *name)
{
	*name = tls_name_keep(session->arena, *name, &session->anomalies);
}

static void keep_names(struct session *session, struct tls_names *names)
{
	for (unsigned i = 0; i < names->count && i < TLS_NAMES_MAX; i++)
		keep(session, &names->at[i]);
}

void session_tls(struct session *session, const struct tls_facts *facts)
{
	struct session_tls *tls = facts ? arena_take(session->arena, sizeof *tls) : NULL;
	bool marked = true;
	session->tls_facts = tls;
	if (!facts)
		return;
	if (!tls) {
		anomaly(&session->anomalies, SMTP_ARENA_FULL);
		return;
	}
	memcpy(tls->alert, facts->alert, sizeof tls->alert);
	if (facts->client) {
		tls->has_client = true;
		tls->sni = facts->client->sni;
		tls->alpn = facts->client->alpn;
		keep(session, &tls->sni);
		keep_names(session, &tls->alpn);
		marked &= tls_client_mark(facts->client, tls->client_mark);
	}
	if (facts->server) {
		tls->has_server = true;
		tls->version = facts->server->version;
		tls->cipher = facts->server->cipher;
		tls->alpn_chosen = facts->server->alpn;
		keep(session, &tls->alpn_chosen);
		marked &= tls_server_mark(facts->server, tls->server_mark);
	}
	if (facts->certificate) {
		tls->has_certificate = true;
		tls->certificate = *facts->certificate;
		keep(session, &tls->certificate.subject);
		keep(session, &tls->certificate.issuer);
		keep(session, &tls->certificate.issuer_organization);
		keep_names(session, &tls->certificate.names);
	}
	if (!marked)
		anomaly(&session->anomalies, SMTP_ARENA_FULL);
}

static void put_text(struct json *json, const char *key, struct bytes text)
{
	json_key(json, key);
	json_text(json, text);
}

static void put_value(
	struct json *json, const char *key, enum pseudonym_kind kind, struct bytes text)
{
	json_key(json, key);
	json_value(json, kind, text);
}

static void put_string(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_string(json, text);
}

static void put_names(struct json *json, enum pseudonym_kind kind, const struct tls_names *names)
{
	for (unsigned i = 0; i < names->count && i < TLS_NAMES_MAX; i++)
		json_value(json, kind, names->at[i]);
}

static bool has_name(const struct tls_names *names, struct bytes name)
{
	for (unsigned i = 0; i < names->count && i < TLS_NAMES_MAX; i++)
		if (bytes_equal_case(names->at[i], name))
			return true;
	return false;
}

static void put_date(struct json *json, const char *key, bool dated, int64_t time)
{
	char text[MOMENT_TEXT];
	put_string(json, key, dated ? moment_text(time, text) : NULL);
}

/* The common name stands among the others, as those who check a certificate once took it. */
static void put_certificate(struct json *json, const struct session_tls *tls)
{
	const struct tls_certificate *certificate = &tls->certificate;
	json_key(json, "certificate");
	if (!tls->has_certificate) {
		json_null(json);
		return;
	}
	json_object(json);
	json_key(json, "names");
	json_array(json);
	if (certificate->subject.at && !has_name(&certificate->names, certificate->subject))
		json_value(json, PSEUDONYM_HOST, certificate->subject);
	put_names(json, PSEUDONYM_HOST, &certificate->names);
	json_array_end(json);
	json_key(json, "alternative_names");
	json_uint(json, certificate->names.count);
	put_value(json, "issuer", PSEUDONYM_WORDS, certificate->issuer);
	put_value(json, "issuer_organization", PSEUDONYM_WORDS, certificate->issuer_organization);
	put_date(json, "not_before", certificate->dated, certificate->not_before);
	put_date(json, "not_after", certificate->dated, certificate->not_after);
	json_object_end(json);
}

static void put_alert(struct json *json, const char *key, const struct tls_alert *alert)
{
	json_key(json, key);
	if (!alert->seen) {
		json_null(json);
		return;
	}
	json_object(json);
	put_string(json, "level", tls_alert_level_name(alert->level));
	json_key(json, "code");
	json_uint(json, alert->code);
	put_string(json, "name", tls_alert_name(alert->code));
	json_object_end(json);
}

static void put_alerts(struct json *json, const struct tls_alert alert[2])
{
	json_key(json, "alert");
	if (!alert[TLS_CLIENT].seen && !alert[TLS_SERVER].seen) {
		json_null(json);
		return;
	}
	json_object(json);
	put_alert(json, "client", &alert[TLS_CLIENT]);
	put_alert(json, "server", &alert[TLS_SERVER]);
	json_object_end(json);
}

void session_tls_json(const struct session *session, struct json *json)
{
	const struct session_tls none = { .version = 0 };
	const struct session_tls *tls = session->tls_facts ? session->tls_facts : &none;
	char number[TLS_NUMBER_TEXT];
	put_string(
		json, "version", tls->has_server ? tls_version_name(tls->version, number) : NULL);
	put_string(json, "cipher", tls->has_server ? tls_cipher_name(tls->cipher, number) : NULL);
	put_value(json, "sni", PSEUDONYM_HOST, tls->sni);
	json_key(json, "alpn");
	json_array(json);
	put_names(json, PSEUDONYM_TEXT, &tls->alpn);
	json_array_end(json);
	put_text(json, "alpn_chosen", tls->alpn_chosen);
	put_certificate(json, tls);
	put_string(json, "client_mark", *tls->client_mark ? tls->client_mark : NULL);
	put_string(json, "server_mark", *tls->server_mark ? tls->server_mark : NULL);
	put_alerts(json, tls->alert);
}
