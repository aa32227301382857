#!/usr/bin/env python3
"""A cable in user space, for kernels without netem and 802.1Q: carries frames between two devices.

usage: cable.py DEVICE DEVICE [tag=VLAN]... [lose=P] [double=P] [late=P] [seed=N]

tag: on the second device frames carry this 802.1Q tag; the first of two tags is 802.1ad. lose, double
and late (after the next frame) are shares of the IPv4 frames. A device tunN is made, not opened.
"""

import fcntl
import os
import random
import select
import socket
import struct
import sys

PACKET_OUTGOING = 4


class Port:
    def __init__(self, device):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.socket.bind((device, 3))
        self.fileno = self.socket.fileno

    def read(self):
        frame, address = self.socket.recvfrom(65536)
        return None if address[2] == PACKET_OUTGOING else frame

    def write(self, frame):
        self.socket.send(frame)


class Tunnel:
    """A tun device: bare IP packets."""

    def __init__(self, device):
        self.file = os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(self.file, 0x400454CA, struct.pack("16sH22x", device.encode(), 0x1001))

    def fileno(self):
        return self.file

    def read(self):
        return os.read(self.file, 65536)

    def write(self, frame):
        try:
            os.write(self.file, frame)
        except OSError:  # not up yet
            pass


class Tags:
    """The kernel takes the outer tag off before we read; an inner one we take off here."""

    def __init__(self, port, vlans):
        self.port, self.fileno = port, port.fileno
        kinds = [0x88A8] * (len(vlans) - 1) + [0x8100]
        self.tags = b"".join(struct.pack(">2H", kind, vlan) for kind, vlan in zip(kinds, vlans))

    def read(self):
        frame = self.port.read()
        while frame and frame[12:14] in (b"\x81\x00", b"\x88\xa8"):
            frame = frame[:12] + frame[16:]
        return frame

    def write(self, frame):
        self.port.write(frame[:12] + self.tags + frame[12:])


class Fate:
    def __init__(self, lose, double, late, seed):
        self.lose, self.double, self.late = lose, double, late
        self.chance = random.Random(seed)
        self.waiting = {}

    def carry(self, frame, port):
        if frame[12:14] == b"\x08\x00":
            draw = self.chance.random()
            if draw < self.lose:
                return
            if draw < self.lose + self.late and port not in self.waiting:
                self.waiting[port] = frame
                return
            if draw > 1 - self.double:
                port.write(frame)
        port.write(frame)
        if port in self.waiting:
            port.write(self.waiting.pop(port))


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    ends = [Tunnel(name) if name.startswith("tun") else Port(name) for name in sys.argv[1:3]]
    words = [word.partition("=")[::2] for word in sys.argv[3:]]
    given = dict(words)
    vlans = [int(value) for key, value in words if key == "tag"]
    if vlans:
        ends[1] = Tags(ends[1], vlans)
    shares = [float(given.get(key, 0)) for key in ("lose", "double", "late")]
    fate = Fate(*shares, int(given.get("seed", 1)))
    while True:
        for end in select.select(ends, [], [])[0]:
            frame = end.read()
            if frame:
                fate.carry(frame, ends[end is ends[0]])


main()
