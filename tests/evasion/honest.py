#!/usr/bin/env python3
"""Sends long honest messages, several at a time: honest.py ADDRESS PORT COUNT"""

import concurrent.futures
import smtplib
import sys


def send(number):
    text = "".join(f"Line {line} of honest message {number}, long enough to fill segments.\r\n" for line in range(2500))
    with smtplib.SMTP(sys.argv[1], int(sys.argv[2]), local_hostname="pc.office.example", timeout=50) as server:
        server.sendmail("jana@office.example", ["info@kestrel.example"], f"Subject: {number}\r\n\r\n{text}")


with concurrent.futures.ThreadPoolExecutor(12) as pool:
    list(pool.map(send, range(int(sys.argv[3]))))
