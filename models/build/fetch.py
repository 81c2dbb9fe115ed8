"""Downloads the source packages by name, version and SHA-256, and takes the listed members out."""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

SOURCES = Path(__file__).with_name("sources.toml")


class SourceError(Exception):
    """A source package or one of its members is missing or isn't the pinned one."""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def load_sources() -> list[dict]:
    return tomllib.loads(SOURCES.read_text())["package"]


def fetch(package: dict, cache: Path) -> Path:
    """Returns the package's file in `cache`, downloading it with pip when it isn't there yet."""
    target = cache / package["file"]
    if not target.exists():
        cache.mkdir(parents=True, exist_ok=True)
        download(package, cache)
    if not target.exists():
        raise SourceError(f"pip downloaded {package['name']}, but not as {package['file']}")
    found = sha256(target.read_bytes())
    if found != package["sha256"]:
        raise SourceError(f"{target}: SHA-256 is {found}, expected {package['sha256']}")
    return target


def download(package: dict, cache: Path) -> None:
    """The hash goes to pip as well, so that it refuses a wrong sdist before running its setup.py."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes", "-d", str(cache)]
    if package["kind"] == "wheel":
        # The wheel's platform is pinned so that every machine takes the same file.
        command += ["--only-binary", ":all:", "--platform", "manylinux_2_17_x86_64"]
        command += ["--implementation", "cp", "--python-version", "3.11", "--abi", "cp311"]
    else:
        # Without build isolation pip uses the pinned setuptools of requirements.txt for the metadata
        # instead of downloading whatever is newest.
        command += ["--no-binary", package["name"], "--no-build-isolation"]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirement:
        requirement.write(f"{package['name']}=={package['version']} --hash=sha256:{package['sha256']}\n")
        requirement.flush()
        result = subprocess.run([*command, "-r", requirement.name], capture_output=True, text=True)
    if result.returncode != 0:
        raise SourceError(f"pip download of {package['name']} failed:\n{result.stdout}{result.stderr}")


def read_member(archive: Path, path: str) -> bytes:
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                return wheel.read(path)
        with tarfile.open(archive) as sdist:
            member = sdist.extractfile(path)
            if member is None:
                raise KeyError(path)
            return member.read()
    except KeyError as error:
        raise SourceError(f"{archive.name} has no file {path}") from error


def fetch_members(cache: Path) -> dict[str, bytes]:
    """All pinned members as key -> bytes."""
    members = {}
    for package in load_sources():
        archive = fetch(package, cache)
        for member in package["member"]:
            data = read_member(archive, member["path"])
            if sha256(data) != member["sha256"]:
                raise SourceError(f"{member['path']}: SHA-256 is {sha256(data)}, expected {member['sha256']}")
            members[member["key"]] = data
    return members
