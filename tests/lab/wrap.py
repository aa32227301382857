#!/usr/bin/python3
"""Puts a recording of Ethernet into a tunnel or under another link layer that this kernel cannot make, with
Scapy, which knows nothing of mailwarden. Times stay as they are.

usage: wrap.py KIND IN OUT      KIND: one of those at the end of this file
"""

import logging
import sys

logging.getLogger("scapy").setLevel(logging.CRITICAL)

from scapy.contrib.erspan import ERSPAN_II, ERSPAN_III, ERSPAN_PlatformSpecific
from scapy.contrib.geneve import GENEVE, GeneveOptions
from scapy.contrib.gtp import GTP_U_Header, GTPPDUSessionContainer
from scapy.contrib.mpls import MPLS
from scapy.layers.dot11 import Dot11, Dot11QoS, RadioTap
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6, IPv6ExtHdrFragment, fragment6
from scapy.layers.l2 import GRE, LLC, SNAP, Dot1Q, Ether, Loopback
from scapy.layers.ppp import PPP, PPPoE
from scapy.layers.vxlan import VXLAN
from scapy.packet import Raw

import pcap

CLIENT = "192.168.7.20"
POINT = "02:00:00:00:00:aa"  # an access point
ETHERNET, NULL, PPP_LINK, WLAN, RADIOTAP = 1, 0, 9, 105, 127


def outer(packet, v6=False):
    """Between two gateways, there and back."""
    ends = ["fd00:9::1", "fd00:9::2"] if v6 else ["10.9.0.1", "10.9.0.2"]
    macs = ["02:00:00:00:00:06", "02:00:00:00:00:07"]
    if packet[IP].src != CLIENT:
        ends.reverse()
        macs.reverse()
    frame = Ether(src=macs[0], dst=macs[1])
    return frame / (IPv6 if v6 else IP)(src=ends[0], dst=ends[1])


def mirror(packet):
    """From a switch to the recorder, always the same way."""
    return Ether(src="02:00:00:00:00:06", dst="02:00:00:00:00:07") / IP(src="10.9.0.1", dst="10.9.0.2")


def gre(packet):
    return outer(packet) / GRE(proto=0x0800, key_present=1, key=7) / packet[IP]


def gretap(packet):
    inner = Ether(src=packet.src, dst=packet.dst) / Dot1Q(vlan=70) / packet[IP]
    return outer(packet) / GRE(proto=0x6558) / inner


def erspan_1(packet):
    return mirror(packet) / GRE(proto=0x88BE) / packet


def erspan_2(packet):
    head = GRE(proto=0x88BE, seqnum_present=1, sequence_number=packet.number)
    return mirror(packet) / head / ERSPAN_II(ver=1, vlan=70, session_id=5) / packet


def erspan_3(packet):
    head = GRE(proto=0x22EB, seqnum_present=1, sequence_number=packet.number)
    return mirror(packet) / head / ERSPAN_III(vlan=70, session_id=5, o=1) / ERSPAN_PlatformSpecific() / packet


def geneve(packet):
    option = GeneveOptions(classid=0x0102, type=3, data=b"abcd")
    return outer(packet) / UDP(sport=50000, dport=6081) / GENEVE(vni=42, proto=0x6558, options=[option]) / packet


def ipip(packet):
    return outer(packet) / packet[IP]


def outside(packet):
    """What an attacker somewhere can send: a dialogue of machines that know nothing of it."""
    frame = Ether(src="02:00:00:00:00:06", dst="02:00:00:00:00:07")
    frame = frame / IP(src="198.51.100.9", dst="192.168.7.1") / UDP(sport=50000, dport=4789)
    return frame / VXLAN(vni=1, flags=8) / packet


def ip_in_ipv6(packet):
    return outer(packet, v6=True) / packet[IP]


def gtp(packet):
    head = GTP_U_Header(teid=99, E=1, next_ex=0x85) / GTPPDUSessionContainer(QFI=1)
    return outer(packet) / UDP(sport=2152, dport=2152) / head / packet[IP]


def mpls(packet):
    return Ether(src=packet.src, dst=packet.dst) / MPLS(label=1000, s=0) / MPLS(label=1001, s=1) / packet[IP]


def pseudowire(packet):
    frame = Ether(src="02:00:00:00:00:06", dst="02:00:00:00:00:07", type=0x8847)
    return frame / MPLS(label=1000, s=1) / Raw(bytes(4)) / packet


def pppoe(packet):
    return Ether(src=packet.src, dst=packet.dst) / PPPoE(sessionid=3) / PPP(proto=0x0021) / packet[IP]


def ppp(packet):
    return PPP(proto=0x0021) / packet[IP]


def loopback(packet):
    return Loopback(type=2) / packet[IP]


def wireless(packet, qos):
    if packet[IP].src == CLIENT:
        head = dict(FCfield="to-DS", addr1=POINT, addr2=packet.src, addr3=packet.dst)
    else:
        head = dict(FCfield="from-DS", addr1=packet.dst, addr2=POINT, addr3=packet.src)
    frame = Dot11(type=2, subtype=8 if qos else 0, SC=packet.number << 4, **head)
    if qos:
        frame = frame / Dot11QoS()
    return frame / LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(OUI=0, code=0x0800) / packet[IP]


def wlan(packet):
    return wireless(packet, qos=True)


def radiotap(packet):
    return RadioTap(present="TSFT+Flags", mac_timestamp=packet.number, Flags=0) / wireless(packet, qos=False)


def nested(packet):
    """IP in MPLS in GRE, twice, in VXLAN in GRE in IP: with the IP in the middle eight layers."""
    inner = IP(src="10.5.0.1", dst="10.5.0.2") / packet[IP]
    for _ in range(2):
        inner = GRE(proto=0x8847) / MPLS(label=5, s=1) / inner
        inner = IP(src="10.8.0.1", dst="10.8.0.2") / inner
    inner = VXLAN(vni=1, flags=8) / Ether(src=packet.src, dst=packet.dst) / inner
    inner = IP(src="10.7.0.1", dst="10.7.0.2") / UDP(sport=50000, dport=8472) / inner
    inner = GRE(proto=0x0800) / inner
    return outer(packet) / (IP(src="10.6.0.1", dst="10.6.0.2") / inner)


def fragments_v6(packet):
    """The TCP segment moves to IPv6, and comes in pieces, the last one first."""
    inner = packet[IP].payload.copy()
    inner.chksum = None
    ends = ["2001:db8:7::20", "2001:db8:25::25"]
    if packet[IP].src != CLIENT:
        ends.reverse()
    whole = IPv6(src=ends[0], dst=ends[1]) / IPv6ExtHdrFragment(id=packet.number) / inner
    if len(whole) <= 1280:
        return Ether(src=packet.src, dst=packet.dst) / IPv6(src=ends[0], dst=ends[1]) / inner
    return [Ether(src=packet.src, dst=packet.dst) / piece for piece in reversed(fragment6(whole, 1280))]


KINDS = {
    "gre": (gre, ETHERNET),
    "gretap": (gretap, ETHERNET),
    "erspan-1": (erspan_1, ETHERNET),
    "erspan-2": (erspan_2, ETHERNET),
    "erspan-3": (erspan_3, ETHERNET),
    "geneve": (geneve, ETHERNET),
    "ipip": (ipip, ETHERNET),
    "tunnel-outside": (outside, ETHERNET),
    "ip-in-ipv6": (ip_in_ipv6, ETHERNET),
    "gtp": (gtp, ETHERNET),
    "mpls": (mpls, ETHERNET),
    "pseudowire": (pseudowire, ETHERNET),
    "pppoe": (pppoe, ETHERNET),
    "ppp": (ppp, PPP_LINK),
    "loopback": (loopback, NULL),
    "wlan": (wlan, WLAN),
    "radiotap": (radiotap, RADIOTAP),
    "nested": (nested, ETHERNET),
    "fragments-v6": (fragments_v6, ETHERNET),
}


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in KINDS:
        sys.exit(__doc__)
    kind, link = KINDS[sys.argv[1]]
    parts = [pcap.section(), pcap.interface(link)]
    for number, (time, data, _) in enumerate(pcap.Recording(sys.argv[2]).packets):
        packet = Ether(data)
        if IP not in packet:
            continue  # ARP
        packet.number = number
        made = kind(packet)
        for piece in made if isinstance(made, list) else [made]:
            parts.append(pcap.enhanced(0, (time, bytes(piece), len(piece))))
    pcap.write(sys.argv[3], *parts)


if __name__ == "__main__":
    main()
