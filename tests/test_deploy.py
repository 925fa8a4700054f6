"""What is deployed fits the program: every figure that is watched is told, every setting that is set exists."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from nbabot.settings import Settings, keys

ROOT = Path(__file__).parent.parent
WATCHED = re.compile(r"\bnbabot_[a-z_]+")
VARIABLE = re.compile(r"\bNBABOT_[A-Z_]+")


def _told() -> str:
    """The code that names the metrics; `_total`, `_bucket` and the like are added by the library."""
    return "\n".join((ROOT / "nbabot" / name).read_text() for name in ("metrics.py", "figures.py"))


@pytest.mark.parametrize("page", ["prometheus/alerts.yml", "grafana/dashboards/nbabot.json"])
def test_every_figure_that_is_watched_is_one_that_the_program_tells(page: str) -> None:
    told = _told()
    names = {
        re.sub("_(total|bucket|low|high)$", "", name) for name in WATCHED.findall((ROOT / "deploy" / page).read_text())
    }
    assert names
    assert {
        name for name in names if f'"{name.removeprefix("nbabot_")}"' not in told and f'"{name}"' not in told
    } == set()


def test_the_dashboard_is_json_whose_panels_do_not_overlap() -> None:
    panels = json.loads((ROOT / "deploy/grafana/dashboards/nbabot.json").read_text())["panels"]
    places = [
        (x, y)
        for spot in (panel["gridPos"] for panel in panels)
        for x in range(spot["x"], spot["x"] + spot["w"])
        for y in range(spot["y"], spot["y"] + spot["h"])
    ]
    assert len(places) == len(set(places))
    assert max(x for x, _ in places) < 24


@pytest.mark.parametrize("page", ["compose.yaml", "Dockerfile", "deploy/nbabot.service", "docs/operating.md"])
def test_every_variable_that_is_set_is_a_setting(page: str) -> None:
    known = {f"NBABOT_{key.replace('.', '__').upper()}" for key in keys()} | {"NBABOT_CONFIG"}
    assert set(VARIABLE.findall((ROOT / page).read_text())) <= known


def test_the_ports_are_those_of_the_settings() -> None:
    port = str(Settings().web.port)
    for page in ("Dockerfile", "deploy/prometheus/prometheus.yml"):
        assert f":{port}" in (ROOT / page).read_text()


def test_the_image_takes_in_what_the_package_is_made_of_and_nothing_that_is_not_its_own() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    assert {name for line in copied for name in line.split()} == sent
    assert "USER 10001" in (ROOT / "Dockerfile").read_text()
    assert not re.search(r"apt-get|gcc|build-essential", (ROOT / "Dockerfile").read_text())


def test_nothing_is_published_beyond_this_machine() -> None:
    ports = re.findall(r'ports: \["([^"]+)"\]', (ROOT / "compose.yaml").read_text())
    assert len(ports) == 2
    assert all(port.startswith("127.0.0.1:") for port in ports)
