#!/usr/bin/env python3
"""Draws mutants at random, with a seed, from the list that `cargo mutants --list --json` prints.

usage: draw.py LIST TREE COUNT SEED SETTLED

Prints one regular expression a line, for `--re`: the whole name of a mutant. Left out is what is no rule of the bank's: lines
on which it asks for a fault or a habit, functions that serve the proof's grid, and what SETTLED (equivalent.toml) names.
"""

import json
import random
import re
import sys
import tomllib

SWITCHES = re.compile(r"faults\.|habits\.|\.on\(|is_on\(|may_be_on|may_have|leave_out|note\(")
# What makes cells, what tells of the bank, and what a fault or a habit alone calls.
NO_RULE = re.compile(r"by_(place|approach|factor|kind|member)\b|rules_of_forms|under_name|asked\b|Debug for|step_by_step|in_other_words")


def asks_for_a_switch(lines, mutant):
    start, end = mutant["span"]["start"]["line"], mutant["span"]["end"]["line"]
    # A body that is replaced whole may ask somewhere in it, and is a rule all the same.
    if mutant["genre"] == "FnValue":
        return False
    return any(SWITCHES.search(line) for line in lines[start - 1 : end])


def main():
    listed, tree, count, seed, settled = sys.argv[1:]
    with open(settled, "rb") as file:
        known = {(row["file"], row["mutant"]) for row in tomllib.load(file).get("equivalent", [])}
    lines, mutants = {}, []
    with open(listed, encoding="utf-8") as file:
        for mutant in json.load(file):
            path = mutant["file"]
            if path not in lines:
                with open(f"{tree}/{path}", encoding="utf-8") as source:
                    lines[path] = source.read().splitlines()
            without_line = mutant["name"].split(": ", 1)[1]
            is_rule = not asks_for_a_switch(lines[path], mutant) and not NO_RULE.search(without_line)
            if is_rule and (path, without_line) not in known:
                mutants.append(mutant["name"])
    mutants.sort()
    random.Random(int(seed)).shuffle(mutants)
    for name in mutants[: int(count)]:
        print("^" + re.escape(name) + "$")


main()
