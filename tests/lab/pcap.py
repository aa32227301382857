#!/usr/bin/env python3
"""Rewrites finished recordings: what no recorder of today writes, or what would be rare to meet.

usage: pcap.py clean IN OUT          pcapng without the recorder's machine and program
       pcap.py swapped IN OUT        old format, the other byte order
       pcap.py wrap IN OUT           each TCP sequence number wraps 300 bytes into the connection
       pcap.py mixed IN IN OUT       pcapng: both inputs as two interfaces, with blocks nobody knows
       pcap.py clock IN OUT          from a quarter on two hours later, from three quarters on half an hour earlier
       pcap.py dropped IN OUT        without every eighth packet, and with statistics that say so
       pcap.py doubled IN OUT        each packet twice, 20 microseconds apart
"""

import struct
import sys


def pad(data):
    return data + bytes(-len(data) % 4)


def blocks(data):
    """(type, body) of each block of a little-endian pcapng file with one section."""
    at = 0
    while at < len(data):
        kind, size = struct.unpack_from("<2I", data, at)
        yield kind, data[at + 8 : at + size - 4]
        at += size


def options(data):
    found, at = {}, 0
    while at + 4 <= len(data):
        code, size = struct.unpack_from("<2H", data, at)
        found[code] = data[at + 4 : at + 4 + size]
        at += 4 + size + -size % 4
    return found


class Recording:
    """One interface: its link type and its packets as (nanoseconds, bytes, length on the wire)."""

    def __init__(self, path):
        self.packets = []
        with open(path, "rb") as file:
            data = file.read()
        (self.read_pcapng if data[:4] == b"\n\r\r\n" else self.read_pcap)(data)

    def read_pcap(self, data):
        self.link = struct.unpack_from("<I", data, 20)[0]
        unit = {0xA1B2C3D4: 1000, 0xA1B23C4D: 1}[struct.unpack_from("<I", data)[0]]
        at = 24
        while at < len(data):
            second, part, size, length = struct.unpack_from("<4I", data, at)
            packet = data[at + 16 : at + 16 + size]
            self.packets.append((second * 10**9 + part * unit, packet, length))
            at += 16 + size

    def read_pcapng(self, data):
        for kind, body in blocks(data):
            if kind == 1:
                self.link = struct.unpack_from("<H", body)[0]
                digits = options(body[8:]).get(9, b"\x06")[0]
            elif kind == 6:
                _, high, low, size, length = struct.unpack_from("<5I", body)
                time = (high << 32 | low) * 10 ** (9 - digits)
                self.packets.append((time, body[20 : 20 + size], length))


def block(kind, body):
    body = pad(body)
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size


def option(code, value):
    return struct.pack("<2H", code, len(value)) + pad(value)


def section():
    return block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(link, digits=9):
    return block(1, struct.pack("<HHI", link, 0, 262144) + option(9, bytes([digits])) + option(0, b""))


def enhanced(number, packet, unit=1, extra=b""):
    time, data, length = packet
    time //= unit
    head = struct.pack("<5I", number, time >> 32, time & 0xFFFFFFFF, len(data), length)
    return block(6, head + pad(data) + extra)


def write(path, *parts):
    with open(path, "wb") as file:
        file.write(b"".join(parts))


def clean(source, target):
    recording = Recording(source)
    packets = [enhanced(0, packet) for packet in recording.packets]
    write(target, section(), interface(recording.link), *packets)


def swapped(source, target):
    recording = Recording(source)
    parts = [struct.pack(">IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, recording.link)]
    for time, data, length in recording.packets:
        second, part = divmod(time, 10**9)
        parts += [struct.pack(">4I", second, part // 1000, len(data), length), data]
    write(target, *parts)


def checksum(data):
    total = sum(struct.unpack(f">{len(data + b'0') // 2}H", data + bytes(len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def wrap(source, target):
    recording = Recording(source)
    shifts = {}  # by sender: what is added to its sequence numbers
    packets = []
    for time, data, length in recording.packets:
        data = bytearray(data)
        if data[12:14] == b"\x08\x00" and data[23] == 6:
            wrap_segment(data, shifts)
        packets.append(enhanced(0, (time, bytes(data), length)))
    write(target, section(), interface(recording.link), *packets)


def wrap_segment(data, shifts):
    tcp = 14 + (data[14] & 15) * 4
    end = 14 + struct.unpack_from(">H", data, 16)[0]
    source, target = bytes(data[26:30] + data[tcp : tcp + 2]), bytes(data[30:34] + data[tcp + 2 : tcp + 4])
    sequence, ack = struct.unpack_from(">2I", data, tcp + 4)
    shift = shifts.setdefault((source, target), -300 - sequence)
    struct.pack_into(">I", data, tcp + 4, (sequence + shift) % 2**32)
    if data[tcp + 13] & 0x10:
        struct.pack_into(">I", data, tcp + 8, (ack + shifts[target, source]) % 2**32)
    struct.pack_into(">H", data, tcp + 16, 0)
    pseudo = bytes(data[26:34]) + struct.pack(">2H", 6, end - tcp)
    struct.pack_into(">H", data, tcp + 16, checksum(pseudo + bytes(data[tcp:end])))


def mixed(first, second, target):
    one, two = Recording(first), Recording(second)
    parts = [
        block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + option(1, b"two sensors") + option(0, b"")),
        interface(one.link),
        block(0x7F000001, b"a block of tomorrow"),
        interface(two.link, 6),
        block(4, option(1, bytes([192, 168, 7, 20]) + b"sender-pc.office.example\0") + option(0, b"")),
        block(0x80000BAD, b"custom, and odd in length"),
    ]
    packets = [(packet, 0) for packet in one.packets] + [(packet, 1) for packet in two.packets]
    for count, (packet, number) in enumerate(sorted(packets)):
        note = option(1, b"seen by a person") + option(0, b"") if count % 9 == 4 else b""
        parts.append(enhanced(number, packet, 1000 if number else 1, note))
        if count % 20 == 10:
            parts.append(block(0x7F000002, bytes(count)))
    statistics = struct.pack("<3I", 0, 0, 0) + option(4, struct.pack("<Q", len(one.packets))) + option(0, b"")
    write(target, *parts, block(5, statistics))


def clock(source, target):
    recording = Recording(source)
    count = len(recording.packets)
    parts = []
    for number, (time, data, length) in enumerate(recording.packets):
        seconds = 7200 * (4 * number >= count) - 1800 * (4 * number >= 3 * count)
        parts.append(enhanced(0, (time + seconds * 10**9, data, length)))
    write(target, section(), interface(recording.link), *parts)


def dropped(source, target):
    recording = Recording(source)
    kept = [packet for number, packet in enumerate(recording.packets) if number % 8 != 7]
    lost = struct.pack("<Q", len(recording.packets) - len(kept))
    statistics = struct.pack("<3I", 0, 0, 0) + option(5, lost) + option(0, b"")
    packets = [enhanced(0, packet) for packet in kept]
    write(target, section(), interface(recording.link), *packets, block(5, statistics))


def doubled(source, target):
    recording = Recording(source)
    copies = [(time + 20000, data, length) for time, data, length in recording.packets]
    packets = [enhanced(0, packet) for packet in sorted(recording.packets + copies)]
    write(target, section(), interface(recording.link), *packets)


def main():
    commands = {f.__name__: f for f in (clean, swapped, wrap, mixed, clock, dropped, doubled)}
    if len(sys.argv) < 4 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
