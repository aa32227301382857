/* What machines say of themselves, through its decoders; the first byte picks one. */
#include <assert.h>

#include "wire/dhcp.h"
#include "wire/neighbour.h"
#include "wire/netbios.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(const struct dns_name *name)
{
	assert(name->size <= DNS_NAME_MAX);
}

static void fuzz_dns(struct bytes in, struct anomalies *seen)
{
	struct dns dns;
	struct dns_item item;
	unsigned count = 0;
	if (!dns_decode(in, &dns, seen))
		return;
	while (dns_next(&dns, &item, seen)) {
		check_name(&item.name);
		check_name(&item.target);
		assert(item.question ? !item.data.at : bytes_size(item.data) < bytes_size(in));
		count++;
	}
	assert(count <= DNS_ITEMS_MAX);
}

static void fuzz_dhcp(struct bytes in, bool v6, struct anomalies *seen)
{
	struct dhcp dhcp;
	if (!(v6 ? dhcp_decode_v6 : dhcp_decode)(in, &dhcp, seen))
		return;
	check_name(&dhcp.name);
	assert(dhcp.addresses <= DHCP_ADDRESSES);
}

static void fuzz_netbios(struct bytes in, bool datagram, struct anomalies *seen)
{
	struct netbios netbios;
	if ((datagram ? netbios_datagram : netbios_service)(in, &netbios, seen))
		assert(netbios.size && netbios.size <= NETBIOS_NAME_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct anomaly_totals totals = { 0 };
	struct anomalies seen = { .total = &totals };
	struct bytes in = bytes_make(data, size);
	struct ip ip = { .ttl = 255 };
	struct neighbour neighbour;
	const uint8_t *pick = bytes_take(&in, 1);
	switch (pick ? *pick % 7 : 7) {
	case 0:
		fuzz_dns(in, &seen);
		break;
	case 1:
	case 2:
		fuzz_dhcp(in, *pick % 7 == 2, &seen);
		break;
	case 3:
	case 4:
		fuzz_netbios(in, *pick % 7 == 4, &seen);
		break;
	case 5:
		neighbour_arp(in, &neighbour, &seen);
		break;
	case 6:
		neighbour_ndp(in, &ip, &neighbour, &seen);
		break;
	default:
		break;
	}
	return 0;
}
