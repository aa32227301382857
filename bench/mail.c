/* Mail traffic for the bench, as a pcap stream on standard output, the same in each run: many
 * sessions at once between 20,000 clients and 200 servers, if wanted among other traffic.
 *
 *   -n N     sessions (10000)            -b MB    instead: until so many megabytes
 *   -c N     of them at a time (2000)    -m N     different messages (2000)
 *   -o N     percent of the bytes that are other traffic (0)
 *   -d N     of 1,000 segments so many are swapped or repeated (5)
 *   -l N     of 1,000 sessions so many lose a segment (0)
 *   -t FILE  what a reader should find, a line a session: client, port, lost (0, 1), bytes of
 *            client and server, transactions, messages, accepted, recipients, accepted, bytes of
 *            the messages, of their parts decoded
 *
 * Nearly all clients are strangers that bring mail in; 200 machines inside send to servers outside.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "other.h"

#define CLIENTS 20000
#define SERVERS 200
#define INSIDERS 200
#define OTHERS 2000 /* flows at a time */
#define NOISE ((size_t)2 * 1024 * 1024)

struct traffic {
	uint64_t sessions, bytes_max;
	unsigned at_once, messages, other_percent;
	FILE *truth; /* NULL: not wanted */
	struct dialogue_maker maker;
	struct corpus corpus;
	struct dialogue *dialogue;
	struct other other[OTHERS];
	uint64_t begun, mail_bytes;
	uint8_t noise[NOISE];
};

static void *need(void *memory)
{
	if (!memory)
		exit(4);
	return memory;
}

/* Each message as it is sent: a dot more where a line begins with one, and the end. */
static void stuff(struct traffic *traffic)
{
	struct corpus *corpus = &traffic->corpus;
	traffic->maker.wire = need(calloc(corpus->count, sizeof(*traffic->maker.wire)));
	for (unsigned i = 0; i < corpus->count; i++) {
		struct bytes in = corpus_message(corpus, i);
		uint8_t *wire = need(malloc(2 * bytes_size(in) + 3)), *to = wire, before = '\n';
		for (; in.at != in.end; before = *in.at++) {
			if (before == '\n' && *in.at == '.')
				*to++ = '.';
			*to++ = *in.at;
		}
		memcpy(to, ".\r\n", 3);
		traffic->maker.wire[i] = bytes_make(wire, (size_t)(to - wire) + 3);
	}
}

static bool more(const struct traffic *traffic)
{
	if (traffic->bytes_max)
		return traffic->maker.bytes < traffic->bytes_max;
	return traffic->begun < traffic->sessions;
}

static void begin(struct traffic *traffic, struct dialogue *dialogue)
{
	uint64_t number = traffic->begun++;
	uint32_t client = (uint32_t)(number * 7919 % CLIENTS);
	uint16_t port = (uint16_t)(20000 + number / CLIENTS % 40000);
	uint32_t server = (uint32_t)(corpus_random(&traffic->maker.seed) >> 33) % (SERVERS / 2);
	if (client < INSIDERS) /* each server in a network of its own */
		dialogue_begin(dialogue, &traffic->maker, 0x0a140000 + client, port,
			0xc6120019 + server * 256);
	else
		dialogue_begin(dialogue, &traffic->maker, 0x0b000000 + client * 251, port,
			0x0a010019 + server * 256);
}

static void tell(const struct traffic *traffic, const struct dialogue *dialogue)
{
	const struct dialogue_told *told = &dialogue->told;
	uint32_t ip = dialogue->end[0];
	if (!traffic->truth)
		return;
	fprintf(traffic->truth, "%u.%u.%u.%u %u %d ", ip >> 24, ip >> 16 & 255, ip >> 8 & 255,
		ip & 255, dialogue->port[0], told->lost);
	fprintf(traffic->truth, "%" PRIu64 " %" PRIu64 " %u %u %u %u %u %" PRIu64 " %" PRIu64 "\n",
		told->bytes[0], told->bytes[1], told->transactions, told->messages,
		told->messages_accepted, told->recipients, told->recipients_accepted, told->size,
		told->decoded);
}

/* Other traffic until it has its share; then a packet of a session by chance. */
static void run(struct traffic *traffic)
{
	struct dialogue_maker *maker = &traffic->maker;
	unsigned open = 0;
	for (; open < traffic->at_once && more(traffic); open++)
		begin(traffic, &traffic->dialogue[open]);
	while (open) {
		while ((maker->bytes - traffic->mail_bytes) * 100 <
			maker->bytes * traffic->other_percent)
			other_step(&traffic->other[corpus_random(&maker->seed) % OTHERS], maker,
				bytes_make(traffic->noise, NOISE));
		struct dialogue *dialogue =
			&traffic->dialogue[(corpus_random(&maker->seed) >> 33) % open];
		uint64_t before = maker->bytes;
		bool on = dialogue_step(dialogue, maker);
		traffic->mail_bytes += maker->bytes - before;
		if (on)
			continue;
		tell(traffic, dialogue);
		if (more(traffic))
			begin(traffic, dialogue);
		else if (dialogue != &traffic->dialogue[--open])
			*dialogue = traffic->dialogue[open];
	}
}

static bool options(struct traffic *traffic, int argc, char **argv)
{
	int letter;
	while ((letter = getopt(argc, argv, "n:b:c:m:o:d:l:t:")) != -1) {
		unsigned number = (unsigned)strtoul(optarg ? optarg : "", NULL, 10);
		switch (letter) {
		case 'n':
			traffic->sessions = number;
			break;
		case 'b':
			traffic->bytes_max = (uint64_t)number * 1000000;
			break;
		case 'c':
			traffic->at_once = number;
			break;
		case 'm':
			traffic->messages = number;
			break;
		case 'o':
			traffic->other_percent = number;
			break;
		case 'd':
			traffic->maker.disorder = number;
			break;
		case 'l':
			traffic->maker.lossy = number;
			break;
		case 't':
			traffic->truth = need(fopen(optarg, "we"));
			break;
		default:
			return false;
		}
	}
	return optind == argc && traffic->messages && traffic->other_percent < 100;
}

int main(int argc, char **argv)
{
	struct traffic *traffic = need(calloc(1, sizeof(*traffic)));
	traffic->sessions = 10000;
	traffic->at_once = traffic->messages = 2000;
	traffic->maker = (struct dialogue_maker){ .seed = 0x2545F4914F6CDD1D, .disorder = 5 };
	traffic->maker.corpus = &traffic->corpus;
	if (!options(traffic, argc, argv)) {
		fputs("mail: see bench/mail.c for its options\n", stderr);
		return 2;
	}
	corpus_new(&traffic->corpus, traffic->messages);
	stuff(traffic);
	traffic->dialogue = need(calloc(traffic->at_once, sizeof(*traffic->dialogue)));
	for (size_t i = 0; i < NOISE; i++)
		traffic->noise[i] = (uint8_t)(corpus_random(&traffic->maker.seed) >> 56);
	frame_file();
	run(traffic);
	bool ok = !ferror(stdout) && !fflush(stdout);
	if (traffic->truth)
		ok &= !fclose(traffic->truth);
	for (unsigned i = 0; i < traffic->messages; i++)
		free((void *)(uintptr_t)traffic->maker.wire[i].at);
	free(traffic->maker.wire);
	free(traffic->dialogue);
	corpus_free(&traffic->corpus);
	free(traffic);
	return ok ? 0 : 4;
}
