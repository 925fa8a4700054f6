"""Jobs, their runs, posts and log lines in words: pure functions from records, no widget."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from rich.table import Table as Grid
from rich.text import Text

from engine.core import words
from engine.core.calendar import LEAGUE_ZONE
from engine.core.posts import Post, PostState
from engine.core.reports import JobRun, ScheduledJob
from tui.log_tail import LogLine
from tui.widgets.table import PADDING, Column, room

_COLOURS = {"done": "green", "sent": "green", "failed": "bold red", "missed": "bold red", "error": "bold red",
            "warning": "yellow", "running": "bold cyan", "waiting": "", "expired": "yellow"}  # fmt: skip
_JOB = (Column("Job", 8), Column("State", 7), Column("Last run", 15), Column("Took", 8, right=True), Column("Next", 15))
_ABOUT = Column("What it does", 56)
_RUN = (Column("Job", 8), Column("For", 10), Column("State", 7), Column("Began", 15), Column("Took", 8, right=True))
_POST = (Column("For", 10), Column("Post", 7), Column("State", 7), Column("Tries", 5, right=True))
_PLACE = Column("Place", 28)
_OWN_RUNS = 10
_LEAST_DETAIL = 20
"""Cells from which a sentence is worth showing in a row."""


def stamp(moment: datetime | None) -> str:
    """`15 Jan 11:30 ET`."""
    if moment is None:
        return "–"
    local = moment.astimezone(LEAGUE_ZONE)
    return f"{local.day} {local:%b %H:%M} ET"


def took(span: timedelta) -> str:
    """`0.4 s`, `38 s`, `4 min 10`."""
    seconds = span.total_seconds()
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds // 60:.0f} min {seconds % 60:02.0f}"


def duration(run: JobRun | None) -> str:
    """How long a run took; a dash while it has not ended."""
    return took(run.finished - run.started) if run is not None and run.finished is not None else "–"


def shortened(text: str, width: int) -> str:
    """As many whole words as fit, with three dots where any were left out."""
    text = " ".join(text.split())
    if len(text) <= width:
        return text
    return f"{text[: max(0, width - 3)].rsplit(' ', 1)[0].rstrip(',;:.')} ..."


def job_columns(width: int) -> tuple[Column, ...]:
    """Columns of the schedule in a table as wide as `width`."""
    return (*_JOB, _ABOUT) if room(width, _JOB) >= _ABOUT.width + PADDING else _JOB


def job_row(job: ScheduledJob, columns: tuple[Column, ...]) -> tuple[str | Text, ...]:
    """One job in the cells of `job_columns`."""
    began = stamp(job.last.started) if job.last else "never"
    due = stamp(job.next) if job.next else "now"
    cells = (job.name, _state(job.state), began, duration(job.last), due, job.about)
    return cells[: len(columns)]


def run_columns(width: int) -> tuple[Column, ...]:
    """Columns of the runs in a table as wide as `width`; their details take what the others leave."""
    return _with_rest(_RUN, "What came of it", width)


def run_row(run: JobRun, columns: tuple[Column, ...]) -> tuple[str | Text, ...]:
    """One run in the cells of `run_columns`."""
    cells = (run.job, run.due[:10], _state(run.state), stamp(run.started), duration(run), run.detail)
    return _fitted(cells, columns)


def post_columns(width: int) -> tuple[Column, ...]:
    """Columns of the outbox in a table as wide as `width`; errors take what the others leave."""
    return _with_rest((*_POST, _PLACE), "Error", width)


def post_row(post: Post, columns: tuple[Column, ...]) -> tuple[str | Text, ...]:
    """One post in the cells of `post_columns`."""
    cells = (
        f"{post.league_day}",
        post.kind,
        _state(post.state),
        str(post.attempts),
        post.channel.replace(":", " "),
        post.error or "",
    )
    return _fitted(cells, columns)


def job_details(job: ScheduledJob, runs: Sequence[JobRun]) -> Grid:
    """What a job does, when it is due, and how its latest runs went."""
    facts = {"does": job.about, "state": job.state, "next": words.moment(job.next) if job.next else "now"}
    own = [run for run in runs if run.job == job.name][:_OWN_RUNS]
    lines = [f"{stamp(run.started)} · {run.state} · {duration(run)} · {run.detail or '–'}" for run in own]
    return pairs({**facts, "runs": "\n".join(lines) or "none yet"})


def run_details(run: JobRun) -> Grid:
    """All that is known of a run."""
    ended = words.moment(run.finished) if run.finished else "not yet, or the program ended first"
    facts = {"for": run.due, "state": run.state, "began": words.moment(run.started), "ended": ended}
    return pairs({**facts, "took": duration(run), "result": run.detail or "–"})


def post_details(post: Post) -> Grid:
    """All that is known of a post, and what it says."""
    facts = {
        "state": f"{post.state}, tries so far: {post.attempts}",
        "place": post.channel,
        "stored": words.moment(post.created),
        "of use until": words.moment(post.expires),
    }
    if post.state is PostState.SENT:
        facts["message"] = post.message_id or "–"
    if post.error:
        facts["error"] = post.error
    return pairs({**facts, "says": post_text(post.payload)})


def pairs(facts: Mapping[str, str]) -> Grid:
    """Labels and values in two columns."""
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for label, value in facts.items():
        grid.add_row(label, Text(value))
    return grid


def post_text(payload: str) -> str:
    """What a post says, without its marks and colours."""
    try:
        parts = [part for embed in json.loads(payload) for part in _parts(embed)]
    except (ValueError, AttributeError, TypeError):
        return payload
    return _plain("\n".join(part for part in parts if part.strip()))


def log_text(line: LogLine) -> Text:
    """`11:30:02 warning  what happened`, in the league's time."""
    at = f"{line.moment.astimezone(LEAGUE_ZONE):%H:%M:%S}" if line.moment else " " * 8
    text = Text(f"{at} ", style="dim")
    text.append(f"{line.level:<8}", style=f"not dim {_COLOURS.get(line.level, '')}".strip())
    return text.append(_visible(line.text), style="not dim")


def _parts(embed: Mapping[str, object]) -> Iterator[str]:
    yield str(embed.get("title") or "")
    yield str(embed.get("description") or "")
    fields = embed.get("fields")
    for field in fields if isinstance(fields, list) else ():
        yield f"{field.get('name', '')}\n{field.get('value', '')}"


def _plain(text: str) -> str:
    """Discord's marks as far as posts use them: none of bold and code, moments as times."""
    timed = re.sub(
        r"<t:(\d+)(?::\w)?>", lambda found: words.moment(datetime.fromtimestamp(int(found[1]), LEAGUE_ZONE)), text
    )
    return _visible(re.sub(r"\*\*|`|\u200b", "", timed))


def _visible(text: str) -> str:
    """The text with a question mark for whatever a terminal might obey."""
    return "".join(one if one.isprintable() or one == "\n" else "?" for one in text)


def _state(state: str) -> Text:
    return Text(state, style=_COLOURS.get(state, ""))


def _with_rest(columns: tuple[Column, ...], label: str, width: int) -> tuple[Column, ...]:
    rest = room(width, columns) - PADDING
    return (*columns, Column(label, rest)) if rest >= _LEAST_DETAIL else columns


def _fitted(cells: tuple[str | Text, ...], columns: tuple[Column, ...]) -> tuple[str | Text, ...]:
    """As many cells as there are columns, texts shortened to them."""
    shown = zip(cells, columns, strict=False)
    return tuple(shortened(cell, column.width) if isinstance(cell, str) else cell for cell, column in shown)
