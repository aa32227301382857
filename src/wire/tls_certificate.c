/* Of an X.509 certificate (RFC 5280 4.1), the names and dates: a walk along its DER (X.690) that
 * steps over everything else. Nothing is verified: that takes trust, and what is sent to a client
 * is of interest as it was sent. */
#include "wire/tls.h"

#include "base/moment.h"

enum { /* tags */
	DER_INTEGER = 0x02,
	DER_OCTETS = 0x04,
	DER_OBJECT = 0x06,
	DER_UTC_TIME = 0x17,
	DER_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_DNS_NAME = 0x82, /* [2] of a GeneralName, RFC 5280 4.2.1.6 */
	DER_VERSION = 0xa0,  /* [0] of a certificate, and its [3] */
	DER_EXTENSIONS = 0xa3
};

/* The next element, whatever it is; false: it is none, or longer than what is left. */
static bool der_take(struct bytes *in, uint8_t *tag, struct bytes *content)
{
	const uint8_t *head = bytes_take(in, 2);
	size_t size, more;
	if (!head || (head[0] & 0x1f) == 0x1f)
		return false; /* no tag of several bytes occurs */
	size = head[1];
	if (size >= 0x80) { /* so many bytes of length follow */
		more = size & 0x7f;
		const uint8_t *length = bytes_take(in, more);
		if (!more || more > 4 || !length)
			return false;
		for (size = 0; more; more--)
			size = size << 8 | *length++;
	}
	if (size > bytes_size(*in))
		return false;
	*tag = head[0];
	*content = bytes_split(in, size);
	return true;
}

static bool der_expect(struct bytes *in, uint8_t tag, struct bytes *content)
{
	uint8_t found;
	return der_take(in, &found, content) && found == tag;
}

static bool is_object(struct bytes object, uint8_t last)
{
	const uint8_t wanted[3] = { 0x55, 0x04, last }; /* 2.5.4: attributes of names */
	return bytes_equal(object, bytes_make(wanted, 3));
}

/* A Name (RFC 5280 4.1.2.4). Where there are several common names the last one is the narrowest. */
static bool name_read(struct bytes in, struct bytes *common, struct bytes *organization)
{
	struct bytes set, pair, object, value;
	uint8_t tag;
	while (in.at != in.end) { /* each turn takes a byte, inside too */
		if (!der_expect(&in, DER_SET, &set))
			return false;
		while (set.at != set.end) {
			if (!der_expect(&set, DER_SEQUENCE, &pair) ||
				!der_expect(&pair, DER_OBJECT, &object) ||
				!der_take(&pair, &tag, &value))
				return false;
			if (is_object(object, 3))
				*common = value;
			else if (is_object(object, 10))
				*organization = value;
		}
	}
	return true;
}

/* Days from 1970-01-01; years are counted from March, so that a leap day is the last of its year.
 */
static int64_t days_of(int year, int month, int day)
{
	int64_t from_march = (int64_t)year + 400 - (month <= 2); /* an era more: never negative */
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return from_march * 365 + from_march / 4 - from_march / 100 + from_march / 400 + of_year -
	       719468 - 146097;
}

static bool number_take(struct bytes *in, size_t digits, int *out)
{
	const uint8_t *at = bytes_take(in, digits);
	*out = 0;
	for (size_t i = 0; at && i < digits; i++) {
		if (at[i] < '0' || at[i] > '9')
			return false;
		*out = *out * 10 + at[i] - '0';
	}
	return at;
}

/* RFC 5280 4.1.2.5: YYMMDDHHMMSSZ, of 1950 to 2049, or YYYYMMDDHHMMSSZ. */
static bool time_take(struct bytes *in, int64_t *out)
{
	struct bytes text;
	uint8_t tag;
	int year, part[5]; /* month, day, hour, minute, second */
	static const int low[5] = { 1, 1, 0, 0, 0 }, high[5] = { 12, 31, 23, 59, 59 };
	if (!der_take(in, &tag, &text) || (tag != DER_UTC_TIME && tag != DER_TIME) ||
		!number_take(&text, tag == DER_TIME ? 4 : 2, &year))
		return false;
	for (size_t i = 0; i < COUNT(part); i++)
		if (!number_take(&text, 2, &part[i]) || part[i] < low[i] || part[i] > high[i])
			return false;
	if (tag == DER_UTC_TIME)
		year += year < 50 ? 2000 : 1900;
	*out = days_of(year, part[0], part[1]) * DAY + part[2] * HOUR + part[3] * MINUTE +
	       part[4] * SECOND;
	return bytes_equal(text, bytes_of("Z"));
}

struct place { /* where things lie in the certificate */
	struct bytes subject, issuer, issuer_organization, subject_organization;
	struct bytes extensions; /* what follows the key */
	int64_t not_before, not_after;
	bool dated, named; /* could be read */
};

/* false: the frame is broken before the subject is over. */
static bool certificate_walk(struct bytes in, struct place *out)
{
	struct bytes whole, body, step, issuer, times, subject;
	if (!der_expect(&in, DER_SEQUENCE, &whole) || !der_expect(&whole, DER_SEQUENCE, &body))
		return false;
	step = body;
	if (!der_expect(&step, DER_VERSION, &times)) /* left out: version 1 */
		step = body;
	if (!der_expect(&step, DER_INTEGER, &times) || !der_expect(&step, DER_SEQUENCE, &times) ||
		!der_expect(&step, DER_SEQUENCE, &issuer) ||
		!der_expect(&step, DER_SEQUENCE, &times) ||
		!der_expect(&step, DER_SEQUENCE, &subject))
		return false;
	out->named = name_read(issuer, &out->issuer, &out->issuer_organization);
	out->named &= name_read(subject, &out->subject, &out->subject_organization);
	out->dated = time_take(&times, &out->not_before) && time_take(&times, &out->not_after);
	out->extensions = step;
	return true;
}

/* RFC 5280 4.2.1.6; names of other kinds are stepped over. */
static bool alternatives_keep(
	struct tls_names *names, struct bytes in, struct arena *arena, struct anomalies *seen)
{
	struct bytes list, name;
	uint8_t tag;
	if (!der_expect(&in, DER_SEQUENCE, &list))
		return false;
	while (list.at != list.end) { /* each turn takes a byte */
		if (!der_take(&list, &tag, &name))
			return false;
		if (tag != DER_DNS_NAME)
			continue;
		if (names->count < TLS_NAMES_MAX)
			names->at[names->count] = tls_name_keep(arena, name, seen);
		names->count++;
	}
	return true;
}

/* Key, unique ids, extensions: only the last hold a name. */
static bool extensions_keep(
	struct tls_names *names, struct bytes in, struct arena *arena, struct anomalies *seen)
{
	static const uint8_t alternative[3] = { 0x55, 0x1d, 0x11 }; /* 2.5.29.17 */
	struct bytes content, list = { NULL, NULL }, one, object;
	uint8_t tag;
	while (in.at != in.end) { /* each turn takes a byte, below too */
		if (!der_take(&in, &tag, &content))
			return false;
		if (tag == DER_EXTENSIONS && !der_expect(&content, DER_SEQUENCE, &list))
			return false;
	}
	while (list.at != list.end) {
		if (!der_expect(&list, DER_SEQUENCE, &one) ||
			!der_expect(&one, DER_OBJECT, &object))
			return false;
		if (names->count || !bytes_equal(object, bytes_make(alternative, 3)))
			continue;
		do { /* `critical` may stand before the value */
			if (!der_take(&one, &tag, &content))
				return false;
		} while (tag != DER_OCTETS);
		if (!alternatives_keep(names, content, arena, seen))
			return false;
	}
	return true;
}

struct tls_certificate *tls_certificate_decode(
	struct bytes in, struct arena *arena, struct anomalies *seen)
{
	struct place place = { .dated = false };
	struct tls_certificate *certificate = arena_take(arena, sizeof *certificate);
	if (!certificate) {
		anomaly(seen, SMTP_ARENA_FULL);
		return NULL;
	}
	if (!certificate_walk(in, &place)) {
		anomaly(seen, TLS_CERTIFICATE_BAD);
		return NULL;
	}
	certificate->subject = tls_name_keep(arena, place.subject, seen);
	certificate->issuer = tls_name_keep(arena, place.issuer, seen);
	certificate->issuer_organization = tls_name_keep(arena, place.issuer_organization, seen);
	certificate->dated = place.dated;
	certificate->not_before = place.not_before;
	certificate->not_after = place.not_after;
	if (!extensions_keep(&certificate->names, place.extensions, arena, seen) || !place.named ||
		!place.dated)
		anomaly(seen, TLS_CERTIFICATE_BAD);
	return certificate;
}
