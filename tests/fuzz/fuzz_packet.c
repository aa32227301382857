/* One frame through link, IP and TCP headers; its first byte picks the link type. */
#include <assert.h>

#include "wire/link.h"
#include "wire/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t link_types[] = { 1, 0, 12, 14, 101, 108, 113, 228, 229, 276, 105 };
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	struct bytes in = bytes_make(data, size);
	struct link link;
	struct ip ip;
	struct segment segment;
	const uint8_t *pick = bytes_take(&in, 1);
	if (!pick || !link_decode(link_types[*pick % COUNT(link_types)], &in, &link, &seen))
		return 0;
	assert(link.ether_type == 0x0800 || link.ether_type == 0x86dd);
	assert(link.vlan[0] < 4096 && link.vlan[1] < 4096);
	if (!ip_decode(&in, &ip, &seen))
		return 0;
	assert(in.at <= in.end && bytes_size(in) < size && bytes_size(in) <= ip.length);
	assert(ip.cut == (bytes_size(in) < ip.length));
	assert(ip.cut == anomaly_is(&seen, PACKET_CUT));
	assert(segment_checksum(in, &ip) || !ip.cut || ip.checksum_wrong);
	struct bytes whole = in;
	if (!segment_decode(&in, &ip, &segment, &seen)) {
		assert(anomaly_is(&seen, TCP_SHORT) || anomaly_is(&seen, TCP_OFFSET));
		return 0;
	}
	size_t header = bytes_size(whole) - bytes_size(in);
	assert(header >= 20 && header <= 60 && in.end == whole.end);
	assert(header + bytes_size(in) + segment.missing <= ip.length);
	assert(ip.cut || header + bytes_size(in) == ip.length);
	assert(segment.cut == ip.cut && segment.flags < 64);
	assert(segment.scale == 255 || segment.scale <= 14);
	return 0;
}
