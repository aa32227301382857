/* Messages, and all that is told of them. A new case is a new row. */
#include "told.h"

struct row {
	const char *message, *told;
};

static void check(void **state, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		told_check(*state, bytes_of(rows[i].message), rows[i].told);
}

static void test_structure(void **state)
{
	static const struct row rows[] = {
		{ "", "part 1 text/plain\nend 1 size=0\ntotal parts=1 attachments=0 links=0 "
		      "images=0\n" },
		{ "\r\nhello", "part 1 text/plain\nend 1 size=5\n"
			       "total parts=1 attachments=0 links=0 images=0\n" },
		/* the line end before a boundary is the boundary's; a bare LF will do */
		{ "Content-Type: multipart/mixed; "
		  "boundary=b\r\n\r\npreamble\r\n--b\r\n\r\nab\r\n--b \t\n"
		  "Content-Type: IMAGE/PNG\n\ncd\n\n--b--\r\nepilogue\r\n--b\r\n",
			"part 1 multipart/mixed\npart 1.1 text/plain\nend 1.1 size=2\n"
			"part 1.2 image/png\nend 1.2 size=3\nend 1\n"
			"total parts=3 attachments=0 links=0 images=1\n" },
		/* parts within parts; the inner one ends with the outer boundary */
		{ "Content-Type: multipart/mixed; boundary=\"o\"\n\n--o\n"
		  "Content-Type: multipart/alternative; boundary=i\n\n--i\n\n1\n--o\n\n2\n--o--\n",
			"part 1 multipart/mixed\npart 1.1 multipart/alternative\n"
			"part 1.1.1 text/plain\nend 1.1.1 size=1\nend 1.1\n"
			"part 1.2 text/plain\nend 1.2 size=1\nend 1\n"
			"total parts=4 attachments=0 links=0 images=0\n! mime_unended\n" },
		/* an inner end and an outer boundary at once */
		{ "Content-Type: multipart/mixed; boundary=o\n\n--o\n"
		  "Content-Type: multipart/related; boundary=i\n\n--i\n\n1\n--i--\n--o--\n",
			"part 1 multipart/mixed\npart 1.1 multipart/related\npart 1.1.1 "
			"text/plain\n"
			"end 1.1.1 size=1\nend 1.1\nend 1\n"
			"total parts=3 attachments=0 links=0 images=0\n" },
		/* a message in a message; its fields are not the outer message's */
		{ "Subject: outer\nContent-Type: message/rfc822; name=x.eml\n\nSubject: inner\n"
		  "Content-Type: application/pdf; name=a.pdf\n\n%PDF-1.4",
			"subject: outer\npart 1 message/rfc822 name=x.eml attachment\n"
			"part 1.1 application/pdf name=a.pdf attachment\n"
			"end 1.1 size=8 true=pdf\nend 1\n"
			"total parts=2 attachments=2 links=0 images=0\n" },
		/* parts of a digest are messages */
		{ "Content-Type: multipart/digest; boundary=d\n\n--d\n\nSubject: x\n\ny\n--d--\n",
			"part 1 multipart/digest\npart 1.1 message/rfc822\npart 1.1.1 text/plain\n"
			"end 1.1.1 size=1\nend 1.1\nend 1\n"
			"total parts=3 attachments=0 links=0 images=0\n" },
		/* no blank line between header and boundary */
		{ "Content-Type: multipart/mixed; boundary=b\n--b\nContent-Type: "
		  "text/html\n--b--\n",
			"part 1 multipart/mixed\npart 1.1 text/html\nend 1.1 size=0\nend 1\n"
			"total parts=2 attachments=0 links=0 images=0\n" },
		/* lines that only look like boundaries */
		{ "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n-\n--\n--c\n---b\n "
		  "--b\n--b--\n",
			"part 1 multipart/mixed\npart 1.1 text/plain\nend 1.1 size=18\nend 1\n"
			"total parts=2 attachments=0 links=0 images=0\n" },
		/* the end of input is the end of a boundary's line */
		{ "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--",
			"part 1 multipart/mixed\npart 1.1 text/plain\nend 1.1 size=1\nend 1\n"
			"total parts=2 attachments=0 links=0 images=0\n" },
	};
	check(state, rows, COUNT(rows));
}

static void test_ambiguous(void **state)
{
	static const struct row rows[] = {
		/* two boundaries: the first counts */
		{ "Content-Type: multipart/mixed; boundary=a; boundary=b\n\n--a\n\n1\n--a--\n",
			"part 1 multipart/mixed\npart 1.1 text/plain\nend 1.1 size=1\nend 1\n"
			"total parts=2 attachments=0 links=0 images=0\n! mime_ambiguous\n" },
		/* a comment or blank in a boundary without quotes */
		{ "Content-Type: multipart/mixed; boundary=a (c)\n\n--a\n\n1\n--a--\n",
			"part 1 multipart/mixed\npart 1.1 text/plain\nend 1.1 size=1\nend 1\n"
			"total parts=2 attachments=0 links=0 images=0\n! mime_ambiguous\n" },
		/* the inner boundary begins with the outer one */
		{ "Content-Type: multipart/mixed; boundary=a\n\n--a\n"
		  "Content-Type: multipart/mixed; boundary=ab\n\n--ab\n\n1\n--ab--\n--a--\n",
			"part 1 multipart/mixed\npart 1.1 multipart/mixed\npart 1.1.1 text/plain\n"
			"end 1.1.1 size=1\nend 1.1\nend 1\n"
			"total parts=3 attachments=0 links=0 images=0\n! mime_ambiguous\n" },
		/* a line that begins with a boundary is one for the RFC, not for readers */
		{ "Content-Type: multipart/mixed; boundary=a\n\n--a\n\n1\n--ax\n--a--\n",
			"part 1 multipart/mixed\npart 1.1 text/plain\nend 1.1 size=6\nend 1\n"
			"total parts=2 attachments=0 links=0 images=0\n! mime_ambiguous\n" },
		/* more than 70 characters */
		{ "Content-Type: multipart/mixed; boundary="
		  "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghhhhh\n\n"
		  "--aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghhhhh--"
		  "\n",
			"part 1 multipart/mixed\nend 1\n"
			"total parts=1 attachments=0 links=0 images=0\n"
			"! mime_ambiguous\n! mime_no_parts\n" },
	};
	check(state, rows, COUNT(rows));
}

static void test_ambiguous_header(void **state)
{
	static const struct row rows[] = {
		/* a line of blanks in the header ends it for some */
		{ "Subject: x\n \nSubject: y\n\nz",
			"subject: x\nsubject: y\npart 1 text/plain\n"
			"end 1 size=1\ntotal parts=1 attachments=0 links=0 images=0\n"
			"! mime_field_twice\n! mime_ambiguous\n" },
		/* an encoded message is not opened */
		{ "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nYQ==",
			"part 1 message/rfc822 base64\nend 1 size=1\n"
			"total parts=1 attachments=0 links=0 images=0\n! mime_ambiguous\n" },
		/* one that only says it is encoded is */
		{ "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
		  "Subject: x\nContent-Type: application/x-msdownload; name=a.exe\n\nMZ",
			"part 1 message/rfc822 base64\n"
			"part 1.1 application/x-msdownload name=a.exe attachment\n"
			"end 1.1 size=2 true=dos\nend 1\n"
			"total parts=2 attachments=1 links=0 images=0\n! mime_ambiguous\n" },
		{ "Content-Type: multipart/digest; boundary=d\n\n--d\n"
		  "Content-Transfer-Encoding: base64\n\nYQ==\nSubject: x\n--d--",
			"part 1 multipart/digest\npart 1.1 message/rfc822 base64\n"
			"end 1.1 size=1\nend 1\ntotal parts=2 attachments=0 links=0 images=0\n"
			"! mime_ambiguous\n! mime_base64_junk\n" },
		/* two types: the first counts */
		{ "Content-Type: text/html\nContent-Type: text/plain\n\n",
			"part 1 text/html\nend 1 size=0\n"
			"total parts=1 attachments=0 links=0 images=0\n! mime_ambiguous\n" },
		/* two names that differ in what opens them */
		{ "Content-Type: image/png; name=a.exe\n"
		  "Content-Disposition: attachment; filename=a.png\n\n",
			"part 1 image/png name=a.png attachment\nend 1 size=0\n"
			"total parts=1 attachments=1 links=0 images=1\n! mime_ambiguous\n" },
		{ "Content-Type: multipart/mixed\n\nx",
			"part 1 multipart/mixed\nend 1 size=1\n"
			"total parts=1 attachments=0 links=0 images=0\n! mime_no_boundary\n" },
		{ "Content-Type: multipart/mixed; boundary=b\n\nx",
			"part 1 multipart/mixed\nend 1\n"
			"total parts=1 attachments=0 links=0 images=0\n"
			"! mime_no_parts\n! mime_unended\n" },
	};
	check(state, rows, COUNT(rows));
}

static void test_header(void **state)
{
	static const struct row rows[] = {
		{ "From someone Mon Jan  1\nFROM : a@example.org\nX-Other: x\nSubject: a\r\n\t "
		  "b\r\n\r\n",
			"from: a@example.org\nfrom:  <a@example.org\nsubject: a\t b\n" },
		{ " lost\nno colon\n:\nSubject: x\n", "subject: x\n! mime_header_bad\n" },
		{ "To: A <a@example.org>,\n \"B, C\" <b@example.org>\n\n",
			"to: A <a@example.org>, \"B, C\" <b@example.org>\n"
			"to: A <a@example.org\nto: B, C <b@example.org\n" },
		{ "Date: Mon, 5 Oct 2009 11:36:07 +0530\nMessage-ID: <1@x>\nIn-Reply-To: <0@x>\n",
			"date: Mon, 5 Oct 2009 11:36:07 +0530 time=1254722767\nmessage_id: <1@x>\n"
			"in_reply_to: <0@x>\n" },
		{ "Received: from h (n.example [192.0.2.1]) by b with ESMTP id i;"
		  " 1 Jan 2001 00:00 GMT\nReceived: x\n",
			"received from=h name=n.example address=192.0.2.1 by=b with=ESMTP id=i"
			" time=978307200\nreceived from= name= by= with= id=\n" },
		{ "User-Agent: =?utf-8?Q?M=C3=BCtt?=\nX-Mailer: x\nX-Originating-IP: [192.0.2.9]\n"
		  "List-Id: <l.example>\nAuto-Submitted: auto-replied\nPrecedence: bulk\n"
		  "Authentication-Results: x\nDKIM-Signature: v=1\nReceived-SPF: pass\n"
		  "Reply-To: r@example.org\n",
			"user_agent: M\xC3\xBCtt\nx_mailer: x\nx_originating_ip: [192.0.2.9]\n"
			"list_id: <l.example>\nauto_submitted: auto-replied\nprecedence: bulk\n"
			"authentication_results: x\ndkim_signature: v=1\nreceived_spf: pass\n"
			"reply_to: r@example.org\nreply_to:  <r@example.org\n" },
		{ "Subject: \xE9t\xE9\n", "subject: \xE9t\xE9 (raw)\n! mime_header_8bit\n" },
	};
	struct told *told = *state;
	told->fields_only = true;
	check(state, rows, COUNT(rows));
	told->fields_only = false;
}

static void test_links(void **state)
{
	static const struct row rows[] = {
		/* links: schemes, userinfo, ports, IPv6, numbers, percent, IDN; each host once */
		{ "\nsee http://user:pw@Example.org:80/x, HTTPS://example.ORG. "
		  "<ftp://[2001:db8::1]/> "
		  "http://0x7f.1/ http://b%C3%BCcher.example www.example.net; xhttp://no.example "
		  "hxxp://no.example http://no[.]example http://localhost/ me@www.example.com",
			"part 1 text/plain\nlink example.org\nlink 2001:db8::1\nlink 127.0.0.1\n"
			"link xn--bcher-kva.example\nlink www.example.net\n"
			"end 1 size=233 links=6\ntotal parts=1 attachments=0 links=6 images=0\n" },
		/* HTML: entities, redirects within links, pictures */
		{ "Content-Type: text/html\n\n"
		  "<a href='http&#58;//a.example/?u=http%3A%2F%2Fb.example%2F"
		  "&amp;v=http://c&#x2e;example'><IMG "
		  "src=x>&nbsp;&unknown;<img>&#104;ttp://d.example",
			"part 1 text/html\nlink a.example\nlink b.example\nlink c.example\n"
			"link d.example\nend 1 size=140 links=4 images=2\n"
			"total parts=1 attachments=0 links=4 images=2\n" },
		/* decoded first: a soft line break within a host */
		{ "Content-Transfer-Encoding: Quoted-Printable\n\nhttp://exam=\r\nple.org=2Fx",
			"part 1 text/plain quoted-printable\nlink example.org\n"
			"end 1 size=20 links=1\ntotal parts=1 attachments=0 links=1 images=0\n" },
		{ "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
		  "aHR0cDov\nL2V4YW1w\nbGUub3Jn\n",
			"part 1 text/plain base64\nlink example.org\n"
			"end 1 size=18 links=1\ntotal parts=1 attachments=0 links=1 images=0\n" },
	};
	struct told *told = *state;
	told->parts_only = true;
	check(state, rows, COUNT(rows));
	told->parts_only = false;
}

static void test_content(void **state)
{
	static const struct row rows[] = {
		/* a file in the text; what only begins like one */
		{ "\nx\nbegin 644 a b.txt\n#0V%T\n`\nend\nhttp://a.example\nbegin 644 no\n"
		  "http://b.example\nbegin to\n",
			"part 1 text/plain\n"
			"part 1.1 application/octet-stream uuencode name=a b.txt attachment\n"
			"end 1.1 size=3\nlink a.example\nlink b.example\nend 1 size=88 links=2\n"
			"total parts=2 attachments=1 links=2 images=0\n" },
		{ "\n=ybegin line=128 size=3 name=y.bin\n\x6d\x8b=\xb4\n=yend size=3\n",
			"part 1 text/plain\n"
			"part 1.1 application/octet-stream yenc name=y.bin attachment\n"
			"end 1.1 size=3\nend 1 size=53\n"
			"total parts=2 attachments=1 links=0 images=0\n" },
		{ "\nbegin 644 a\n#0V%T\n",
			"part 1 text/plain\n"
			"part 1.1 application/octet-stream uuencode name=a attachment\n"
			"end 1.1 size=3\nend 1 size=18\n"
			"total parts=2 attachments=1 links=0 images=0\n! mime_block_bad\n" },
		{ "\n-----BEGIN PGP MESSAGE-----\n",
			"part 1 text/plain\nend 1 size=28 true=pgp-armor pgp_inline\n"
			"total parts=1 attachments=0 links=0 images=0\n" },
		/* all of a part as such a file */
		{ "Content-Type: image/png\nContent-Transfer-Encoding: x-uuencode\n\n"
		  "begin 644 a\n#0V%T\n`\nend\n",
			"part 1 image/png uuencode\nend 1 size=3\n"
			"total parts=1 attachments=0 links=0 images=1\n" },
		/* a program in disguise */
		{ "Content-Type: image/jpeg; name=a.jpg\nContent-Transfer-Encoding: "
		  "base64\n\nTVqQAA==",
			"part 1 image/jpeg base64 name=a.jpg attachment\nend 1 size=4 true=dos\n"
			"total parts=1 attachments=1 links=0 images=0\n! mime_type_lies\n" },
		/* a name that leads elsewhere and turns the order of what is read */
		{ "Content-Type: text/plain; name=\"../\xE2\x80\xAEgpj.exe\"\n\n",
			"part 1 text/plain name=../\xE2\x80\xAEgpj.exe attachment\nend 1 size=0\n"
			"total parts=1 attachments=1 links=0 images=0\n! mime_name_odd\n" },
		{ "Content-Transfer-Encoding: x-none\n\nx",
			"part 1 text/plain unknown\nend 1 size=1\n"
			"total parts=1 attachments=0 links=0 images=0\n! mime_encoding_bad\n" },
		{ "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; "
		  "boundary=s\n\n"
		  "--s\n\nx\n--s\nContent-Type: application/pgp-signature\n\ny\n--s\n"
		  "Content-Type: application/x-pkcs7-signature; name=smime.p7s\n\nz\n--s--",
			"part 1 multipart/signed\npart 1.1 text/plain\nend 1.1 size=1\n"
			"part 1.2 application/pgp-signature\nend 1.2 size=1 pgp_signed\n"
			"part 1.3 application/x-pkcs7-signature name=smime.p7s attachment\n"
			"end 1.3 size=1 smime_signed\nend 1\n"
			"total parts=4 attachments=1 links=0 images=0\n" },
	};
	struct told *told = *state;
	told->parts_only = true;
	check(state, rows, COUNT(rows));
	told->parts_only = false;
}

/* UTF-16 is read for links in either order of bytes. */
static void test_wide(void **state)
{
	static const char text[] = "<a href='http://wide.example/'>";
	for (size_t big = 0; big < 2; big++) {
		char message[256] = "Content-Type: text/html; charset=UTF-16\n\n";
		size_t size = strlen(message);
		for (size_t i = 0; text[i]; i++, size += 2)
			message[size + big] = text[i];
		told_check(*state, bytes_make(message, size),
			"part 1 text/html charset=utf-16\nlink wide.example\n"
			"end 1 size=62 links=1\ntotal parts=1 attachments=0 links=1 images=0\n");
	}
}

/* Known answers: the digests of "abc" (RFC 1321, FIPS 180-2), and XXH3-128 of what was sent. */
static void test_digests(void **state)
{
	static const uint8_t md5[16] = { 0x90, 0x01, 0x50, 0x98, 0x3c, 0xd2, 0x4f, 0xb0, 0xd6, 0x96,
		0x3f, 0x7d, 0x28, 0xe1, 0x7f, 0x72 };
	static const uint8_t sha256[4] = { 0xba, 0x78, 0x16, 0xbf };
	static const uint8_t xxh3[4] = { 0x06, 0xb0, 0x5a, 0xb6 };
	struct told *told = *state;
	struct mime_item item;
	told_start(told);
	mime_feed(told->mime, bytes_of("\nabc"));
	while (mime_next(told->mime, &item))
		assert_int_not_equal(item.kind, MIME_PART_END);
	mime_finish(told->mime);
	assert_true(mime_next(told->mime, &item));
	assert_true(item.part->digests);
	assert_memory_equal(item.part->md5, md5, sizeof md5);
	assert_memory_equal(item.part->sha256, sha256, sizeof sha256);
	assert_memory_equal(item.part->xxh3, xxh3, sizeof xxh3);
}

/* Missing bytes take the digests of their part, not those of the next one. */
static void test_gap(void **state)
{
	struct told *told = *state;
	struct mime_item item;
	bool digests[2] = { true, false };
	size_t leaves = 0;
	told_start(told);
	mime_feed(told->mime, bytes_of("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nab"));
	while (mime_next(told->mime, &item)) {
	}
	mime_gap(told->mime, 1000);
	mime_feed(told->mime, bytes_of("cd\n--b\n\nef\n--b--\n"));
	for (int finished = 0; finished < 2; finished++) {
		while (mime_next(told->mime, &item))
			if (item.kind == MIME_PART_END && item.part->shape == MIME_LEAF)
				digests[leaves++ % 2] = item.part->digests;
		mime_finish(told->mime);
	}
	assert_int_equal(leaves, 2);
	assert_false(digests[0]);
	assert_true(digests[1]);
	assert_true(anomaly_is(&told->seen, MIME_GAP));
}

static void test_gap_in_header(void **state)
{
	struct told *told = *state;
	told_start(told);
	told_feed(told, bytes_of("Subject: whole\nTo: cu"), SIZE_MAX);
	mime_gap(told->mime, 0);
	told_feed(told, bytes_of("t\n\nbody"), SIZE_MAX);
	told_stop(told);
	assert_string_equal(told->text,
		"subject: whole\npart 1 text/plain\nend 1 size=7\n"
		"total parts=1 attachments=0 links=0 images=0\n! mime_gap\n");
}

/* Without digests base64 of a known type is only counted: the same sizes and types come out. */
static void test_levels(void **state)
{
	struct told *told = *state;
	struct mime *digests = told->mime, *headers = mime_new(told->tools, MIME_HEADERS);
	static char message[200000] = "Content-Type: application/pdf\n"
				      "Content-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n";
	size_t size = strlen(message), cuts[] = { SIZE_MAX, 1, 77, 1000 };
	for (unsigned i = 0; size + 80 < sizeof message; i++)
		size += (size_t)snprintf(message + size, 80, i % 50 ? "%076u\r\n" : "%07u*=\n", i);
	assert_non_null(headers);
	for (size_t i = 0; i < COUNT(cuts); i++) {
		char *expected = strdup(told_of(told, bytes_make(message, size), 0, SIZE_MAX));
		told->mime = headers;
		assert_string_equal(told_of(told, bytes_make(message, size), 0, cuts[i]), expected);
		told->mime = digests;
		free(expected);
	}
	mime_free(headers);
}

/* What a message may hold once is read behind a thousand lines too. */
static void test_long_header(void **state)
{
	static char message[65536];
	struct told *told = *state;
	size_t size = 0;
	for (unsigned i = 0; i < 1500; i++)
		size += (size_t)snprintf(message + size, 20, "X-Mailer: %u\n", i);
	snprintf(message + size, 200,
		"Subject: found\nX-Mailer: lost\nSubject: lost\n"
		"Content-Type: application/pdf\n\n");
	told_of(told, bytes_of(message), 0, 1460);
	assert_non_null(strstr(told->text, "x_mailer: 999\nsubject: found\npart 1 app"));
	assert_null(strstr(told->text, "lost"));
	assert_true(anomaly_is(&told->seen, MIME_HEADER_LONG));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_structure),
		cmocka_unit_test(test_ambiguous),
		cmocka_unit_test(test_ambiguous_header),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_long_header),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_content),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_digests),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_gap_in_header),
		cmocka_unit_test(test_levels),
	};
	return cmocka_run_group_tests(tests, told_begin, told_end);
}
