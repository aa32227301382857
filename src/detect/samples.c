/* A sorted array of eight: a new sample goes behind those of its rank, and the last one falls out.
 * So refusals push out accepted messages, and early ones stay. */
#include "detect/samples.h"

#include "detect/encounter.h"
#include "detect/network.h"

enum rank { RANK_REFUSED, RANK_DEFERRED, RANK_ACCEPTED, RANK_SILENT };

/* The next byte of an answer that is its own words: who is meant stands in <> or [], or in digits.
 * 0: the end. */
static char next_word_byte(const char **at, const char *end)
{
	char until = 0;
	while (*at < end) {
		char byte = *(*at)++;
		if (until) {
			until = byte == until ? 0 : until;
			continue;
		}
		if (byte == '<' || byte == '[')
			until = byte == '<' ? '>' : ']';
		else if (byte < '0' || byte > '9')
			return byte;
	}
	return 0;
}

static bool says_the_same(const struct sample *a, const struct sample *b)
{
	const char *left = a->text, *right = b->text;
	const char *left_end = left + a->text_size, *right_end = right + b->text_size;
	char byte;
	do {
		byte = next_word_byte(&left, left_end);
		if (byte != next_word_byte(&right, right_end))
			return false;
	} while (byte);
	return true;
}

static bool tells_nothing_new(const struct samples *samples, const struct sample *sample)
{
	for (unsigned i = 0; i < samples->count; i++) {
		const struct sample *at = &samples->at[i];
		bool same_text = sample->code >= 400 && says_the_same(at, sample);
		bool same_peer = address_equal(&at->peer.ip, &sample->peer.ip);
		if (at->code == sample->code && (same_peer || same_text))
			return true;
	}
	return false;
}

static void insert(struct samples *samples, const struct sample *sample)
{
	unsigned place = 0;
	while (place < samples->count && samples->at[place].rank <= sample->rank)
		place++;
	if (place == ALERT_SAMPLES || tells_nothing_new(samples, sample))
		return;
	if (samples->count < ALERT_SAMPLES)
		samples->count++;
	memmove(&samples->at[place + 1], &samples->at[place],
		(samples->count - 1 - place) * sizeof(*sample));
	samples->at[place] = *sample;
}

static uint8_t copy(char *out, size_t room, struct bytes text)
{
	size_t size = bytes_size(text) < room ? bytes_size(text) : room;
	if (size)
		memcpy(out, text.at, size);
	return (uint8_t)size;
}

static uint8_t rank_of(int code)
{
	if (code >= 500)
		return RANK_REFUSED;
	if (code >= 400)
		return RANK_DEFERRED;
	return code / 100 == 2 ? RANK_ACCEPTED : RANK_SILENT;
}

struct answer { /* about whom: absent: nobody */
	int64_t time;
	int code;
	struct bytes text, about;
};

static void add_reply(
	struct samples *samples, const struct session *session, const struct answer *answer)
{
	char domain[NETWORK_NAME];
	struct sample sample = {
		.time = answer->time, .peer = session->server, .code = answer->code
	};
	sample.rank = rank_of(answer->code);
	struct bytes name = network_greeting_name(session->greeting_text);
	if (network_domain(name, domain))
		sample.name_size = copy(sample.name, SAMPLE_NAME, name);
	sample.text_size = copy(sample.text, SAMPLE_TEXT, answer->text);
	struct bytes about = pseudonym_local_part(answer->about);
	if (bytes_size(about) <= SAMPLE_ABOUT)
		sample.about_size = copy(sample.about, SAMPLE_ABOUT, about);
	memcpy(sample.session, session->id, UUID_TEXT);
	insert(samples, &sample);
}

/* The first refusal or deferral of a transaction, in the order of the dialogue. */
static bool add_failure(
	struct samples *samples, const struct session *session, const struct transaction *mail)
{
	struct answer answer = { mail->time, mail->code, mail->text, mail->reverse_path };
	const struct session_recipient *at = mail->recipients;
	while (at && at->code < 400)
		at = at->next;
	if (mail->code < 400 && at) {
		answer = (struct answer){ at->time, at->code, at->text, at->address };
	} else if (mail->code < 400) {
		answer.code = mail->final_code ? mail->final_code : mail->data_code;
		answer.text = mail->final_text;
	}
	if (answer.code < 400 && mail->data_code < 400)
		return false;
	add_reply(samples, session, &answer);
	return true;
}

void samples_session(struct samples *samples, const struct session *session)
{
	bool failure = false, accepted = false;
	if (session->greeting_code >= 400)
		add_reply(samples, session,
			&(struct answer){ .time = session->start,
				.code = session->greeting_code,
				.text = session->greeting_text });
	for (const struct transaction *at = session->transactions; at; at = at->next) {
		if (transaction_is_null(at))
			continue;
		failure = failure || add_failure(samples, session, at);
		if (!at->accepted || accepted)
			continue;
		accepted = true;
		add_reply(samples, session,
			&(struct answer){
				at->time, at->final_code, at->final_text, at->reverse_path });
	}
	if (!session->transactions && session->tls)
		add_reply(samples, session, &(struct answer){ .time = session->tls_time });
}

void samples_attempt(struct samples *samples, const struct attempt *attempt)
{
	struct sample sample = {
		.time = attempt->start, .peer = attempt->server, .rank = RANK_SILENT
	};
	insert(samples, &sample);
}

void samples_join(struct samples *sum, const struct samples *from)
{
	for (unsigned i = 0; i < from->count; i++)
		insert(sum, &from->at[i]);
}
