"""What is deployed fits the program: every setting that is set exists, nothing is open that need not be."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from nbabot.settings import Settings, keys

ROOT = Path(__file__).parent.parent
VARIABLE = re.compile(r"\bNBABOT_[A-Z_]+")


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
