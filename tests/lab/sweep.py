#!/usr/bin/env python3
"""A bot behind a firewall: tries port 25 of many servers, eight at a time, three seconds for each.

usage: sweep.py ADDRESS...
"""

import socket
import sys
from concurrent.futures import ThreadPoolExecutor


def knock(address):
    try:
        socket.create_connection((address, 25), timeout=3).close()
    except OSError:
        pass


with ThreadPoolExecutor(8) as pool:
    list(pool.map(knock, sys.argv[1:]))
