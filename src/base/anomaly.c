/* The names and meanings of all anomalies, one row each, in the order of the enum. */
#include "base/anomaly.h"

#include <assert.h>

#include "base/bytes.h"

static const struct row {
	const char *name;    /* the enum's in lower case */
	const char *meaning; /* half a sentence */
	bool is_limit;
} rows[] = {
	[FILE_CUT] = { "file_cut", "the capture file ends inside a packet or block", false },
	[FILE_BLOCK_UNKNOWN] = { "file_block_unknown",
		"a pcapng block of a type that is not known was stepped over", false },
	[FILE_INTERFACE_UNKNOWN] = { "file_interface_unknown",
		"a packet names an interface that its section does not describe", false },
	[FILE_LINK_UNKNOWN] = { "file_link_unknown",
		"a packet of a link type that is not known was left out", false },
	[FILE_TIME_BACK] = { "file_time_back", "a packet is stamped earlier than the one before it",
		false },
	[FILE_PACKET_LONG] = { "file_packet_long", "a packet longer than any real one was left out",
		false },

	[PACKET_CUT] = { "packet_cut", "the capture holds less of a packet than was sent", false },
	[LINK_SHORT] = { "link_short", "a frame ends inside its link header", false },
	[LINK_OTHER] = { "link_other", "a frame carries something other than IP", false },
	[VLAN_DEEP] = { "vlan_deep", "a frame has more VLAN tags than are followed", true },
	[IP_SHORT] = { "ip_short", "a packet ends inside its IP header", false },
	[IP_VERSION] = { "ip_version", "the IP version differs from what the frame announces",
		false },
	[IP_LENGTH] = { "ip_length", "a length in an IP header contradicts itself or the frame",
		false },
	[IP_CHECKSUM] = { "ip_checksum", "the IPv4 header checksum is wrong", false },
	[IP_FRAGMENT] = { "ip_fragment", "an IP fragment was not read further", false },
	[IP_EXTENSION] = { "ip_extension", "an IPv6 extension header is damaged", false },
	[IP_EXTENSIONS_MANY] = { "ip_extensions_many",
		"a packet has more IPv6 extension headers than are followed", true },
	[IP_OTHER] = { "ip_other", "an IP packet carries something other than TCP", false },

	[UDP_SHORT] = { "udp_short", "a datagram ends inside its UDP header", false },
	[UDP_LENGTH] = { "udp_length", "the UDP length is impossible", false },
	[UDP_CUT] = { "udp_cut", "there is less of a datagram than its UDP length says", false },

	[ARP_SHORT] = { "arp_short", "an ARP packet is cut short", false },
	[NDP_OPTION] = { "ndp_option", "a neighbour discovery message of IPv6 is damaged", false },
	[NEIGHBOUR_MAC] = { "neighbour_mac",
		"an ARP or neighbour discovery message names another MAC than that of its sender",
		false },
	[DHCP_SHORT] = { "dhcp_short", "a DHCP message is cut short", false },
	[DHCP_OPTION] = { "dhcp_option", "a DHCP message is damaged", false },
	[DNS_SHORT] = { "dns_short", "a DNS message is cut short", false },
	[DNS_NAME] = { "dns_name", "a name in a DNS message is damaged", false },
	[DNS_MANY] = { "dns_many", "a DNS message holds more records than are read", true },
	[NETBIOS_SHORT] = { "netbios_short", "a NetBIOS datagram is cut short", false },
	[NETBIOS_NAME] = { "netbios_name", "a NetBIOS name is damaged", false },
	[NAMES_MANY] = { "names_many",
		"more names, neighbours or mail look-ups came within a minute than are followed",
		true },

	[TCP_SHORT] = { "tcp_short", "a segment ends inside its TCP header", false },
	[TCP_OFFSET] = { "tcp_offset", "the TCP header length is impossible", false },
	[TCP_OPTION] = { "tcp_option", "a TCP option is damaged", false },
	[TCP_CHECKSUM] = { "tcp_checksum",
		"the TCP checksum is wrong: no receiver would take the segment", false },
	[TCP_CHECKSUM_OFFLOAD] = { "tcp_checksum_offload",
		"TCP checksums of a sender are left to its network card and were not held against "
		"it",
		false },
	[TCP_FLAGS] = { "tcp_flags", "a segment has flags that contradict each other", false },
	[TCP_RETRANSMISSION] = { "tcp_retransmission", "bytes were sent again", false },
	[TCP_OVERLAP_CONFLICT] = { "tcp_overlap_conflict",
		"bytes were sent twice with different content", false },
	[TCP_GAP] = { "tcp_gap", "bytes that the other end acknowledged are not in the capture",
		false },
	[TCP_OUT_OF_WINDOW] = { "tcp_out_of_window",
		"a segment lies outside of what the receiver takes", false },
	[TCP_RST_IGNORED] = { "tcp_rst_ignored",
		"a reset that the receiver would not believe was ignored", false },
	[TCP_URGENT] = { "tcp_urgent", "a segment has urgent data", false },
	[TCP_MIDSTREAM] = { "tcp_midstream", "a connection was seen without its beginning", false },
	[TCP_HOLE_GIVEN_UP] = { "tcp_hole_given_up",
		"missing bytes were no longer waited for, as too much was held behind them", true },
	[TCP_POOL_FULL] = { "tcp_pool_full", "the memory for segments out of order was used up",
		true },
	[TCP_HALF_OPEN_FULL] = { "tcp_half_open_full",
		"more connections were half open than are kept: the oldest was dropped", true },
	[TCP_CONNECTIONS_FULL] = { "tcp_connections_full",
		"more connections were open than are kept: the quietest was dropped", true },
	[TCP_REUSED] = { "tcp_reused",
		"the ports of a connection were used for a new one before it had ended", false },
	[TCP_SYN_DATA] = { "tcp_syn_data", "a SYN carries data", false },

	[SMTP_LINE_LONG] = { "smtp_line_long",
		"a line is longer than is read: its rest was skipped", false },
	[SMTP_REPLY_LONG] = { "smtp_reply_long",
		"a reply is longer than is kept: its rest was skipped", false },
	[SMTP_REPLY_LINES] = { "smtp_reply_lines", "a reply has more lines than are read", false },
	[SMTP_REPLY_BAD] = { "smtp_reply_bad", "a line of the server is no reply", false },
	[SMTP_REPLY_UNEXPECTED] = { "smtp_reply_unexpected",
		"the server replied although no command waited", false },
	[SMTP_REPLY_LOST] = { "smtp_reply_lost", "the reply to a command was not seen", false },
	[SMTP_COMMAND_UNKNOWN] = { "smtp_command_unknown", "the client sent no known command",
		false },
	[SMTP_COMMAND_LOST] = { "smtp_command_lost", "the command to a reply was not seen", false },
	[SMTP_COMMANDS_MANY] = { "smtp_commands_many",
		"more commands waited for their replies than are kept", true },
	[SMTP_BARE_LF] = { "smtp_bare_lf", "a line ends with LF alone", false },
	[SMTP_BARE_CR] = { "smtp_bare_cr", "CR stands without LF", false },
	[SMTP_NUL] = { "smtp_nul", "a line holds a NUL byte", false },
	[SMTP_8BIT] = { "smtp_8bit", "a command or reply holds bytes outside of ASCII", false },
	[SMTP_EARLY_TALK] = { "smtp_early_talk", "the client spoke before the server's greeting",
		false },
	[SMTP_PIPELINING] = { "smtp_pipelining",
		"the client did not wait for replies, although the server never offered that",
		false },
	[SMTP_SEQUENCE] = { "smtp_sequence", "a command came where it is not allowed", false },
	[SMTP_ADDRESS] = { "smtp_address", "an address in a command is malformed", false },
	[SMTP_BDAT] = { "smtp_bdat", "a BDAT command is malformed", false },
	[SMTP_DATA_EARLY] = { "smtp_data_early",
		"the client sent the message before the server asked for it", false },
	[SMTP_STARTTLS_INJECTION] = { "smtp_starttls_injection",
		"commands were sent in clear behind STARTTLS", false },
	[SMTP_TLS_TO_CLEAR] = { "smtp_tls_to_clear",
		"the client speaks TLS to a server that speaks clear text", false },
	[SMTP_SMUGGLING] = { "smtp_smuggling",
		"an end of message that servers read differently hides commands in it", false },
	[SMTP_CUT] = { "smtp_cut", "the dialogue ends inside a line or message", false },
	[SMTP_RECIPIENTS_MANY] = { "smtp_recipients_many",
		"a message has more recipients than are described: the others are counted", true },
	[SMTP_MESSAGES_MANY] = { "smtp_messages_many",
		"a session has more messages than are described: the others are counted", true },
	[SMTP_ARENA_FULL] = { "smtp_arena_full", "the memory of one dialogue was used up", true },
	[SMTP_GREETING_NONE] = { "smtp_greeting_none", "the server never greeted", false },

	[TLS_RECORD_BAD] = { "tls_record_bad", "where a TLS record should begin is none", false },
	[TLS_HANDSHAKE_LONG] = { "tls_handshake_long",
		"a message of the TLS handshake is longer than is read", true },
	[TLS_HELLO_BAD] = { "tls_hello_bad", "a TLS hello contradicts itself", false },
	[TLS_CERTIFICATE_BAD] = { "tls_certificate_bad",
		"a certificate of TLS could not be read, or not all of it", false },

	[TIME_OUTLIER] = { "time_outlier", "a time far from those around it was not believed",
		false },
	[HOSTS_FULL] = { "hosts_full", "more hosts were seen than are kept", true },
	[HOST_MEMBERS_FULL] = { "host_members_full", "a host met more peers than are told apart",
		true },
	[HOSTS_UNPROVEN_FULL] = { "hosts_unproven_full",
		"a source that never completed a handshake was forgotten for lack of room", true },
	[HOSTS_DEMOTED] = { "hosts_demoted",
		"the networks, tries or samples of a host were forgotten for lack of room", true },
	[SERVERS_FULL] = { "servers_full", "more servers were seen than are kept", true },
	[MACS_FULL] = { "macs_full", "more MAC addresses were seen than are kept", true },
	[STORIES_FULL] = { "stories_full",
		"a story was closed early or left out: more were open than are kept", true },
	[NEIGHBOURS_FULL] = { "neighbours_full",
		"more addresses were told to be at a MAC than are kept: the oldest was forgotten",
		true },
	[NAMES_FULL] = { "names_full",
		"more names of machines were told than are kept: the oldest was forgotten", true },
};
static_assert(COUNT(rows) == ANOMALY_COUNT, "each anomaly has a row");

const char *anomaly_name(enum anomaly kind)
{
	return rows[kind].name;
}

const char *anomaly_meaning(enum anomaly kind)
{
	return rows[kind].meaning;
}

bool anomaly_is_limit(enum anomaly kind)
{
	return rows[kind].is_limit;
}
