#!/usr/bin/env python3
"""Ends of messages that servers may differ about, and other dialogues that nobody should hold.

usage: smuggle.py send ADDRESS PORT...        hold them all with the server at each port
       smuggle.py compare POSTFIX-LOG JSONL   what the server took for messages, and what was read
"""

import concurrent.futures
import json
import re
import socket
import sys

ENDS = {
    "CRLF": b"\r\n", "LF": b"\n", "CR": b"\r", "nothing": b"", "NUL": b"\0", "CRLF NUL": b"\r\n\0",
    "NUL CRLF": b"\0\r\n", "LF NUL": b"\n\0", "NUL LF": b"\0\n", "CR CR LF": b"\r\r\n", "LF CR": b"\n\r",
    "CR NUL LF": b"\r\0\n",
}
TO = "info@kestrel.example"


def mail(sender, recipients=1):
    return f"MAIL FROM:<{sender}>\r\n".encode() + f"RCPT TO:<{TO}>\r\n".encode() * recipients


def message(sender):
    return mail(sender) + b"DATA\r\nSubject: hidden\r\n\r\nhidden text\r\n.\r\n"


def smuggled():
    """Dialogues as lists of what is sent at a time; each tag is part of its senders' names."""
    for number, (before, one) in enumerate(ENDS.items()):
        for other, (behind, two) in enumerate(ENDS.items()):
            tag = f"e{number}x{other}"
            hidden = b"Subject: open\r\n\r\nopen text" + one + b"." + two + message(f"hidden-{tag}@t.example")
            yield tag, f"{before} . {behind}", [
                b"EHLO pc.example\r\n", mail(f"open-{tag}@t.example") + b"DATA\r\n", hidden + b"QUIT\r\n"]


def others():
    hello, data = b"EHLO pc.example\r\n", b"DATA\r\nSubject: x\r\n\r\ntext\r\n.\r\n"
    yield "early", "talk before the greeting", [b"@", hello, mail("open-early@t.example"), data, b"QUIT\r\n"]
    yield "hasty", "everything at once", [hello + message("open-hasty@t.example") + b"QUIT\r\n"]
    yield "starttls", "commands behind STARTTLS", [hello, b"STARTTLS\r\nRSET\r\nNOOP\r\n", message("open-starttls@t.example"), b"QUIT\r\n"]
    yield "refused", "a message behind a refused DATA", [hello, b"MAIL FROM:<open-refused@t.example>\r\n", b"DATA\r\nSubject: x\r\n\r\n.\r\n", message("hidden-refused@t.example"), b"QUIT\r\n"]
    yield "long", "an endless line of a command", [hello, b"NOOP " + b"x" * 300000 + b"\r\n", message("open-long@t.example"), b"QUIT\r\n"]
    yield "line", "an endless line of a message", [hello, mail("open-line@t.example") + b"DATA\r\n", b"Subject: x\r\n\r\n" + b"y" * 300000 + b"\r\n.\r\n", b"QUIT\r\n"]
    yield "dots", "dots at each place", [hello, mail("open-dots@t.example") + b"DATA\r\n", b"..\r\n...\r\n. \r\n.x\r\n..\r\n\r\n..", b"\r\n..\r\n", b".", b"\r\n", b"QUIT\r\n"]
    yield "many", "5,000 recipients", [hello, mail("open-many@t.example", 5000), data, b"QUIT\r\n"]
    yield "verbs", "unknown verbs", [hello] + [b"WUG%d\r\n" % i for i in range(50)] + [message("open-verbs@t.example"), b"QUIT\r\n"]
    yield "rset", "MAIL and RSET in turn", [hello] + [b"MAIL FROM:<a@t.example>\r\nRSET\r\n"] * 200 + [message("open-rset@t.example"), b"QUIT\r\n"]
    bdat = lambda text, last=b"": b"BDAT %d%s\r\n" % (len(text), last) + text
    for tag, name, chunks in (
        ("b1", "BDAT in two chunks", bdat(b"Subject: x\r\n\r\nte") + bdat(b"xt\r\n", b" LAST")),
        ("b2", "BDAT 0 LAST", bdat(b"Subject: x\r\n\r\ntext\r\n") + b"BDAT 0 LAST\r\n"),
        ("b3", "BDAT LAST twice", bdat(b"Subject: x\r\n\r\n", b" LAST") + bdat(b"text\r\n", b" LAST")),
        ("b4", "BDAT of a negative size", b"BDAT -5 LAST\r\n"),
        ("b5", "BDAT of a huge size", b"BDAT 99999999999999999999 LAST\r\n"),
        ("b6", "BDAT with a word more", b"BDAT 5 FIRST\r\nNOOP\r\n"),
        ("b7", "DATA behind BDAT", bdat(b"Subject: x\r\n\r\n") + b"DATA\r\n"),
        ("b8", "the dot in a chunk", bdat(b"Subject: x\r\n\r\n.\r\n" + message("hidden-b8@t.example"), b" LAST")),
        ("b9", "RSET between chunks", bdat(b"Subject: x\r\n") + b"RSET\r\n" + message("hidden-b9@t.example")),
        ("b10", "BDAT without MAIL", b"RSET\r\n" + bdat(b"NOOP\r\nNOOP\r\n", b" LAST") + message("hidden-b10@t.example")),
    ):
        yield tag, name, [hello, mail(f"open-{tag}@t.example"), chunks, b"QUIT\r\n"]
    for number, path in enumerate((
        "<@a.example,@b.example:info@kestrel.example>", "info@kestrel.example", "< info@kestrel.example >",
        "<\"info\"@kestrel.example>", "<\"in>fo\"@kestrel.example>", "<info%kestrel.example@kestrel.example>", "<kestrel.example!info>",
        "<>", "<<info@kestrel.example>>", "<info@kestrel.example> <sales@kestrel.example>", "<info@@kestrel.example>",
        "<info@[192.0.2.25]>", "<" + "a" * 1500 + "@kestrel.example>", "<in(x)fo@kestrel.example>", "<info@kestrel.example", "<in\u00e9fo@kestrel.example>",
    )):
        tag = f"a{number}"
        yield tag, "address " + path[:30], [hello, f"MAIL FROM:<open-{tag}@t.example>\r\nRCPT TO:{path}\r\n".encode() + f"RCPT TO:<{TO}>\r\n".encode(), data, b"QUIT\r\n"]


def dialogues():
    yield from smuggled()
    yield from others()


class Talk:
    def __init__(self, address, port):
        self.tcp = socket.create_connection((address, port), timeout=5)
        self.tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def replies(self, quiet):
        """Reads until nothing comes for a while; False: the server closed."""
        self.tcp.settimeout(quiet)
        try:
            while True:
                if not self.tcp.recv(65536):
                    return False
        except TimeoutError:
            return True
        except OSError:
            return False

    def hold(self, steps):
        early = steps[0] == b"@"
        if not early:
            self.tcp.recv(4096)
        try:
            for step in steps[early:]:
                self.tcp.sendall(step)
                if not self.replies(0.012 if len(step) < 10000 else 0.5):
                    break
            else:
                self.replies(0.1)
                self.tcp.shutdown(socket.SHUT_WR)
                self.replies(2)
        except OSError:
            pass
        self.tcp.close()


def send_all(address, port):
    for _, _, steps in dialogues():
        Talk(address, port).hold([step.replace(b"@t.example", b"@p%d.example" % port) for step in steps])


def send(address, ports):
    with concurrent.futures.ThreadPoolExecutor(len(ports)) as pool:
        list(pool.map(lambda port: send_all(address, port), ports))


def taken(log):
    """Senders of the messages that the server queued, with their sizes."""
    pattern = re.compile(r"qmgr\[\d+\]: \w+: from=<((?:open|hidden)-[^>]*)>, size=(\d+)")
    return {match[1]: int(match[2]) for match in map(pattern.search, open(log, errors="replace")) if match}


def told(lines):
    """By port and tag: (senders with message sizes, signs)."""
    found = {}
    for line in open(lines):
        session = json.loads(line)
        if session["type"] != "session":
            continue
        messages = {}
        names = set()
        for transaction in session["transactions"]:
            name = transaction["reverse_path"] or ""
            names.add(name)
            if transaction["accepted"]:
                messages[name] = transaction["message"]["size"] if transaction["message"] else None
        for name in names:
            match = re.fullmatch(r"(?:open|hidden)-(\w+)@p(\d+).example", name)
            if match:
                key = int(match[2]), match[1]
                before = found.get(key, ({}, set()))
                found[key] = {**before[0], **messages}, before[1] | set(session["marks"]) | set(session["anomalies"])
    return found


def compare(log, lines):
    server, ours = taken(log), told(lines)
    ports = sorted({port for port, _ in ours})
    number = failed = same = marked = ends = 0
    for port in ports:
        for tag, name, _ in dialogues():
            number += 1
            truth = {sender for sender in server if re.fullmatch(rf"(open|hidden)-{tag}@p{port}.example", sender)}
            messages, signs = ours.get((port, tag), ({}, set()))
            equal = truth == set(messages)
            sign = "smtp_smuggling" in signs
            same, marked, ends = same + equal, marked + sign, ends + bool(re.match(r"e\d", tag))
            fine = equal or sign or bool(signs & {"gap", "cut", "overlap_conflict", "one_sided"})
            failed += not fine
            print(f"{'ok' if fine else 'not ok'} {number} - servers: port {port}: {name}")
            if not fine:
                print(f"# {tag}: server: {sorted(truth)}; read: {sorted(messages)}; {sorted(signs)}")
    sizes = sorted({server[sender] - size for messages, _ in ours.values() for sender, size in messages.items() if sender in server})
    print(f"# {number} dialogues ({ends} ends): {same} with the messages that the server queued, {marked} marked smtp_smuggling;")
    print(f"# the server's sizes are larger by {sizes[0] if sizes else 0} to {sizes[-1] if sizes else 0} bytes")
    print(f"1..{number}")
    return failed or not number


def main():
    if len(sys.argv) > 3 and sys.argv[1] == "send":
        return send(sys.argv[2], [int(port) for port in sys.argv[3:]])
    if len(sys.argv) == 4 and sys.argv[1] == "compare":
        return compare(*sys.argv[2:])
    sys.exit(__doc__)


sys.exit(bool(main()))
