/* Traffic that is no mail: downloads by TCP from ports 443 and 80, and by UDP from port 443. */
#ifndef MW_BENCH_OTHER_H
#define MW_BENCH_OTHER_H

#include "dialogue.h"

struct other {
	uint32_t client, server, seq[2];
	uint16_t port, server_port, id;
	uint8_t stage;
	bool udp;
	size_t left; /* bytes that the server still has to send */
};

/* The next packet of one flow; when it is over, another begins in its place. `noise`: of at least 2
 * MiB. */
void other_step(struct other *other, struct dialogue_maker *maker, struct bytes noise);

#endif
