"""names.py ADDRESS KIND: reads alerts as JSON lines; is ADDRESS, and nobody else, named for KIND,
with samples of what it said?"""

import json
import sys

address, kind = sys.argv[1:]
alerts = [json.loads(line) for line in sys.stdin]
sources = [ip for a in alerts for s in a["Source"] for ip in s.get("IP4", []) + s.get("IP6", [])]
if sources != [address]:
    sys.exit(f"named are {sources}, expected only {address}")
ours = alerts[0]["_Mailwarden"]
if kind not in ours["Kinds"]:
    sys.exit(f"kinds are {ours['Kinds']}, expected {kind}")
if ours["AttemptsOnly"] or not any(sample["Code"] for sample in ours["Samples"]):
    sys.exit("no sample with an answer of a server: the dialogues are no evidence")
