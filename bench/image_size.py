"""What the container image is made of: the build stage of the Dockerfile done step by step in a plain folder.

    python -m bench.image_size

Target: under 900 MB with the base image. Needs a package index. The result is then used as the container would use it:
without privileges, on files that cannot be written, with one folder for data.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from bench.tables import show

ROOT = Path(__file__).resolve().parent.parent
INSTALLED = "/opt/nbabot"
BASE_MB = 125
"""python:3.11-slim unpacked, as its publisher states it."""
TARGET_MB = 900
LISTED = 12


def steps() -> list[tuple[str, str]]:
    """The COPY and RUN lines of the first stage, in order."""
    stage = (ROOT / "Dockerfile").read_text().split("\nFROM ")[1].replace("\\\n", " ")
    return [(match[1], match[2]) for match in re.finditer(r"^(COPY|RUN) (.+)$", stage, re.MULTILINE)]


def build(folder: Path) -> Path:
    """Do the steps in a folder; returns what the image would hold under /opt/nbabot."""
    source, installed, tools = folder / "src", folder / "nbabot", folder / "tools"
    source.mkdir()
    venv.create(tools, with_pip=True)
    path = f"{tools / 'bin'}:{os.environ['PATH']}"
    _run([str(tools / "bin/python"), "-m", "pip", "install", "--quiet", "--upgrade", "pip"], source, path)
    for kind, words in steps():
        if kind == "COPY":
            *names, target = shlex.split(words)
            for name in names:
                _copy(ROOT / name, source / target / ("" if target != "./" else name))
        else:
            _run(["bash", "-ec", words.replace(INSTALLED, str(installed))], source, path)
    return installed


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def _run(command: list[str], folder: Path, path: str) -> None:
    environment = {**os.environ, "PATH": path, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_CACHE_DIR": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr[-600:]}")


def megabytes(path: Path) -> float:
    """What the files of a folder take, links not followed."""
    every = [path] if path.is_file() else [Path(folder, name) for folder, _, names in os.walk(path) for name in names]
    return sum(one.lstat().st_size for one in every) / 1e6


def used_without_rights(installed: Path, folder: Path) -> str:
    """Ask the installed program without any privilege, its files read-only: what it answers."""
    home = folder / "data"
    home.mkdir(mode=0o700)
    subprocess.run(["chmod", "-R", "a-w", str(installed)], check=True)
    dropped = ["setpriv", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"] if os.getuid() == 0 else []
    words = [*dropped, str(installed / "bin/python"), "-m", "nbabot", "predict", "BOS", "LAL"]
    environment = {"PATH": os.environ["PATH"], "NBABOT_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(words, env=environment, cwd=home, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[0] if done.returncode == 0 else f"FAILED: {done.stderr.strip()[-200:]}"


def main() -> int:
    """Print the table; 1 when the image would be too large or the program does not answer."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as text:
        folder = Path(text)
        installed = build(folder)
        packages = next(installed.glob("lib/python*/site-packages"))
        sizes = sorted(((megabytes(one), one.name) for one in packages.iterdir()), reverse=True)
        total = megabytes(installed)
        answer = used_without_rights(installed, folder)
    rest = total - sum(size for size, _ in sizes[:LISTED])
    rows = [("python:3.11-slim", f"{BASE_MB}"), *((name, f"{size:.0f}") for size, name in sizes[:LISTED])]
    rows += [("all the rest", f"{rest:.0f}"), (f"**image, target {TARGET_MB}**", f"**{BASE_MB + total:.0f}**")]
    show("What the image is made of, MB", ("part", "size"), rows)
    print(f"\nWithout any privilege, on read-only files: {answer}")
    return int(BASE_MB + total > TARGET_MB or answer.startswith("FAILED"))


if __name__ == "__main__":
    sys.exit(main())
