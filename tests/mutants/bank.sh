#!/usr/bin/env bash
# Mutants of the bundled bank's rules, drawn at random with a seed of ours, and whether the catalogue notices them.
#
# usage: tests/mutants/bank.sh [COUNT] [SEED]     an hour for 200 of them on two cores; needs cargo-mutants and Python 3.11
#
# Works in a clone of what is committed (target/mutants/tree); ends with a line of sums, and the missed ones by name.
set -euo pipefail
cd "$(dirname "$0")/../.."
count="${1:-200}" seed="${2:-20261201}"
here="$PWD/tests/mutants"
export MUTANTS_WORK="$PWD/target/mutants"
tree="$MUTANTS_WORK/tree"
command -v cargo-mutants >/dev/null || { echo "cargo install --locked cargo-mutants" >&2; exit 1; }

rm -rf "$tree" "$MUTANTS_WORK"/*.clean
mkdir -p "$MUTANTS_WORK"
git clone --quiet . "$tree"
cd "$tree"
export CARGO_TARGET_DIR="$MUTANTS_WORK/build" CARGO_INCREMENTAL=1
ln -sfn "$CARGO_TARGET_DIR" target

# What a fault or a habit alone uses, and what only writes down, is no rule.
rules=(-f 'src/bank/**/*.rs' -e 'src/bank/faults/**' -e 'src/bank/habits/**' -e 'src/bank/tls/legacy/**')
rules+=(-e 'src/bank/certificate/obstacles.rs' -e 'src/bank/psu/session/sandbox.rs' -e 'src/bank/asked.rs' -e 'src/bank/log.rs')
rules+=(-e 'src/bank/observer.rs' -e 'src/bank/inside.rs' -e 'src/bank/misspelt.rs' -e 'src/bank/oauth/slips.rs')
cargo mutants --list --json "${rules[@]}" >"$MUTANTS_WORK/list.json"
python3 "$here/draw.py" "$MUTANTS_WORK/list.json" . "$count" "$seed" "$here/equivalent.toml" >"$MUTANTS_WORK/drawn"

# The bank without a mutant is judged once, and once more to see that it is always judged alike.
cargo build --locked --bin bankproof
"$here/cargo.sh" test && "$here/cargo.sh" test

patterns=()
while read -r pattern; do patterns+=(--re "$pattern"); done <"$MUTANTS_WORK/drawn"
CARGO="$here/cargo.sh" cargo-mutants mutants --in-place --shuffle --baseline=skip --timeout 120 --build-timeout 300 \
  "${rules[@]}" "${patterns[@]}" --output "$MUTANTS_WORK" || true

cd "$MUTANTS_WORK/mutants.out"
printf '\ndrawn %s of %s with seed %s: caught %s, hung %s, missed %s, did not compile %s\n' \
  "$(wc -l <"$MUTANTS_WORK/drawn")" "$(python3 -c 'import json,sys;print(len(json.load(open(sys.argv[1]))))' "$MUTANTS_WORK/list.json")" \
  "$seed" "$(wc -l <caught.txt)" "$(wc -l <timeout.txt)" "$(wc -l <missed.txt)" "$(wc -l <unviable.txt)"
cat missed.txt
