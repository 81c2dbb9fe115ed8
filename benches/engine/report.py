"""Rows, and the report file that is rewritten between its markers."""

import csv
import datetime
import importlib.metadata
import statistics
import subprocess
from pathlib import Path

from networks import PRELU, ROOT, SHARED

median = statistics.median
BEGIN, END = "<!-- engine: begin -->", "<!-- engine: end -->"
VERSIONS = ("onnxruntime", "ncnn", "pnnx", "opencv-python-headless", "numpy")

# Largest ratio to the fastest peer: first step, goal. A goal is meant exclusively.
TARGETS = {
    "MobileFaceNet": (1.05, 1.0),
    PRELU: (1.05, 1.0),
    "YuNet 320": (1.15, 1.0),
    "YuNet 640": (1.15, 1.0),
    "MiniFASNetV2": (1.0, 0.8),
}
INT8_TARGET = (0.6, 0.45)
# The goal of this network alone asks for a share of the machine's peak, too.
PEAK_GOAL = {"MobileFaceNet": 85.0}


def rows(network, series, verdicts, precisions, peaks):
    """One row for each precision and path of ours; one without times where there is none."""
    times = {label: one.ms for label, one in series.items()}
    tract = times.get("tract")
    peers = {label: ms for label, ms in times.items() if _is_peer(label) and not label.endswith(" avx2")}
    held = {label.removesuffix(" avx2"): ms for label, ms in times.items() if _is_peer(label) and label.endswith(" avx2")}
    ours = [label for label in verdicts if label.startswith("ours ")] or [None]
    found = []
    for label in ours:
        path = label.split()[2] if label else None
        ms = times.get(label)
        fine, difference, cosine = verdicts.get(label, (True, None, None))
        found.append({
            "network": network.name,
            "mmac": round(network.mmac, 1),
            "precision": precisions.get(label, "f32"),
            "path": path,
            "ours_ms": _rounded(ms),
            "peers": {name: _rounded(value) for name, value in peers.items()},
            "ratio_to_fastest": _ratio(ms, peers),
            "peers_held_to_avx2": {name: _rounded(value) for name, value in held.items()},
            "ratio_to_fastest_held_to_avx2": _ratio(ms, held),
            "percent_of_peak": _percent(network.mmac, ms, peaks.get(path)),
            "tract_ms": _rounded(tract),
            "max_difference": difference,
            "cosine": cosine,
            "right": fine,
        })
    return found


def line(row):
    """One row, for whoever watches."""
    times = " ".join(f"{name} {ms:.2f}" for name, ms in row["peers"].items())
    held = " ".join(f"{name} {ms:.2f}" for name, ms in row["peers_held_to_avx2"].items())
    tract = f" | tract {row['tract_ms']:.2f}" if row["tract_ms"] else ""
    ours = "ours: none"
    if row["ours_ms"]:
        ours = f"{row['precision']} {row['path']} {row['ours_ms']:.2f} ms, ratio {row['ratio_to_fastest']:.2f}"
        if row["ratio_to_fastest_held_to_avx2"]:
            ours += f" (peers held to AVX2: {row['ratio_to_fastest_held_to_avx2']:.2f})"
    return f"{row['network']}: {ours} | {times} | held to AVX2: {held}{tract}"


def write(found, peaks, notes, raw, options):
    """Rewrites what stands between the markers, and keeps the rounds by date."""
    facts = compiler()
    target = facts["host"]
    results = ROOT / "benches" / "results"
    file = results / f"engine-{target}.md"
    text = file.read_text() if file.exists() else f"# The engine beside its peers on {target}\n\n{BEGIN}{END}\n"
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    parts = [_machine(facts, peaks, today, options), _peers_table(found), _own_table(found), _targets_table(found)]
    if notes:
        parts.append("Notes, and what was not timed:\n\n" + "\n".join(f"- {note}" for note in notes))
    if not SHARED.is_dir():
        parts.append("The weights of the standard pack were not on this machine: the committed pack alone was measured.")
    file.write_text(f"{before}{BEGIN}\n" + "\n\n".join(part for part in parts if part) + f"\n{END}{after}")
    folder = results / "raw" / target
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"engine-{today}.csv", "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["network", "engine", "round", "median_cpu_ms"])
        writer.writerows((network, label, turn, f"{ms:.4f}") for network, label, turn, ms in raw)
    print(f"written: {file.relative_to(ROOT)}")


def _machine(facts, peaks, today, options):
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in VERSIONS)
    measured = ", ".join(f"{path} {rate:.1f}" for path, rate in peaks.items())
    return (
        f"{_processor()}, rustc {facts['release']}, {today}. CPU time of the process, one thread, one picture at a time; "
        f"median of {options.rounds} rounds in which the engines take turns, each round the median of about "
        f"{options.seconds} s.\n{versions}. ncnn's weights in full precision (`fp16=0`).\n"
        f"Peak of fused multiply-adds, measured in the same run, GFLOP/s of one core: {measured}."
    )


def _peers_table(found):
    seen = {row["network"]: row for row in found}
    names = sorted({name for row in found for name in row["peers"]})
    head = ["network", "MMAC", *names, *(f"{name}, AVX2" for name in names), "tract"]
    lines = []
    for name, row in seen.items():
        cells = [name, f"{row['mmac']:.1f}"]
        for times in (row["peers"], row["peers_held_to_avx2"]):
            fastest = min(times.values(), default=None)
            cells += [_cell(times.get(peer), fastest) for peer in names]
        lines.append([*cells, _cell(row["tract_ms"])])
    return (
        "## Peers\n\nMilliseconds. The columns \"AVX2\" show the same peer with AVX-512 hidden from it, for the paths of "
        "ours that do without.\n\n" + _table(head, lines)
    )


def _own_table(found):
    head = ["network", "precision", "path", "ms", "to the fastest peer", "to the fastest held to AVX2", "% of peak",
            "largest difference", "cosine"]
    lines = [
        [row["network"], row["precision"], row["path"], _cell(row["ours_ms"]), _cell(row["ratio_to_fastest"]),
         _cell(row["ratio_to_fastest_held_to_avx2"]), _cell(row["percent_of_peak"], digits=0),
         f"{row['max_difference']:.1e}", f"{row['cosine']:.6f}"]
        for row in found if row["ours_ms"]
    ]
    if not lines:
        return ""
    return ("## Ours\n\nDifference and cosine are against onnxruntime on the same input, the worst output of each "
            "network; no engine is timed on a wrong answer.\n\n" + _table(head, lines))


def _targets_table(found):
    lines = []
    for row in found:
        if row["network"] in TARGETS and row["ours_ms"]:
            first, goal = INT8_TARGET if row["precision"] == "int8" else TARGETS[row["network"]]
            # Like against like: a path without AVX-512 against peers without it.
            ratio = row["ratio_to_fastest"] if row["path"] == "avx512" else row["ratio_to_fastest_held_to_avx2"]
            ratio = ratio or row["ratio_to_fastest"]
            share = PEAK_GOAL.get(row["network"]) if row["precision"] == "f32" else None
            reached = ratio < goal and (share is None or row["percent_of_peak"] >= share)
            wanted = f"< {goal}" + (f" and ≥ {share:.0f} % of peak" if share else "")
            lines.append([row["network"], row["precision"], row["path"], _cell(ratio), f"≤ {first}",
                          _yes(ratio <= first), wanted, _yes(reached)])
    if not lines:
        return ""
    head = ["network", "precision", "path", "ratio", "first step", "reached", "goal", "reached"]
    return ("## Targets\n\nRatio to the fastest f32 peer: with everything for AVX-512, held to AVX2 for AVX2.\n\n"
            + _table(head, lines))


def _table(head, lines):
    return "\n".join("| " + " | ".join(map(str, cells)) + " |" for cells in [head, ["---"] * len(head), *lines])


def _cell(value, fastest=None, digits=2):
    if value is None:
        return "–"
    text = f"{value:.{digits}f}"
    return f"**{text}**" if value == fastest else text


def _yes(reached):
    return "yes" if reached else "no"


def _is_peer(label):
    return label != "tract" and not label.startswith("ours ")


def _rounded(ms):
    return None if ms is None else round(ms, 4)


def _ratio(ms, peers):
    return None if ms is None or not peers else round(ms / min(peers.values()), 3)


def _percent(mmac, ms, peak):
    return None if ms is None or peak is None else round(100 * 2 * mmac / ms / peak, 1)


def compiler():
    text = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)


def _processor():
    fields = {}
    text = Path("/proc/cpuinfo").read_text()
    for entry in text.splitlines():
        key, _, value = entry.partition(":")
        fields.setdefault(key.strip(), value.strip())
    name = fields.get("model name", "unknown processor")
    return f"{name} (family {fields.get('cpu family')}, model {fields.get('model')}, {text.count('processor')} cores visible)"
