#!/usr/bin/env bash
# Stands in for cargo where cargo-mutants tests a mutant of the bank: the test is the catalogue, and what counts is every
# verdict, not the exit code (a SHOULD that is broken ends with 0). Everything else is cargo's.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
[ "${1:-}" = test ] || exec cargo "$@"
case " $* " in *" --no-run "*) exec cargo build --locked --bin bankproof ;; esac

# judged_alike DIALECT: the catalogue says of this bank what it says of the one without a mutant.
judged_alike() {
  rm -rf "$MUTANTS_WORK/run"
  target/debug/bankproof run --dialect "$1" --out "$MUTANTS_WORK/run" >"$MUTANTS_WORK/output" 2>&1 || true
  [ -s "$MUTANTS_WORK/run/latest/results.json" ] || { tail -3 "$MUTANTS_WORK/output"; return 1; }
  python3 "$here/verdicts.py" "$MUTANTS_WORK/run/latest/results.json" >"$MUTANTS_WORK/$1.now"
  [ -e "$MUTANTS_WORK/$1.clean" ] || cp "$MUTANTS_WORK/$1.now" "$MUTANTS_WORK/$1.clean"
  diff "$MUTANTS_WORK/$1.clean" "$MUTANTS_WORK/$1.now"
}

changed="$(git diff --name-only)"
case "$changed" in src/bank/uk_open_banking/*) ;; *) judged_alike berlin-group ;; esac
case "$changed" in src/bank/berlin_group/*) ;; *) judged_alike uk-open-banking ;; esac
