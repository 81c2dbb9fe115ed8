"""Instruction counts of one inference; what benches/instructions.sh starts once everything is built."""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

import own
import report
from networks import ROOT, all_networks

BEGIN, END = "<!-- instructions: begin -->", "<!-- instructions: end -->"
# What valgrind can follow, and devices run: the portable path is there for other processors.
PATHS = ("avx2",)
# A change above this share is a change of the code; below it, of the compiler's mood.
NOTICED = 0.03


def main():
    parser = argparse.ArgumentParser(prog="benches/instructions.sh", description=__doc__)
    parser.add_argument("--check", action="store_true", help="leave the record alone, exit with 1 on a change above 3 %%")
    parser.add_argument("--only", action="append", help="networks whose name contains this; repeatable")
    parser.add_argument("--binary", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    file = ROOT / "benches" / "results" / f"instructions-{report.compiler()['host']}.md"
    record = read(file)
    found = dict(record)
    moved = []
    for network in all_networks(options.work):
        if options.only and not any(word.lower() in network.name.lower() for word in options.only):
            continue
        plan = own.compiled(options.binary, network, options.work)
        for path in PATHS:
            count = counted(own.serve_plan(options.binary, network, plan), path, options.work)
            before = record.get((network.name, path))
            found[network.name, path] = count
            change = "" if before is None else f" ({count / before - 1:+.1%})"
            print(f"{network.name}, {path}: {count:,} instructions{change}", flush=True)
            if before is not None and abs(count / before - 1) > NOTICED:
                moved.append(f"{network.name}, {path}: {before:,} before, {count:,} now")
    for line in moved:
        print(f"moved by more than {NOTICED:.0%}: {line}")
    if not options.check:
        write(file, found)
    return 1 if options.check and moved else 0


def counted(command, path, work):
    """Instructions inside `infer` of main.rs's process: everything is prepared before, so one run is like any other."""
    out = work / "callgrind.out"
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--collect-atstart=no", "--toggle-collect=engine::network::infer",
         f"--callgrind-out-file={out}", *command],
        input="infer\n", env={**os.environ, "VULTUS_CPU": path}, capture_output=True, text=True,
    )
    total = re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.MULTILINE) if done.returncode == 0 else None
    if total is None or int(total[1]) == 0:
        raise ValueError(f"callgrind counted nothing: {(done.stdout + done.stderr)[-400:]}")
    return int(total[1])


def read(file):
    if not file.exists():
        return {}
    rows = re.findall(r"^\| (.+?) \| (\w+) \| ([\d ]+) \|$", file.read_text(), re.MULTILINE)
    return {(network, path): int(count.replace(" ", "")) for network, path, count in rows}


def write(file, found):
    facts = report.compiler()
    lines = "\n".join(f"| {network} | {path} | {f'{count:,}'.replace(',', ' ')} |" for (network, path), count in found.items())
    body = (
        f"Instructions of one inference inside the runner, callgrind, rustc {facts['release']}; "
        f"`benches/instructions.sh --check` compares.\n\n| network | path | instructions |\n|---|---|---|\n{lines}"
    )
    text = file.read_text() if file.exists() else f"# Instructions on {facts['host']}\n\n{BEGIN}{END}\n"
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    file.write_text(f"{before}{BEGIN}\n{body}\n{END}{after}")
    print(f"written: {file.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
