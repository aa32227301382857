/* What the messages are made of. */
#include "corpus.h"

#include <math.h>
#include <stdlib.h>

#define MESSAGE_MAX ((size_t)1024 * 1024)
#define MESSAGE_ROOM                                                                               \
	(2 * MESSAGE_MAX) /* what may be written beyond the size that was asked for                \
			   */

uint64_t corpus_random(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * 0x2545F4914F6CDD1D;
}

static double uniform(uint64_t *seed)
{
	return ((double)(corpus_random(seed) >> 11) + 0.5) / 9007199254740992.0;
}

double corpus_log_normal(uint64_t *seed, double median, double sigma)
{
	double normal = sqrt(-2 * log(uniform(seed))) * cos(2 * M_PI * uniform(seed));
	return median * exp(sigma * normal);
}

static void put_bytes(struct corpus *corpus, const void *at, size_t size)
{
	memcpy(corpus->room + corpus->size, at, size);
	corpus->size += size;
}

static void put(struct corpus *corpus, const char *text)
{
	put_bytes(corpus, text, strlen(text));
}

static const char *word(struct corpus *corpus)
{
	static const char *const words[] = { "the ", "meeting ", "of ", "report ", "Monday ",
		"please ", "numbers ", "attached ", "will ", "a ", "network ", "and ", "in ",
		"tomorrow, ", "question. ", "caf=C3=A9 ", "find ", "thanks ", "=E2=80=93 " };
	return words[corpus_random(&corpus->seed) % COUNT(words)];
}

/* Of quoted-printable from `begin` on: an escape is one byte, a soft line end is none. */
static size_t decoded_size(const struct corpus *corpus, size_t begin)
{
	size_t size = corpus->size - begin;
	for (size_t i = begin; i < corpus->size; i++)
		if (corpus->room[i] == '=')
			size -= corpus->room[i + 1] == '\r' ? 3 : 2;
	return size;
}

static void put_text(struct corpus *corpus, size_t size, bool html)
{
	size_t begin = corpus->size, end = begin + size, line = begin;
	while (corpus->size < end) {
		uint64_t dice = corpus_random(&corpus->seed) % 200;
		if (html && dice < 20)
			put(corpus, dice < 10 ? "<p style=3D\"margin:0\">" : "</p>&nbsp;");
		else if (dice == 20)
			put(corpus, "https://www.example.org/news/2026/item?id=3D4711 ");
		else
			put(corpus, word(corpus));
		if (corpus->size - line < 66)
			continue;
		put(corpus, dice % 4 ? "=\r\n" : "\r\n");
		line = corpus->size;
		if (dice == 100)
			put(corpus, "..and ");
	}
	corpus->decoded += decoded_size(corpus, begin);
	put(corpus, "\r\n");
}

static void put_base64(struct corpus *corpus, size_t size)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char line[78];
	for (size_t done = 0; done < size; done += sizeof(line)) {
		for (unsigned i = 0; i < 76; i++)
			line[i] = letters[corpus_random(&corpus->seed) >> 58];
		line[76] = '\r';
		line[77] = '\n';
		put_bytes(corpus, line, sizeof(line));
		corpus->decoded += 57;
	}
}

static void put_header(struct corpus *corpus)
{
	for (unsigned i = 0; i < 4; i++)
		put(corpus, "Received: from mail.example.net (mail.example.net [192.0.2.17])\r\n"
			    "\tby mx.example.org (Postfix) with ESMTPS id 4F2A01C0042\r\n"
			    "\tfor <someone@example.org>; Tue, 24 Nov 2026 10:00:00 +0100\r\n");
	put(corpus,
		"DKIM-Signature: v=1; a=rsa-sha256; d=example.net; s=mail; h=from:to:subject;\r\n"
		"\tbh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n"
		"\tb=QmFzZTY0IHRleHQgdGhhdCBsb29rcyBsaWtlIGEgc2lnbmF0dXJlLCBidXQgaXMgbm9uZQ==\r\n"
		"From: =?utf-8?Q?J=C3=BCrgen?= Example <juergen@example.net>\r\n"
		"To: Someone <someone@example.org>, Else <else@example.org>\r\n"
		"Subject: Report of the meeting on Monday\r\n"
		"Date: Tue, 24 Nov 2026 10:00:00 +0100\r\n"
		"Message-ID: <20261124100000.4711@example.net>\r\n"
		"User-Agent: Mozilla Thunderbird\r\nMIME-Version: 1.0\r\n");
}

static void put_message(struct corpus *corpus, size_t size, bool attachment)
{
	put_header(corpus);
	put(corpus, "Content-Type: multipart/mixed; boundary=\"------------b1\"\r\n\r\n"
		    "--------------b1\r\n"
		    "Content-Type: multipart/alternative; boundary=\"------------a2\"\r\n\r\n"
		    "--------------a2\r\nContent-Type: text/plain; charset=UTF-8\r\n"
		    "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
	put_text(corpus, attachment ? 2048 : size / 3, false);
	put(corpus, "--------------a2\r\nContent-Type: text/html; charset=UTF-8\r\n"
		    "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
	put_text(corpus, attachment ? 4096 : size / 3 * 2, true);
	put(corpus, "--------------a2--\r\n");
	if (attachment) {
		put(corpus, "--------------b1\r\nContent-Type: application/pdf; name=\"r.pdf\"\r\n"
			    "Content-Disposition: attachment; filename=\"r.pdf\"\r\n"
			    "Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n");
		put_base64(corpus, size);
	}
	put(corpus, "--------------b1--\r\n");
}

void corpus_new(struct corpus *corpus, unsigned count)
{
	size_t room = 0;
	*corpus = (struct corpus){ .seed = 0x9E3779B97F4A7C15, .count = count };
	corpus->begin = calloc(count + 1, sizeof(*corpus->begin));
	corpus->content = calloc(count, sizeof(*corpus->content));
	for (unsigned i = 0; i < count; i++) {
		bool attachment = i % 10 == 0;
		size_t size = (size_t)corpus_log_normal(&corpus->seed, 8192, 1.2);
		size = attachment ? size * 8 : size;
		if (room - corpus->size < MESSAGE_ROOM) {
			room = room ? 2 * room : 8 * MESSAGE_ROOM;
			corpus->room = realloc(corpus->room, room);
		}
		if (!corpus->begin || !corpus->content || !corpus->room)
			exit(4);
		size_t before = corpus->decoded;
		put_message(corpus, size < MESSAGE_MAX ? size : MESSAGE_MAX, attachment);
		corpus->content[i] = corpus->decoded - before;
		corpus->begin[i + 1] = corpus->size;
	}
}

void corpus_free(struct corpus *corpus)
{
	free(corpus->room);
	free(corpus->begin);
	free(corpus->content);
}

struct bytes corpus_message(const struct corpus *corpus, unsigned number)
{
	size_t begin = corpus->begin[number];
	return bytes_make(corpus->room + begin, corpus->begin[number + 1] - begin);
}
