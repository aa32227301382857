#!/usr/bin/env python3
"""An SMTP client that says exactly what it is told, for what no mail program says on its own.

usage: talk.py ADDRESS PORT <SCRIPT      one step a line:

  text      send the line with CRLF and wait for the reply
  + text    send the line with CRLF, together with what follows
  = bytes   send these bytes as they are (\\r \\n \\t understood), together with what follows
  bdat text, last text    a chunk of these bytes, BDAT in front; wait for the reply
  wait N    send what is held and wait for N replies
  sleep S   send what is held and pause, with TCP keep-alives each second
  reset     send what is held, then break the connection with RST
"""

import socket
import struct
import sys
import time


class Talk:
    def __init__(self, address, port):
        self.tcp = socket.create_connection((address, port), timeout=20)
        self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self.tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
        self.tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
        self.tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines = self.tcp.makefile("rb")
        self.held = b""

    def send(self):
        self.tcp.sendall(self.held)
        self.held = b""

    def wait(self, replies):
        self.send()
        while replies:
            line = self.lines.readline()
            if not line:
                return
            replies -= line[3:4] != b"-"

    def reset(self):
        self.send()
        time.sleep(0.3)
        self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("2i", 1, 0))
        self.lines.close()
        self.tcp.close()

    def step(self, line):
        word, _, rest = line.partition(" ")
        if word == "+":
            self.held += rest.encode() + b"\r\n"
        elif word == "=":
            self.held += rest.encode().decode("unicode_escape").encode("latin-1")
        elif word in ("bdat", "last"):
            chunk = rest.encode().decode("unicode_escape").encode("latin-1")
            end = b" LAST" if word == "last" else b""
            self.held += b"BDAT %d%s\r\n%s" % (len(chunk), end, chunk)
            self.wait(1)
        elif word == "wait":
            self.wait(int(rest))
        elif word == "sleep":
            self.send()
            time.sleep(float(rest))
        elif word == "reset":
            self.reset()
        else:
            self.held += line.encode() + b"\r\n"
            self.wait(1)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    talk = Talk(sys.argv[1], int(sys.argv[2]))
    talk.wait(1)
    for line in sys.stdin:
        talk.step(line.rstrip("\n"))


main()
