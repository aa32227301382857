/* UDP: the length counts the header too, and may be more than a short snapshot holds. */
#include "wire/udp.h"

bool udp_decode(struct bytes *in, struct udp *out, struct anomalies *seen)
{
	const uint8_t *header = bytes_take(in, 8);
	if (!header)
		return anomaly(seen, UDP_SHORT);
	size_t length = be16(header + 4);
	if (length < 8)
		return anomaly(seen, UDP_LENGTH);
	if (!bytes_limit(in, length - 8))
		anomaly(seen, UDP_CUT); /* go on with what is there */
	*out = (struct udp){ be16(header), be16(header + 2) };
	return true;
}
