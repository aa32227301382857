/* The least that can be done with libnids: `nids FILE` has it rebuild the streams of port 25 and
 * counts connections and bytes. */
#include <nids.h>
#include <stdio.h>

struct counts {
	unsigned long connections, bytes;
};

static struct counts counts; /* libnids gives its callback nothing of the caller's */

static void on_stream(struct tcp_stream *stream, void **unused)
{
	if (stream->nids_state == NIDS_JUST_EST && stream->addr.dest == 25) {
		stream->client.collect = stream->server.collect = 1;
		counts.connections++;
	} else if (stream->nids_state == NIDS_DATA) {
		counts.bytes +=
			(unsigned long)(stream->client.count_new + stream->server.count_new);
	}
}

int main(int argc, char **argv)
{
	nids_params.filename = argc == 2 ? argv[1] : NULL;
	nids_params.scan_num_hosts = 0;
	nids_params.n_tcp_streams = 65536;
	if (!nids_params.filename || !nids_init())
		return 4;
	nids_register_tcp((void *)on_stream);
	nids_run();
	printf("%lu connections, %lu bytes\n", counts.connections, counts.bytes);
	return 0;
}
