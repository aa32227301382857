"""pseudonyms.py PROGRAM KEY OTHER_KEY FILE...: for each capture, what it names must not be in any
output made with KEY; the same stays the same and different stays different, over all of them; all
else stays as it is; OTHER_KEY gives others. What the names are is taken from the plain output, not
from the program's own idea of them."""

import csv
import io
import json
import re
import subprocess
import sys

program, key, other_key, *files = sys.argv[1:]

# Where names stand: the last key of the path (lists are stepped through), and what they are.
WHOLE = {
    "ip": "address", "IP": "address", "address of host": "address", "mac": "mac", "MAC": "mac",
    "argument": "host", "sni": "host", "names": "host", "Hostname": "host", "Name of host": "host",
    "from of hop": "host", "name of hop": "host", "by": "host", "hosts": "host",
    "originating_ip": "host", "identity": "mailbox", "reverse_path": "mailbox",
    "address": "mailbox", "message_id": "mailbox", "name": "words", "subject": "words",
    "issuer": "words", "issuer_organization": "words", "id of hop": "words", "id": "id",
    "ID": "id", "RelID": "id", "Session": "id",
}
FREE = {"text", "Text", "Description", "user_agent", "authentication", "with", "mechanism",
        "structure", "type of part"}
SHAPE = {
    "address": r"2001:db8:[46]:[0-9a-f:]+",
    "mac": r"02(:[0-9a-f]{2}){5}",
    "host": r"(\*\.)?(h-[a-z2-7]{12}|(h-[a-z2-7]{12}\.)?d-[a-z2-7]{12}\.invalid)"
            r"|\[IPv6:2001:db8:[0-9a-f:]+\]|2001:db8:[46]:[0-9a-f:]+",
    "mailbox": r"<?(u-[a-z2-7]{12})?(@(\[IPv6:[0-9a-f:]+\]|[a-z2-7.-]+))?>?",
    "words": r"s-[a-z2-7]{12}",
    "id": r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
}
TOKEN = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}"
                   r"|[\w.+=-]+@[\w.-]+\w|(?:[\w-]+\.)+[a-z]{2,}\b", re.I)
OWN = {"smtp.mailfrom", "header.from", "header.d", "header.i"}


def tokens(text):
    """What looks like a name; of what has colons, times are none."""
    for token in TOKEN.findall(text):
        if token.count(":") < 2 or token.count(":") > 5 or "::" in token:
            yield token


def run(file, *arguments):
    command = [program, "read", *arguments, *file.split(",")]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    if done.returncode not in (0, 3):
        sys.exit(f"{command}: {done.returncode}: {done.stderr}")
    return done.stdout


def outputs(file, *arguments):
    found = {}
    for emit, form in (("alerts", "jsonl"), ("activities", "jsonl"), ("alerts", "csv"),
                       ("activities", "csv"), ("alerts", "text")):
        more = ("-v", "--width", "1000") if form == "text" else ()
        found[emit, form] = run(file, "--emit", emit, "--format", form, *more, *arguments)
    return found


def place(path):
    keys = [key for key in path if isinstance(key, str)]
    last, parents = keys[-1], keys[:-1]
    if "received" in parents and last in ("from", "name", "id"):
        return last + " of hop"
    if "attachments" in parents and last == "type":
        return "type of part"
    if last == "Name":
        return "Name of host" if {"Names", "Samples"} & set(parents) else "Name"
    return last if last != "name" or {"from", "to", "cc", "attachments"} & set(parents) else "other"


def one_family(value):
    """IPv4 addresses become IPv6 ones: both stand in one list."""
    if isinstance(value, dict) and ("IP4" in value or "IP6" in value):
        value = dict(value)
        value["address of host"] = value.pop("IP4", []) + value.pop("IP6", [])
    return value


def pairs(plain, hidden, path=()):
    plain, hidden = one_family(plain), one_family(hidden)
    if isinstance(plain, dict):
        assert plain.keys() == hidden.keys(), path
        for name in plain:
            yield from pairs(plain[name], hidden[name], (*path, name))
    elif isinstance(plain, list):
        assert len(plain) == len(hidden), path
        for i, (a, b) in enumerate(zip(plain, hidden)):
            yield from pairs(a, b, (*path, i))
    elif isinstance(plain, str) and place(path) in WHOLE.keys() | FREE:
        assert isinstance(hidden, str), path
        yield place(path), plain, hidden
    else:
        assert plain == hidden, (path, plain, hidden)


# Of each kind: what became what, and the other way.
became = {kind: {} for kind in SHAPE}
was = {kind: {} for kind in SHAPE}


def folded(kind, text):
    if kind == "host":
        return text.lower().rstrip(".")
    if kind == "mailbox" and "@" in text:
        local, domain = text.rsplit("@", 1)
        return local.split(":")[-1].strip('"') + "@" + domain.lower()
    return text


def learn(kind, plain, hidden):
    plain = folded(kind, plain)
    assert not plain or re.fullmatch(SHAPE[kind], hidden), (kind, plain, hidden)
    assert became[kind].setdefault(plain, hidden) == hidden, (kind, plain, hidden)
    assert was[kind].setdefault(hidden, plain) == plain, (kind, plain, hidden)


def check(file):
    plain, hidden = outputs(file), outputs(file, "--pseudonyms", key)
    other = run(file, "--emit", "activities", "--pseudonyms", other_key)
    secrets, words, shown = set(), set(), []
    for (emit, form), text in plain.items():
        if form != "jsonl":
            assert text.count("\n") <= hidden[emit, form].count("\n")
            continue
        lines, hidden_lines = text.splitlines(), hidden[emit, form].splitlines()
        assert len(lines) == len(hidden_lines), file
        for line, hidden_line in zip(lines, hidden_lines):
            for where, a, b in pairs(json.loads(line), json.loads(hidden_line)):
                if where != "Description": # our own sentence: it may hold any word
                    shown.append(b)
                if where in WHOLE:
                    learn(WHOLE[where], a, b)
                    secrets.add(a) if re.search("[.:@]", a) else words.add(a)
                secrets.update(tokens(a) if where != "structure" else ())
    for secret in secrets - OWN:
        if len(secret) < 4:
            continue
        for what, text in hidden.items():
            assert secret.lower() not in text.lower(), (file, what, secret)
        assert secret.lower() not in other.lower(), (file, secret)
    for word in words:
        pattern = re.compile(r"(?<![\w-])" + re.escape(word) + r"(?![\w-])")
        for text in shown if len(word) > 2 else ():
            assert not pattern.search(text), (file, word, text)
    rows = {form: list(csv.reader(io.StringIO(made["activities", "csv"])))
            for form, made in (("plain", plain), ("hidden", hidden))}
    assert [len(row) for row in rows["plain"]] == [len(row) for row in rows["hidden"]]
    if plain["activities", "jsonl"]:
        assert other != hidden["activities", "jsonl"], file
    assert outputs(file, "--pseudonyms", key) == hidden, file
    return len(secrets) + len(words)


total = sum(check(file) for file in files)
assert total > 100 and all(became.values()), {kind: len(found) for kind, found in became.items()}
print(f"{total} names of {len(files)} captures; "
      + ", ".join(f"{len(found)} {kind}" for kind, found in became.items()))
