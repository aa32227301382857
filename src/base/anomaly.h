/* What was odd, cut, dropped or given up, by name. The names are an interface (docs/anomalies.md):
 * they are only added to. A decoder counts and goes on; nothing is lost in silence. `total` is
 * shared by all that one source decodes, `set` tells what happened to this one thing (a connection,
 * a packet). One thread at a time. */
#ifndef MW_BASE_ANOMALY_H
#define MW_BASE_ANOMALY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

/* Row for row the table in anomaly.c, which gives name and meaning. */
enum anomaly {
	/* capture files */
	FILE_CUT,
	FILE_BLOCK_UNKNOWN,
	FILE_INTERFACE_UNKNOWN,
	FILE_LINK_UNKNOWN,
	FILE_TIME_BACK,
	FILE_PACKET_LONG,
	/* link layers, IP */
	PACKET_CUT,
	LINK_SHORT,
	LINK_OTHER,
	VLAN_DEEP,
	IP_SHORT,
	IP_VERSION,
	IP_LENGTH,
	IP_CHECKSUM,
	IP_FRAGMENT,
	IP_EXTENSION,
	IP_EXTENSIONS_MANY,
	IP_OTHER,
	PACKET_TOO_DEEP,
	PACKET_MIRRORED,
	TUNNEL_SHORT,
	TUNNEL_OTHER,
	TUNNEL_OUTSIDE,
	WLAN_ENCRYPTED,
	WLAN_AGGREGATE,
	FRAGMENT_OVERLAP,
	FRAGMENT_LENGTH,
	FRAGMENT_TINY,
	FRAGMENT_INCOMPLETE,
	FRAGMENTS_FULL,
	/* UDP */
	UDP_SHORT,
	UDP_LENGTH,
	UDP_CUT,
	/* names, addresses and queries of machines */
	ARP_SHORT,
	NDP_OPTION,
	NEIGHBOUR_MAC,
	DHCP_SHORT,
	DHCP_OPTION,
	DNS_SHORT,
	DNS_NAME,
	DNS_MANY,
	NETBIOS_SHORT,
	NETBIOS_NAME,
	NAMES_MANY,
	/* TCP */
	TCP_SHORT,
	TCP_OFFSET,
	TCP_OPTION,
	TCP_CHECKSUM,
	TCP_CHECKSUM_OFFLOAD,
	TCP_FLAGS,
	TCP_RETRANSMISSION,
	TCP_OVERLAP_CONFLICT,
	TCP_GAP,
	TCP_OUT_OF_WINDOW,
	TCP_RST_IGNORED,
	TCP_URGENT,
	TCP_MIDSTREAM,
	TCP_HOLE_GIVEN_UP,
	TCP_POOL_FULL,
	TCP_HALF_OPEN_FULL,
	TCP_CONNECTIONS_FULL,
	TCP_REUSED,
	TCP_SYN_DATA,
	TCP_NOT_TAKEN,
	/* SMTP */
	SMTP_LINE_LONG,
	SMTP_REPLY_LONG,
	SMTP_REPLY_LINES,
	SMTP_REPLY_BAD,
	SMTP_REPLY_UNEXPECTED,
	SMTP_REPLY_LOST,
	SMTP_COMMAND_UNKNOWN,
	SMTP_COMMAND_LOST,
	SMTP_COMMANDS_MANY,
	SMTP_BARE_LF,
	SMTP_BARE_CR,
	SMTP_NUL,
	SMTP_8BIT,
	SMTP_EARLY_TALK,
	SMTP_PIPELINING,
	SMTP_SEQUENCE,
	SMTP_ADDRESS,
	SMTP_BDAT,
	SMTP_DATA_EARLY,
	SMTP_STARTTLS_INJECTION,
	SMTP_TLS_TO_CLEAR,
	SMTP_SMUGGLING,
	SMTP_CUT,
	SMTP_RECIPIENTS_MANY,
	SMTP_MESSAGES_MANY,
	SMTP_ARENA_FULL,
	SMTP_GREETING_NONE,
	SMTP_SCANNERS_FULL,
	/* messages */
	MIME_HEADER_BAD,
	MIME_HEADER_LONG,
	MIME_HEADER_8BIT,
	MIME_FIELD_LONG,
	MIME_FIELD_TWICE,
	MIME_WORD_BAD,
	MIME_ADDRESSES_MANY,
	MIME_PARAMETER_BAD,
	MIME_PARAMETERS_MANY,
	MIME_AMBIGUOUS,
	MIME_NO_BOUNDARY,
	MIME_NO_PARTS,
	MIME_UNENDED,
	MIME_TOO_DEEP,
	MIME_PARTS_MANY,
	MIME_ENCODING_BAD,
	MIME_BASE64_JUNK,
	MIME_QP_BAD,
	MIME_BLOCK_BAD,
	MIME_TYPE_LIES,
	MIME_NAME_ODD,
	MIME_LINKS_MANY,
	MIME_GAP,
	/* TLS */
	TLS_RECORD_BAD,
	TLS_HANDSHAKE_LONG,
	TLS_HELLO_BAD,
	TLS_CERTIFICATE_BAD,
	/* engine */
	TIME_OUTLIER,
	HOSTS_FULL,
	HOST_MEMBERS_FULL,
	HOSTS_UNPROVEN_FULL,
	HOSTS_DEMOTED,
	SERVERS_FULL,
	MACS_FULL,
	STORIES_FULL,
	NEIGHBOURS_FULL,
	NAMES_FULL,
	ANOMALY_COUNT
};

#define ANOMALY_WORDS ((ANOMALY_COUNT + 63) / 64)

struct anomaly_totals {
	uint64_t count[ANOMALY_COUNT];
};

struct anomalies {
	struct anomaly_totals *total;
	uint64_t set[ANOMALY_WORDS];
};

/* Counts it; always false, so that a decoder may `return anomaly(...)`. */
static inline bool anomaly(struct anomalies *seen, enum anomaly kind)
{
	fault_hit(kind);
	seen->total->count[kind]++;
	seen->set[kind / 64] |= (uint64_t)1 << (kind % 64);
	return false;
}

static inline bool anomaly_is(const struct anomalies *seen, enum anomaly kind)
{
	return seen->set[kind / 64] >> (kind % 64) & 1;
}

const char *anomaly_name(enum anomaly kind);    /* "tcp_overlap_conflict" */
const char *anomaly_meaning(enum anomaly kind); /* half a sentence for people */
bool anomaly_is_limit(enum anomaly kind); /* our limit, not their oddity: something was given up */

#endif
