/* How many bytes of mail a second of one processor the scanner reads. The messages are made from a
 * fixed seed: sizes are log-normal with a median of 8 KiB, one in ten carries a base64 attachment;
 * most have a text and an HTML part in quoted-printable, as mail programs write them. Printed for
 * both levels, fed whole and in TCP segments of 1,460 bytes. */
#include "mime/mime.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MESSAGES 2000
#define ROOM (128 * 1024 * 1024)

struct corpus {
	uint64_t seed;
	uint8_t *room;
	size_t size;
	size_t begin[MESSAGES + 1];
};

static uint64_t random_next(struct corpus *corpus) /* xorshift64* (Vigna 2016) */
{
	corpus->seed ^= corpus->seed >> 12;
	corpus->seed ^= corpus->seed << 25;
	corpus->seed ^= corpus->seed >> 27;
	return corpus->seed * 0x2545F4914F6CDD1D;
}

static double uniform(struct corpus *corpus)
{
	return ((double)(random_next(corpus) >> 11) + 0.5) / 9007199254740992.0;
}

static double log_normal(struct corpus *corpus, double median, double sigma)
{
	double normal = sqrt(-2 * log(uniform(corpus))) * cos(2 * M_PI * uniform(corpus));
	return median * exp(sigma * normal);
}

static void put(struct corpus *corpus, const char *text)
{
	size_t size = strlen(text);
	if (corpus->size + size > ROOM)
		return;
	memcpy(corpus->room + corpus->size, text, size);
	corpus->size += size;
}

static const char *word(struct corpus *corpus)
{
	static const char *const words[] = { "the ", "meeting ", "of ", "report ", "Monday ",
		"please ", "numbers ", "attached ", "will ", "a ", "network ", "and ", "in ",
		"tomorrow, ", "question. ", "caf=C3=A9 ", "find ", "thanks ", "=E2=80=93 " };
	return words[random_next(corpus) % COUNT(words)];
}

static void put_text(struct corpus *corpus, size_t size, bool html)
{
	size_t end = corpus->size + size, line = corpus->size;
	while (corpus->size < end) {
		uint64_t dice = random_next(corpus) % 200;
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
	}
	put(corpus, "\r\n");
}

static void put_base64(struct corpus *corpus, size_t size)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char line[79] = { 0 };
	for (size_t done = 0; done < size; done += 78) {
		for (unsigned i = 0; i < 76; i++)
			line[i] = letters[random_next(corpus) >> 58];
		line[76] = '\r';
		line[77] = '\n';
		put(corpus, line);
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
		put_base64(corpus, size * 8);
	}
	put(corpus, "--------------b1--\r\n");
}

static void scan(struct mime *mime, struct bytes message, size_t slice, uint64_t *items)
{
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	struct mime_item item;
	mime_init(mime, &seen);
	while (message.at != message.end) {
		mime_feed(mime, bytes_split(&message, slice));
		while (mime_next(mime, &item))
			++*items;
	}
	mime_finish(mime);
	while (mime_next(mime, &item))
		++*items;
}

static double cpu(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void run(const struct corpus *corpus, enum mime_level level, size_t slice)
{
	struct mime_tools *tools = mime_tools_open();
	struct mime *mime = tools ? mime_new(tools, level) : NULL;
	uint64_t items = 0, bytes = 0;
	double begin = cpu(), end = begin;
	if (!mime)
		exit(4);
	for (unsigned i = 0; end - begin < 1.5; i = (i + 1) % MESSAGES) {
		size_t size = corpus->begin[i + 1] - corpus->begin[i];
		scan(mime, bytes_make(corpus->room + corpus->begin[i], size), slice, &items);
		bytes += size;
		end = i % 64 ? end : cpu();
	}
	printf("%-7s %-14s %6.0f MB a CPU second, %.1f items a message\n",
		level == MIME_DIGESTS ? "digests" : "headers", slice == 1460 ? "segments" : "whole",
		(double)bytes / 1e6 / (end - begin),
		(double)items / ((double)bytes / ((double)corpus->size / MESSAGES)));
	mime_free(mime);
	mime_tools_close(tools);
}

int main(void)
{
	static struct corpus corpus = { .seed = 0x9E3779B97F4A7C15 };
	corpus.room = malloc(ROOM);
	if (!corpus.room)
		return 4;
	for (unsigned i = 0; i < MESSAGES; i++) {
		corpus.begin[i] = corpus.size;
		put_message(&corpus, (size_t)log_normal(&corpus, 8192, 1), i % 10 == 0);
	}
	corpus.begin[MESSAGES] = corpus.size;
	printf("%u messages, %.1f MB\n", MESSAGES, (double)corpus.size / 1e6);
	run(&corpus, MIME_HEADERS, SIZE_MAX);
	run(&corpus, MIME_HEADERS, 1460);
	run(&corpus, MIME_DIGESTS, SIZE_MAX);
	run(&corpus, MIME_DIGESTS, 1460);
	free(corpus.room);
}
