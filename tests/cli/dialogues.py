"""dialogues.py CLIENT[@HOURS]...: a pcap on standard output with one short mail dialogue of each client with
198.18.1.25, so many hours after the begin of 2026; checksums are left to the network card."""
import socket
import struct
import sys

BEGIN = 1767225600
SYN, ACK, FIN = 2, 16, 1


def segment(client, port, server, from_client, seq, ack, flags, text):
    ports = (port, 25) if from_client else (25, port)
    tcp = struct.pack("!HHIIBBHHH", *ports, seq, ack, 0x50, flags, 65535, 0, 0) + text
    ends = (client, server) if from_client else (server, client)
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0)
    ip += b"".join(socket.inet_aton(end) for end in ends)
    return b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip + tcp


def dialogue(client, port):
    server, seq = "198.18.1.25", [1000, 9000]
    steps = [(0, SYN, b""), (1, SYN | ACK, b""), (0, ACK, b"")]
    lines = [b"220 mx.heron.example ESMTP", b"HELO pc", b"250 ok", b"QUIT", b"221 bye"]
    steps += [(1 - n % 2, ACK, line + b"\r\n") for n, line in enumerate(lines)]
    steps += [(0, FIN | ACK, b""), (1, FIN | ACK, b""), (0, ACK, b"")]
    for side, flags, text in steps:
        ack = 0 if flags == SYN else seq[1 - side]
        yield segment(client, port, server, side == 0, seq[side], ack, flags, text)
        seq[side] += len(text) + (flags & (SYN | FIN) != 0)


out = sys.stdout.buffer
out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
for number, word in enumerate(sys.argv[1:]):
    client, _, hours = word.partition("@")
    for at, frame in enumerate(dialogue(client, 40000 + number)):
        out.write(struct.pack("<IIII", BEGIN + 3600 * int(hours or 0) + number, at, len(frame), len(frame)) + frame)
