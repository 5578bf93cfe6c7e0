#!/usr/bin/env python3
"""What the catalogue says of a bank, from a run's results.json: `ID variant verdict` a line, for diff to compare.

usage: verdicts.py RESULTS
"""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    for check in json.load(file)["checks"]:
        print(check["id"], "-", check["verdict"])
        for variant in check["variants"]:
            print(check["id"], variant["name"], variant["verdict"])
