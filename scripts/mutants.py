#!/usr/bin/env python3
"""Changes one thing of the code at a time and asks whether a test notices.

    scripts/mutants.py                    every module of tests/mutants/modules.toml, every change; hours
    scripts/mutants.py quality curve      these modules
    scripts/mutants.py --sample 20        one change in 20 of each module
    scripts/mutants.py --json FILE        writes the table there, too

Prints module, tried, caught, survivors and the score of each, and every survivor by name. A survivor that changes nothing
anybody could see ("equivalent"), or that is accepted, stands in tests/mutants/judged.toml with its reason, and does not
count. Exits with 1 when a module has a score below 95 %, or when an entry of judged.toml names no survivor that there is
(full runs alone).

Needs cargo-mutants; installs it under target/ when it is missing.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "tests/mutants"
WORK = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "mutants"
VERSION = "27.1.0"
LEAST_SCORE = 0.95
CAUGHT = {"CaughtMutant", "Timeout"}


def read(name):
    return tomllib.loads((HOME / name).read_text())


def cargo_mutants():
    """The folder of the program, installed when it is nowhere."""
    if shutil.which("cargo-mutants"):
        return None
    own = WORK / "tools"
    if not (own / "bin/cargo-mutants").exists():
        install = ["cargo", "install", "cargo-mutants", "--locked", "--version", VERSION, "--root", own]
        subprocess.run(install, check=True)
    return own / "bin"


def run(name, module, sample, tools):
    """The outcomes of one module: (mutant's name, outcome)."""
    out = WORK / name
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    command = ["cargo", "mutants", "--package", module["package"], "--output", out, "--profile", "mutants"]
    command += ["--no-shuffle", "--colors", "never", "--minimum-test-timeout", "60"]
    for pattern in module["files"]:
        command += ["--file", pattern]
    if sample > 1:
        command += ["--shard", f"0/{sample}", "--sharding", "round-robin"]
    command += ["--", *module["tests"]]
    environment = dict(os.environ)
    if tools:
        environment["PATH"] = f"{tools}:{environment['PATH']}"
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=sys.stderr)
    outcomes = out / "mutants.out/outcomes.json"
    # 2: some were missed; 3: some ran out of time. Everything else means that nothing was measured.
    if done.returncode not in (0, 2, 3) or not outcomes.exists():
        sys.exit(f"{name}: cargo mutants failed ({done.returncode}); see {out}")
    listed = json.loads(outcomes.read_text())["outcomes"]
    return [(o["scenario"]["Mutant"]["name"], o["summary"]) for o in listed if o["scenario"] != "Baseline"]


def without_place(name):
    """A mutant's name without line and column, which move with every change above it."""
    place, _, change = name.partition(": ")
    return f"{place.split(':')[0]}: {change}"


def table(name, outcomes, judged):
    missed = [mutant for mutant, outcome in outcomes if outcome == "MissedMutant"]
    excused = [mutant for mutant in missed if without_place(mutant) in judged]
    caught = sum(outcome in CAUGHT for _, outcome in outcomes)
    counted = caught + len(missed) - len(excused)
    return {
        "module": name,
        "tried": caught + len(missed),
        "caught": caught,
        "judged": [{"mutant": mutant, "reason": judged[without_place(mutant)]} for mutant in excused],
        "survivors": [mutant for mutant in missed if mutant not in excused],
        "score": caught / counted if counted else 1.0,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--sample", type=int, default=1, metavar="N", help="one change in N")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    if arguments.sample < 1:
        parser.error("--sample is at least 1")
    modules = read("modules.toml")
    unknown = [name for name in arguments.modules if name not in modules]
    if unknown:
        parser.error(f"no module {', '.join(unknown)}; there are: {', '.join(modules)}")
    judged = {entry["mutant"]: entry["reason"] for entry in read("judged.toml").get("judged", [])}
    tools = cargo_mutants()
    rows, stale = [], set(judged) if arguments.sample == 1 and not arguments.modules else set()
    for name in arguments.modules or modules:
        row = table(name, run(name, modules[name], arguments.sample, tools), judged)
        rows.append(row)
        stale -= {without_place(entry["mutant"]) for entry in row["judged"]}
    show(rows, stale)
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=2) + "\n")
    sys.exit(1 if stale or any(row["score"] < LEAST_SCORE for row in rows) else 0)


def show(rows, stale):
    print("| module | tried | caught | judged | survivors | score |\n|---|---|---|---|---|---|")
    for row in rows:
        counts = f"{row['tried']} | {row['caught']} | {len(row['judged'])} | {len(row['survivors'])}"
        print(f"| {row['module']} | {counts} | {row['score']:.1%} |")
    for row in rows:
        for entry in row["judged"]:
            print(f"judged: {entry['mutant']}: {entry['reason']}")
        for mutant in row["survivors"]:
            print(f"survivor: {mutant}")
    for mutant in sorted(stale):
        print(f"judged.toml names what does not survive: {mutant}")


if __name__ == "__main__":
    main()
