"""The report of benches/search.sh: tables between the markers of benches/results, and a plot."""

import csv
import datetime
import os
import subprocess
from pathlib import Path

RESULTS = Path(__file__).parent.parent / "results"
BEGIN, END = "<!-- search: begin -->", "<!-- search: end -->"


def compiler(key):
    lines = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout
    return next(line.split(": ")[1] for line in lines.splitlines() if line.startswith(key))


def machine():
    fields = {}
    for text in Path("/proc/cpuinfo").read_text().splitlines():
        key, _, value = text.partition(":")
        fields.setdefault(key.strip(), value.strip())
    name = fields.get("model name", "unknown processor")
    family, model = fields.get("cpu family", "?"), fields.get("model", "?")
    forced = os.environ.get("VULTUS_CPU")
    path = f", VULTUS_CPU={forced}" if forced else ""
    return f"{name} (family {family}, model {model}, {os.cpu_count()} cores visible{path})"


def line(row):
    ours, flat, best = row["ours_ms"], row["faiss_flat_ms"], row["faiss_best_ms"]
    peers = " · ".join(f"{ms:.3g}" for ms in row["faiss_ms"].values())
    reads, can = row["gigabytes_per_second"], row["machine_gigabytes_per_second"]
    return (
        f"| {row['dim']} × {row['n']:,} | **{ours:.3g}** | {peers} | {ours / flat:.2f} "
        f"| {ours / best:.2f} | {row['recall1']:.3f} / {row['recall5']:.3f} of {row['checked']} "
        f"| {reads:.1f} of {can:.1f} | {row['load_ms']:.3g} | {row['bytes_per_face']:.0f} |"
    )


def text(result):
    one = result["changes"]
    groups = " · ".join(f"{int(n):,}: {ms:.3g}" for n, ms in one["groups"].items())
    threads = " · ".join(f"{n}: {ms:.3g}" for n, ms in one["threads_wall"].items())
    heading = "| values × faces | ours ms | faiss Flat · SQfp16 · SQ8 ms | ours / Flat | ours / best faiss "
    heading += "| recall@1 / @5 | GB/s of upper halves, of the machine's | load ms | bytes a face |"
    lines = [
        heading,
        "|" + "---|" * heading.count(" | ") + "---|",
        *map(line, result["rows"]),
        "",
        f"At {one['dim']} × {one['n']:,}, ms: in a group of so many faces {groups}; wall time on so many threads "
        f"{threads}; enrolling one {one['enrol_ms']:.3g}, while a reader holds the state before "
        f"{one['enrol_shared_ms']:.3g}; removing one {one['remove_ms']:.3g}.",
    ]
    return "\n".join(lines)


def write(result):
    target = compiler("host")
    date = datetime.datetime.now(datetime.timezone.utc).date()
    file = RESULTS / f"{target}.md"
    old = file.read_text() if file.exists() else f"# Results on {target}\n"
    if BEGIN not in old:
        old += f"\n{BEGIN}{END}\n"
    before, rest = old.split(BEGIN)
    after = rest.split(END)[1]
    plot(result, RESULTS / f"search-{target}.svg")
    body = (
        f"{BEGIN}\nOne search for the five closest, {result['machine']} on {target}, rustc {compiler('release')}, "
        f"{date}; one thread, CPU time, medians of rounds in which the engines take turns (load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores).\n\n"
        f"{text(result)}\n\n![time over faces](search-{target}.svg)\n{END}"
    )
    file.write_text(before + body + after)
    raw = RESULTS / "raw" / target
    raw.mkdir(parents=True, exist_ok=True)
    with open(raw / f"search-{date}.csv", "w", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(["dimension", "faces", "engine", "ms"])
        for row in result["rows"]:
            for engine, ms in {"ours": row["ours_ms"], **row["faiss_ms"]}.items():
                rows.writerow([row["dim"], row["n"], engine, f"{ms:.4f}"])


def plot(result, file):
    import matplotlib

    matplotlib.use("svg")
    # The same figures give the same file.
    matplotlib.rcParams.update({"svg.hashsalt": "search", "font.size": 9})
    import matplotlib.pyplot as plt

    dimensions = sorted({row["dim"] for row in result["rows"]})
    figure, axes = plt.subplots(1, len(dimensions), figsize=(9, 3.6), sharey=True)
    for axis, dimension in zip(axes, dimensions):
        rows = [row for row in result["rows"] if row["dim"] == dimension]
        faces = [row["n"] for row in rows]
        for name in rows[0]["faiss_ms"]:
            axis.loglog(faces, [row["faiss_ms"][name] for row in rows], "o--", label=f"faiss {name}")
        axis.loglog(faces, [row["ours_ms"] for row in rows], "o-", label="ours", linewidth=2.5)
        axis.set_title(f"{dimension} values")
        axis.set_xlabel("faces")
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("ms a search, one thread")
    axes[0].legend()
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
