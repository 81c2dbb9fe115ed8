"""Builds the source of the `lite` model pack: models/source/lite/*.onnx and its pack.toml.

Run it in a virtual environment that holds requirements.txt:

    python build_lite.py --cache /somewhere/outside/the/repository

The result is the same byte for byte on every run. `vultus models compile` makes models/lite of it.
"""

import argparse
import re
import sys
import tomllib
from pathlib import Path

import golden
from dlib_dat import DlibError
from fetch import SourceError, fetch_members, sha256
from networks import OWN, RECIPES, convert
from tflite_reader import TfliteError

HERE = Path(__file__).parent
TEMPLATE = HERE / "lite.pack.toml.in"
SIZE_LIMIT = 16 * 1024 * 1024


class BuildError(Exception):
    """The outputs don't fit together."""


def build_networks(cache: Path, output: Path, half_weights: bool) -> dict[str, str]:
    """Writes every network and returns name -> SHA-256."""
    members = fetch_members(cache)
    hashes = {}
    output.mkdir(parents=True, exist_ok=True)
    for recipe in RECIPES:
        graph = convert(recipe, members[recipe.source], half_weights)
        data = graph.serialise()
        (output / recipe.file).write_bytes(data)
        hashes[recipe.name] = sha256(data)
        kept = f", kept in f32: {', '.join(graph.kept_f32)}" if graph.kept_f32 else ""
        print(f"{recipe.file:22} {len(data):9} bytes  {hashes[recipe.name]}{kept}")
    for own in OWN:
        data = (HERE.parent / "source/lite" / own.file).read_bytes()
        (output / own.file).write_bytes(data)
        hashes[own.name] = sha256(data)
        print(f"{own.file:22} {len(data):9} bytes  {hashes[own.name]}, trained by models/train")
    return hashes


def render_manifest(hashes: dict[str, str], output: Path) -> str:
    goldens = golden.load()
    blocks = {}
    for name, digest in hashes.items():
        if goldens.get(name, {}).get("sha256") != digest:
            raise BuildError(
                f"golden.json has no values for {name} with SHA-256 {digest}; the networks are written, "
                "so run make_golden.py on them and then this build again"
            )
        blocks[name] = golden.toml_block(goldens[name]["outputs"])

    def replace(match: re.Match) -> str:
        kind, _, name = match[1].partition(":")
        if kind == "calibration":
            return calibration_table(output)
        table = {"sha256": hashes, "golden": blocks}.get(kind)
        if table is None or name not in table:
            raise BuildError(f"{TEMPLATE.name}: unknown placeholder {match[0]}")
        return table[name]

    text = re.sub(r"@([a-z0-9]+(?::[a-z_]+)?)@", replace, TEMPLATE.read_text()).rstrip() + "\n"
    check_manifest(tomllib.loads(text), hashes)
    return text


def calibration_table(output: Path) -> str:
    """Calibration is measured on the built pack later on; until then the table is left out."""
    path = output / "calibration.toml"
    if not path.exists():
        return ""
    return f'[calibration]\nfile = "{path.name}"\nsha256 = "{sha256(path.read_bytes())}"'


def check_manifest(manifest: dict, hashes: dict[str, str]) -> None:
    """The template is written by hand: it must agree with what was built."""
    found = {network["name"]: network for network in manifest["network"]}
    if list(found) != [network.name for network in RECIPES + OWN]:
        raise BuildError(f"{TEMPLATE.name} lists {list(found)}")
    for recipe in RECIPES + OWN:
        network = found[recipe.name]
        outputs = tuple((entry["name"], tuple(entry["shape"])) for entry in network["output"])
        if network["file"] != recipe.file or network["sha256"] != hashes[recipe.name] or outputs != recipe.outputs:
            raise BuildError(f"{TEMPLATE.name}: the entry of {recipe.name} doesn't fit the built network")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True, help="folder that keeps the downloaded packages")
    parser.add_argument("--output", type=Path, default=HERE.parent / "source/lite", help="folder of the pack")
    parser.add_argument(
        "--f32-only", type=Path, metavar="DIR",
        help="write the networks with f32 weights to DIR, for verify_lite.py, and stop",
    )
    arguments = parser.parse_args()
    if arguments.f32_only:
        build_networks(arguments.cache, arguments.f32_only, half_weights=False)
        return
    hashes = build_networks(arguments.cache, arguments.output, half_weights=True)
    manifest = render_manifest(hashes, arguments.output)
    (arguments.output / "pack.toml").write_text(manifest)
    total = sum((arguments.output / recipe.file).stat().st_size for recipe in RECIPES + OWN)
    print(f"{'pack.toml':22} {len(manifest.encode()):9} bytes  {sha256(manifest.encode())}")
    if total > SIZE_LIMIT:
        raise BuildError(f"the networks take {total} bytes, more than {SIZE_LIMIT}")


if __name__ == "__main__":
    try:
        main()
    except (BuildError, SourceError, TfliteError, DlibError, OSError) as error:
        sys.exit(f"build_lite: {error}")
