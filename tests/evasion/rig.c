/* Plays conflicts to the receiver of the running kernel and holds what its program read against
 * what the tap hands on from the same packets.
 *
 *   rig DEVICE MAC NAMESPACE
 *
 * DEVICE leads to a router with hardware address MAC, behind which 192.0.2.25 is in NAMESPACE (a
 * path). We are 192.168.7.20, an address that this host's own TCP does not know: segments are sent
 * and seen with a packet socket. TAP on standard output, with the figures. */
/* Ours first: the system has macros of the same names as some of our constants. */
#include "base/moment.h"
#include "ear.h"
#include "forge.h"

#include <arpa/inet.h>
#include <assert.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define READ_MAX 2048 /* a report fits a pipe in one piece */
#define PIECES_MAX 8
#define RANDOM 400

struct report { /* from the receiver, once a connection ended */
	uint32_t size;
	char text[READ_MAX];
};

struct rig {
	int wire, reports;
	uint8_t router[6];
	struct sockaddr_ll at;
	struct tap *tap;
	struct anomaly_totals totals;
	struct anomalies seen;
	struct forge forge;
	size_t sent;    /* of the forge's packets */
	uint32_t acked; /* by the receiver, relative to what we said first */
	uint32_t first;
	bool shut;
};

struct result {
	struct report read;
	struct ear *heard;
	unsigned marks;
	bool session;
};

/* The receiver: greets, reads all there is, tells what it was. */
static void receive(const char *space, int out)
{
	int one = 1, listener, fd = open(space, O_RDONLY | O_CLOEXEC);
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(25) };
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		exit(1);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, (struct sockaddr *)&here, sizeof(here)) || listen(listener, 16))
		exit(1);
	for (;;) {
		struct report report = { 0 };
		int from = accept(listener, NULL, NULL);
		ssize_t got = write(from, "220 rig ESMTP\r\n", 15);
		while (got > 0 && report.size < READ_MAX) {
			got = read(from, report.text + report.size, READ_MAX - report.size);
			report.size += got > 0 ? (uint32_t)got : 0;
		}
		close(from);
		if (write(out, &report, sizeof(report)) != sizeof(report))
			exit(1);
	}
}

static int64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_REALTIME, &time);
	return time.tv_sec * SECOND + time.tv_nsec / 1000;
}

static void see(struct rig *rig, struct bytes frame)
{
	tap_packet(rig->tap, &(struct packet){ .time = now(),
				     .link_type = 1,
				     .length = (uint32_t)bytes_size(frame),
				     .data = frame });
}

static void flush(struct rig *rig)
{
	for (; rig->sent < rig->forge.count; rig->sent++) {
		struct forge_packet *packet = &rig->forge.packet[rig->sent];
		memcpy(packet->data, rig->router, 6);
		see(rig, bytes_make(packet->data, packet->size));
		if (sendto(rig->wire, packet->data, packet->size, 0,
			    (const struct sockaddr *)&rig->at, sizeof(rig->at)) < 0)
			perror("rig: send");
	}
}

/* Takes in what the receiver sent; false: nothing came within `ms`. */
static bool listen_for(struct rig *rig, int ms)
{
	uint8_t frame[2048];
	struct sockaddr_ll from;
	socklen_t size = sizeof(from);
	struct pollfd poll_for = { rig->wire, POLLIN, 0 };
	if (poll(&poll_for, 1, ms) <= 0)
		return false;
	ssize_t got = recvfrom(rig->wire, frame, sizeof(frame), 0, (struct sockaddr *)&from, &size);
	if (got < 54 || from.sll_pkttype == PACKET_OUTGOING || frame[23] != 6 ||
		be16(frame + 36) != rig->forge.port[FORGE_CLIENT])
		return true;
	see(rig, bytes_make(frame, (size_t)got));
	const uint8_t *tcp = frame + 34;
	if (tcp[13] & TCP_SYN)
		rig->forge.seq[FORGE_SERVER] = be32(tcp + 4) + 1;
	else
		rig->forge.seq[FORGE_SERVER] = be32(tcp + 4) + be16(frame + 16) - 40u -
					       4u * ((tcp[12] >> 4) - 5u) +
					       ((tcp[13] & TCP_FIN) != 0);
	rig->acked = be32(tcp + 8) - rig->first;
	rig->shut = rig->shut || tcp[13] & TCP_RST;
	return true;
}

/* Until the receiver has acknowledged so much, or 100 ms have passed. */
static void until(struct rig *rig, uint32_t acked)
{
	flush(rig);
	for (int i = 0; i < 100 && !rig->shut && (int32_t)(rig->acked - acked) < 0; i++)
		for (int more = 0; more < 100 && listen_for(rig, more ? 0 : 1); more++)
			;
}

static void settle(struct rig *rig)
{
	flush(rig);
	while (listen_for(rig, 1))
		;
}

static bool open_one(struct rig *rig, uint16_t port)
{
	rig->forge.port[FORGE_CLIENT] = port;
	rig->forge.seq[FORGE_CLIENT] = port * 2654435761u;
	rig->forge.seq[FORGE_SERVER] = 0;
	rig->first = rig->forge.seq[FORGE_CLIENT] + 1;
	rig->acked = 0u - 1;
	rig->shut = false;
	forge_shot(
		&rig->forge, FORGE_CLIENT, (struct shot){ .flags = TCP_SYN, .no_ack = true }, "");
	rig->forge.seq[FORGE_CLIENT]++;
	until(rig, 0);
	forge_acknowledge(&rig->forge, FORGE_CLIENT);
	flush(rig);
	while (!rig->shut && listen_for(rig, 20) && rig->forge.seq[FORGE_SERVER] == 0)
		;
	settle(rig); /* the greeting */
	forge_acknowledge(&rig->forge, FORGE_CLIENT);
	flush(rig);
	return rig->acked == 0;
}

/* All was said: FIN, and what both have read. */
static struct result close_one(struct rig *rig)
{
	struct result result = { 0 };
	struct activity activity;
	uint32_t end = rig->forge.seq[FORGE_CLIENT] - rig->first;
	struct pollfd report = { rig->reports, POLLIN, 0 };
	until(rig, end);
	settle(rig);
	forge_shot(&rig->forge, FORGE_CLIENT, (struct shot){ .flags = TCP_FIN | TCP_ACK }, "");
	rig->forge.seq[FORGE_CLIENT]++;
	until(rig, end + 1);
	if (poll(&report, 1, 200) <= 0) { /* it waits for more: end it */
		rig->forge.seq[FORGE_CLIENT] = rig->first + rig->acked;
		forge_shot(&rig->forge, FORGE_CLIENT, (struct shot){ .flags = TCP_RST }, "");
		flush(rig);
	}
	if (read(rig->reports, &result.read, sizeof(result.read)) != sizeof(result.read))
		exit(1);
	settle(rig);
	forge_acknowledge(&rig->forge, FORGE_CLIENT);
	flush(rig);
	tap_finish(rig->tap);
	while (tap_next(rig->tap, &activity)) {
		if (activity.kind == ACTIVITY_SESSION) {
			result.session = true;
			result.marks |= activity.session->marks;
		}
		activity_free(&activity);
	}
	result.heard = ear_last();
	return result;
}

static void begin(struct rig *rig)
{
	static const struct tap_settings settings = { .verify_checksums = true };
	tap_free(rig->tap);
	rig->tap = tap_new(&settings, &rig->seen);
	forge_clear(&rig->forge);
	rig->sent = 0;
}

static bool same(const struct result *result)
{
	const struct ear *ear = result->heard;
	size_t size = ear ? ear->size[SMTP_CLIENT] : 0;
	return size == result->read.size &&
	       (!size || !memcmp(ear->text[SMTP_CLIENT], result->read.text, size));
}

static void show(const struct result *result)
{
	printf("# receiver: %.*s\n# tap:      %.*s (marks %u)\n", (int)result->read.size,
		result->read.text, result->heard ? (int)result->heard->size[SMTP_CLIENT] : 0,
		result->heard ? result->heard->text[SMTP_CLIENT] : "", result->marks);
}

struct piece {
	struct shot shot;
	const char *text;
};

/* Each as the receiver must be seen to read it; then the tap has to read the same, or to mark it.
 */
static const struct fixed {
	const char *name;
	struct piece piece[PIECES_MAX];
	uint32_t size;    /* of what is acknowledged in the end */
	const char *read; /* by Linux 6.18 */
} fixed[] = {
	{ "same range",
		{ { { .at = 4 }, "OOOOOOOO" }, { { .at = 4 }, "NNNNNNNN" }, { { 0 }, "HEAD" } }, 12,
		"HEADOOOOOOOO" },
	{ "new is longer",
		{ { { .at = 4 }, "OOOO" }, { { .at = 4 }, "NNNNNNNN" }, { { 0 }, "HEAD" } }, 12,
		"HEADNNNNNNNN" },
	{ "new lies inside",
		{ { { .at = 4 }, "OOOOOOOOOO" }, { { .at = 7 }, "NNN" }, { { 0 }, "HEAD" } }, 14,
		"HEADOOOOOOOOOO" },
	{ "new begins before, ends inside",
		{ { { .at = 8 }, "OOOOOO" }, { { .at = 4 }, "NNNNNN" }, { { 0 }, "HEAD" } }, 14,
		"HEADNNNNNNOOOO" },
	{ "new begins before, ends with it",
		{ { { .at = 8 }, "OOOO" }, { { .at = 4 }, "NNNNNNNN" }, { { 0 }, "HEAD" } }, 12,
		"HEADNNNNNNNN" },
	{ "new lies around",
		{ { { .at = 8 }, "OOOO" }, { { .at = 4 }, "NNNNNNNNNNNN" }, { { 0 }, "HEAD" } }, 16,
		"HEADNNNNNNNNNNNN" },
	{ "new begins inside, ends behind",
		{ { { .at = 4 }, "OOOOOO" }, { { .at = 8 }, "NNNNNN" }, { { 0 }, "HEAD" } }, 14,
		"HEADOOOOOONNNN" },
	{ "the filler overlaps", { { { .at = 4 }, "OOOOOO" }, { { 0 }, "HEADNNNNNN" } }, 10,
		"HEADNNNNNN" },
	{ "resent with more behind", { { { 0 }, "OOOO" }, { { 0 }, "NNNNNNNN" } }, 8, "OOOONNNN" },
	{ "two that join, then one over both",
		{ { { .at = 4 }, "OOOO" }, { { .at = 8 }, "PPPP" }, { { .at = 4 }, "NNNNNNNN" },
			{ { 0 }, "HEAD" } },
		12, "HEADOOOOPPPP" },
	{ "two apart, then one over both",
		{ { { .at = 4 }, "OOOO" }, { { .at = 9 }, "PPPP" }, { { .at = 4 }, "NNNNNNNNN" },
			{ { 0 }, "HEAD" } },
		13, "HEADNNNNNNNNN" },
	{ "TTL too small", { { { .ttl = 1 }, "EVIL" }, { { 0 }, "GOOD" } }, 4, "GOOD" },
	{ "TCP checksum", { { { .bad_sum = true }, "EVIL" }, { { 0 }, "GOOD" } }, 4, "GOOD" },
	{ "IP checksum", { { { .bad_ip_sum = true }, "EVIL" }, { { 0 }, "GOOD" } }, 4, "GOOD" },
	{ "no ACK flag", { { { .flags = TCP_PSH, .no_ack = true }, "EVIL" }, { { 0 }, "GOOD" } }, 4,
		"GOOD" },
	{ "no flags", { { { .none = true }, "EVIL" }, { { 0 }, "GOOD" } }, 4, "GOOD" },
	{ "SYN and ACK with data",
		{ { { .flags = TCP_SYN | TCP_ACK }, "EVIL" }, { { 0 }, "GOOD" } }, 4, "GOOD" },
	{ "MD5 option",
		{ { { .options = "\x13\x12"
				 "0123456789abcdef"
				 "\1\1",
			    .options_size = 20 },
			  "EVIL" },
			{ { 0 }, "GOOD" } },
		4, NULL },
	{ "acknowledges too much", { { { .ack = 50000 }, "EVIL" }, { { 0 }, "GOOD" } }, 4, "GOOD" },
	{ "acknowledges too little", { { { .ack = -900000 }, "EVIL" }, { { 0 }, "GOOD" } }, 4,
		"GOOD" },
	{ "far ahead of the window", { { { .at = 900000 }, "EVIL" }, { { 0 }, "GOOD" } }, 4,
		"GOOD" },
	{ "RST in the window, inexact",
		{ { { .flags = TCP_RST, .at = 7 }, "" }, { { 0 }, "GOOD" } }, 4, "GOOD" },
	{ "RST out of the window",
		{ { { .flags = TCP_RST, .at = 900000 }, "" }, { { 0 }, "GOOD" } }, 4, "GOOD" },
	{ "RST, too small a TTL", { { { .flags = TCP_RST, .ttl = 1 }, "" }, { { 0 }, "GOOD" } }, 4,
		"GOOD" },
	{ "FIN, too small a TTL",
		{ { { .flags = TCP_FIN | TCP_ACK, .ttl = 1 }, "" }, { { 0 }, "GOOD" } }, 4,
		"GOOD" },
	{ "FIN ahead of the window",
		{ { { .flags = TCP_FIN | TCP_ACK, .at = 900000 }, "" }, { { 0 }, "GOOD" } }, 4,
		"GOOD" },
	{ "SYN in the middle",
		{ { { .flags = TCP_SYN, .no_ack = true, .at = 99 }, "" }, { { 0 }, "GOOD" } }, 4,
		"GOOD" },
	{ "keep-alive with another byte", { { { 0 }, "GOOD" }, { { .at = 3 }, "?" } }, 4, "GOOD" },
	{ "urgent byte, second of four",
		{ { { .flags = TCP_ACK | TCP_URG, .urgent = 2 }, "ABCD" }, { { .at = 4 }, "EF" } },
		6, "ACDEF" },
	{ "urgent byte, last of four",
		{ { { .flags = TCP_ACK | TCP_URG, .urgent = 4 }, "ABCD" }, { { .at = 4 }, "EF" } },
		6, "ABCEF" },
	{ "urgent byte, in the next segment",
		{ { { .flags = TCP_ACK | TCP_URG, .urgent = 5 }, "ABCD" }, { { .at = 4 }, "EF" } },
		6, "ABCDF" },
	{ "urgent byte, pointer 0",
		{ { { .flags = TCP_ACK | TCP_URG, .urgent = 0 }, "ABCD" }, { { .at = 4 }, "EF" } },
		6, "BCDEF" },
	{ "urgent byte behind a hole",
		{ { { .flags = TCP_ACK | TCP_URG, .urgent = 2, .at = 4 }, "EFGH" },
			{ { 0 }, "ABCD" } },
		8, "ABCDEGH" },
	{ "two urgent bytes",
		{ { { .flags = TCP_ACK | TCP_URG, .urgent = 2, .at = 4 }, "EFGH" },
			{ { .flags = TCP_ACK | TCP_URG, .urgent = 4, .at = 4 }, "EFGH" },
			{ { 0 }, "ABCD" } },
		8, NULL },
	{ "fragments that overlap",
		{ { { .fragment = 16, .fragments = FRAGMENTS_OVERLAP }, "EVILEVILEVILEVILEVIL" },
			{ { 0 }, "GOODGOODGOODGOODGOOD" } },
		20, "GOODGOODGOODGOODGOOD" },
	{ "fragments backwards",
		{ { { .fragment = 16, .fragments = FRAGMENTS_BACKWARDS },
			"GOODGOODGOODGOODGOOD" } },
		20, "GOODGOODGOODGOODGOOD" },
};

struct tally {
	unsigned number, failed, same, marked, untold, all;
};

static struct result play(
	struct rig *rig, uint16_t port, const struct piece *piece, size_t count, uint32_t size)
{
	begin(rig);
	if (!open_one(rig, port))
		fprintf(stderr, "rig: no connection\n");
	for (size_t i = 0; i < count && piece[i].text; i++) {
		forge_shot(&rig->forge, FORGE_CLIENT, piece[i].shot, piece[i].text);
		settle(rig);
	}
	rig->forge.seq[FORGE_CLIENT] += size;
	return close_one(rig);
}

static void judge(struct tally *tally, const struct result *result)
{
	bool as_read = same(result);
	tally->all++;
	tally->same += as_read;
	tally->marked += result->marks != 0;
	if (!as_read && !result->marks)
		tally->untold++;
}

static void all_fixed(struct rig *rig, struct tally *tally)
{
	for (size_t i = 0; i < COUNT(fixed); i++) {
		const struct fixed *row = &fixed[i];
		struct result result =
			play(rig, (uint16_t)(20000 + i), row->piece, PIECES_MAX, row->size);
		bool known = !row->read ||
			     (result.read.size == strlen(row->read) &&
				     !memcmp(result.read.text, row->read, result.read.size));
		bool fine = same(&result) || result.marks;
		judge(tally, &result);
		printf("%s %u - receiver: %s\n", known && fine ? "ok" : "not ok", ++tally->number,
			row->name);
		tally->failed += !known || !fine;
		if (!known || !same(&result))
			show(&result);
		free(result.heard);
	}
}

static uint32_t draw(uint64_t *state, uint32_t below) /* xorshift64, Marsaglia 2003 */
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 32) % below;
}

/* Two to six pieces behind a hole, which is filled last; together they leave no other hole. */
static void one_random(struct rig *rig, uint64_t *state, uint16_t port, struct tally *tally)
{
	struct piece piece[PIECES_MAX] = { 0 };
	char text[PIECES_MAX][32];
	uint32_t count = 2 + draw(state, 5), end = 4;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = 4 + draw(state, end - 3), size = 1 + draw(state, 12);
		memset(text[i], (int)('A' + i), size);
		text[i][size] = 0;
		piece[i] = (struct piece){ .shot = { .at = (int32_t)at }, .text = text[i] };
		end = at + size > end ? at + size : end;
	}
	for (uint32_t i = count; i-- > 1;) {
		uint32_t with = draw(state, i + 1);
		struct piece swap = piece[i];
		piece[i] = piece[with];
		piece[with] = swap;
	}
	piece[count] = (struct piece){ .text = "HEAD" };
	struct result result = play(rig, port, piece, count + 1, end);
	judge(tally, &result);
	if (!same(&result))
		show(&result);
	free(result.heard);
}

static void all_random(struct rig *rig, struct tally *tally)
{
	uint64_t state = 0x6d61696c77617264;
	for (uint16_t i = 0; i < RANDOM; i++)
		one_random(rig, &state, (uint16_t)(30000 + i), tally);
	bool fine = tally->untold == 0 && tally->same * 100 >= tally->all * 95;
	printf("%s %u - receiver: %u random conflicts, %u read as it did, %u marked, %u neither\n",
		fine ? "ok" : "not ok", ++tally->number, tally->all, tally->same, tally->marked,
		tally->untold);
	tally->failed += !fine;
}

int main(int argc, char **argv)
{
	struct rig rig = {
		.forge = { .ip = { { 192, 168, 7, 20 }, { 192, 0, 2, 25 } }, .port = { 0, 25 } },
		.at = { .sll_family = AF_PACKET, .sll_halen = 6, .sll_protocol = htons(ETH_P_IP) },
	};
	struct tally first = { 0 };
	struct utsname kernel;
	int pipes[2];
	if (argc != 4 || pipe(pipes))
		return 2;
	if (fork() == 0)
		receive(argv[3], pipes[1]);
	rig.reports = pipes[0];
	rig.seen.total = &rig.totals;
	for (size_t i = 0; i < 6; i++)
		rig.router[i] = (uint8_t)strtoul(argv[2] + 3 * i, NULL, 16);
	memcpy(rig.at.sll_addr, rig.router, 6);
	rig.at.sll_ifindex = (int)if_nametoindex(argv[1]);
	rig.wire = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_IP));
	if (rig.wire < 0 || bind(rig.wire, (const struct sockaddr *)&rig.at, sizeof(rig.at)))
		return 1;
	usleep(200000); /* the receiver comes up */
	uname(&kernel);
	all_fixed(&rig, &first);
	struct tally random = { .number = first.number };
	all_random(&rig, &random);
	printf("# kernel %s: of %u fixed conflicts %u read as the receiver did, %u marked; of %u "
	       "random "
	       "ones %u and %u\n1..%u\n",
		kernel.release, first.all, first.same, first.marked, random.all, random.same,
		random.marked, random.number);
	tap_free(rig.tap);
	forge_clear(&rig.forge);
	return first.failed || random.failed;
}
