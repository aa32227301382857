/* Received fields of many servers, and dates. */
#include "harness.h"

#include <stdio.h>

#include "mime/date.h"
#include "mime/received.h"

static void test_received(void **state)
{
	static const struct {
		const char *field, *told; /* from|name|address|by|with|id|date */
	} cases[] = {
		{ "", "|||||||" },
		/* Postfix */
		{ "from h.example (n.example [192.0.2.1]) by m.example (Postfix) with ESMTPS id "
		  "4F2A "
		  "for <x@example.org>; Tue, 24 Nov 2026 10:00:00 +0100 (CET)",
			"h.example|n.example|192.0.2.1|m.example|ESMTPS|4F2A|"
			" Tue, 24 Nov 2026 10:00:00 +0100 (CET)|" },
		{ "from h (unknown [IPv6:2001:db8::1]) (using TLSv1.3 (256/256 bits)) by m with "
		  "ESMTP id 1; d",
			"h||2001:db8::1|m|ESMTP|1| d|" },
		/* Exim */
		{ "from n.example ([192.0.2.1] helo=h.example) by m with esmtps (TLS1.3) (Exim "
		  "4.96) "
		  "(envelope-from <a@b>) id 1abc-000; d",
			"h.example|n.example|192.0.2.1|m|esmtps|1abc-000| d|" },
		{ "from [192.0.2.1] (helo=h) by m with smtp id 1; d", "h||192.0.2.1|m|smtp|1| d|" },
		{ "from [10.0.0.1] (n.example [192.0.2.1]) by m; d",
			"[10.0.0.1]|n.example|192.0.2.1|m||| d|" },
		{ "from [192.0.2.1] (port=4711) by m; d", "[192.0.2.1]||192.0.2.1|m||| d|" },
		/* Sendmail, with ident */
		{ "from h (root@n.example [192.0.2.1] (may be forged)) by m (8.15.2/8.15.2) with "
		  "SMTP id x; d",
			"h|n.example|192.0.2.1|m|SMTP|x| d|" },
		/* qmail */
		{ "from unknown (HELO h) (u@192.0.2.1) by m with SMTP; d",
			"h||192.0.2.1|m|SMTP|| d|" },
		{ "from n.example (HELO h.example) (192.0.2.1) by 0 with SMTP; d",
			"h.example|n.example|192.0.2.1|0|SMTP|| d|" },
		/* Exchange */
		{ "from H.example (2001:db8::2) by M.example (192.0.2.1) with Microsoft SMTP "
		  "Server id "
		  "15.1.1; d",
			"H.example||2001:db8::2|M.example|Microsoft|15.1.1| d|" },
		{ "by 2002:a05:6512 with SMTP id k; d", "|||2002:a05:6512|SMTP|k| d|" },
		{ "(qmail 123 invoked by uid 89); d", "|||||| d|" },
		{ "from from by by id id; d", "from|||by||id| d|" },
		{ "from a (((((", "a|||||||" },
		{ "from a ([192.0.2.1] [192.0.2.2]) by b", "a||192.0.2.1|b||||" },
	};
	struct harness *harness = *state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct mime_received received;
		struct bytes date;
		char told[512], address[ADDRESS_TEXT] = "";
		received_read(bytes_of(cases[i].field), &received, &date);
		struct bytes texts[] = { received.from, received.name, bytes_of(address),
			received.by, received.with, received.id, date };
		size_t size = 0;
		if (!address_is_none(&received.address))
			texts[2] = bytes_of(address_text(&received.address, address));
		for (size_t j = 0; j < COUNT(texts); j++)
			size += (size_t)snprintf(told + size, sizeof told - size, "%.100s|",
				harness_string(harness, texts[j]));
		assert_string_equal(told, cases[i].told);
	}
}

static void test_dates(void **state)
{
	static const struct {
		const char *in;
		int64_t seconds; /* -1: none */
	} cases[] = {
		{ "Thu, 1 Jan 1970 00:00:00 +0000", 0 },
		{ "Mon, 5 Oct 2009 11:36:07 +0530", 1254722767 },
		{ "Tue, 24 Nov 2026 10:00:00 +0100 (CET)", 1795510800 },
		{ "29 Feb 2024 23:59:60 GMT", 1709251200 },
		{ "Fri, 21 Nov 97 09:55:06 -0600", 880127706 },
		{ "21 Nov 26 09:55 EST", 1795272900 },
		{ "Sat Oct 10 2009 07:38:10 -0600", 1255181890 },
		{ "Fri Jul 17 03:15:59 2020", 1594955759 },
		{ "Sun, 24-Jun-2007 10:56:03 +0200", 1182675363 },
		{ "Mon, 28 Feb 2005 8:01:02 +0000", 1109577662 },
		{ "", -1 },
		{ "x", -1 },
		{ "32 Jan 2000 00:00:00 +0000", -1 },
		{ "1 Jan 2000", -1 },
		{ "1 Jan 2000 25:00", -1 },
		{ "99999999999999999999 Jan 2000 1:00", -1 },
		{ "(((((", -1 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t moment = date_read(bytes_of(cases[i].in));
		assert_int_equal(
			moment == MIME_MOMENT_NONE ? -1 : moment / 1000000, cases[i].seconds);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_received),
		cmocka_unit_test(test_dates),
	};
	return cmocka_run_group_tests(tests, harness_begin, harness_end);
}
