#!/usr/bin/env python3
"""A machine says its name to its neighbours, as Windows and macOS do: mDNS, LLMNR, NetBIOS.

usage: announce.py NAME IPV4-ADDRESS BROADCAST-ADDRESS
"""

import socket
import struct
import sys

name, address, broadcast = sys.argv[1:]
own = socket.inet_aton(address)


def send(port, to, to_port, payload):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sender.bind((address, port))
        sender.sendto(payload, (to, to_port))


def labels(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"


def answer(host, cache):
    record = struct.pack(">HHIH", 1, cache | 1, 120, 4) + own
    return struct.pack(">6H", 0, 0x8400, 0, 1, 0, 0) + labels(host) + record


def netbios(host):
    padded = host.upper().encode().ljust(15) + b"\0"
    half = bytes(0x41 + nibble for byte in padded for nibble in (byte >> 4, byte & 15))
    question = b"\x20" + half + b"\0" + struct.pack(">HH", 0x20, 1)
    record = struct.pack(">HHHIHH", 0xC00C, 0x20, 1, 300000, 6, 0) + own
    return struct.pack(">6H", 0x8001, 0x2910, 1, 0, 0, 1) + question + record


send(5353, "224.0.0.251", 5353, answer(name + ".local", 0x8000))
send(137, broadcast, 137, netbios(name))
