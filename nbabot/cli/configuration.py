"""Writes docs/configuration.md from the sections and config.toml: `python -m nbabot.cli.configuration > PAGE`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbabot import settings
from nbabot.reload import LIVE
from nbabot.settings import Settings

SHIPPED = Path(__file__).resolve().parents[2] / "config.toml"
_INTRO = """# Settings

<!-- Written by `python -m nbabot.cli.configuration > docs/configuration.md`; a test compares them. -->

[config.toml](../config.toml) holds every key with its default. The file in use is the one after `--config`, else in
`NBABOT_CONFIG`, else `config.toml` in the working folder, else none. A variable wins over the file: `NBABOT_`, then
section and key joined by two underscores, as in `NBABOT_SCHEDULE__PICKS_TIME=12:00`; lists and tables are written as
JSON. Secrets never stand in settings: `DISCORD_TOKEN` and `THE_ODDS_API_KEY`, or files named in them.

`nbabot config check` names every mistake with its line; `nbabot config show` tells what is in force and where each
value comes from.

**Changing settings while the program runs.** SIGHUP has `nbabot run` and `nbabot bot` read them again
(`systemctl reload nbabot`, `docker compose kill -s HUP bot`). Sections marked *at once* count from then on; for others
the log says which keys need a restart. A mistake changes nothing and is logged in one sentence.
"""
_HEADER = re.compile(r"\[(\w+)\]")
_KEY = re.compile(r"# (\w+) = ")
_KINDS = {"boolean": "`true` or `false`", "integer": "a whole number", "number": "a number", "string": "text"}


@dataclass(frozen=True, slots=True)
class _Group:
    """Keys of one section that share what is said of them in the file."""

    section: str
    meaning: str
    keys: tuple[str, ...]


def page(text: str) -> str:
    """The whole page, from the text of config.toml."""
    schema = Settings.model_json_schema()
    lines, last = [_INTRO], ""
    for group in _groups(text):
        if group.section != last:
            when = "at once" if group.section in LIVE else "after a restart"
            lines += [f"## [{group.section}]", "", f"Changes count *{when}*.", ""]
        last = group.section
        lines += [group.meaning, "", "| key | what it may be | default |", "| --- | --- | --- |"]
        lines += [_row(schema, f"{last}.{key}" if last else key) for key in group.keys]
        lines.append("")
    return "\n".join(lines)


def _groups(text: str) -> Iterator[_Group]:
    """The keys of config.toml with the comment above them, in the order of the file; its head is left out."""
    section, said, keys = "", [""], [""]
    for line in [*text.partition("\n\n")[2].splitlines(), "[end]"]:
        header, key = _HEADER.fullmatch(line), _KEY.match(line)
        if key:
            keys.append(key[1])
            continue
        if keys[1:] and line:
            yield _Group(section, " ".join(said[1:]), tuple(keys[1:]))
            said, keys = [""], [""]
        if header:
            section = header[1]
        elif line:
            said.append(line.removeprefix("# "))


def _row(schema: dict[str, Any], key: str) -> str:
    section, _, name = key.rpartition(".")
    part = schema["$defs"][schema["properties"][section]["$ref"].rpartition("/")[2]] if section else schema
    default = settings.flat(Settings())[key] if section else None
    written = "" if default is None else f"`{settings.as_toml(default)}`"
    return f"| `{name}` | {_words(part['properties'][name])} | {written} |"


def _words(kind: dict[str, Any]) -> str:
    """What a value may be, from its JSON schema."""
    if "description" in kind:
        return str(kind["description"])
    if "anyOf" in kind:
        return _words(kind["anyOf"][0])
    if "enum" in kind:
        return " or ".join(f'`"{one}"`' for one in kind["enum"])
    if kind.get("format") == "path":
        return "a path; `~` is your own folder"
    match kind["type"]:
        case "array":
            return f"a list of: {_words(kind['items'])}"
        case "object":
            return f"a table of names, each with: {_words(kind['additionalProperties'])}"
        case plain:
            return _KINDS[plain] + _span(kind)


def _span(kind: dict[str, Any]) -> str:
    """`", 1 to 60"`, `", above 0, up to 50"`, `", at least 1"`; empty without a limit."""
    low, above, high = kind.get("minimum"), kind.get("exclusiveMinimum"), kind.get("maximum")
    if low is not None:
        return f", {low:,} to {high:,}" if high is not None else f", at least {low:,}"
    return f", above {above:,}, up to {high:,}" if above is not None and high is not None else ""


if __name__ == "__main__":
    print(page(SHIPPED.read_text(encoding="utf-8")), end="")
