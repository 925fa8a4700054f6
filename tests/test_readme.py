"""What the README shows is what the program prints."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_sample_answer_is_what_a_fresh_installation_prints(tmp_path: Path) -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("    $ nbabot predict"))
    end = lines.index("    ...", start)
    command = lines[start].split()[2:]
    done = subprocess.run(
        [sys.executable, "-m", "nbabot", *command, "--home", str(tmp_path)],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        encoding="utf-8",
        env={"PYTHONUTF8": "1", "PYTHONPATH": str(ROOT), "COLUMNS": "80"},
    )
    shown = [line.removeprefix("    ") for line in lines[start + 1 : end]]
    assert done.stdout.splitlines()[: len(shown)] == shown


def test_every_link_of_the_pages_leads_to_a_file() -> None:
    import re

    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text) + re.findall(r'src="([^":]+)"', text):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
