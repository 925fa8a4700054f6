"""How the published forecasts of players have done, as plain text for a terminal of 80 columns."""

from __future__ import annotations

from engine.core import words
from engine.core.player_records import PlayerRecord, StatRecord
from nbabot.cli.output import show, show_table
from nbabot.cli.text import figure

_HEADINGS = ("", "published", "hits", "misses", "void", "pending", "off", "50%", "80%", "95%")
"""Of the table: the last three are the shares that the intervals of that promise held."""


def show_record(record: PlayerRecord) -> None:
    """Print of each stat what became of every published forecast, how far off they were, what the intervals held."""
    if record.simulated:
        show(f"{words.SIMULATED}\n")
    show(f"{_counted(record)}:\n")
    show_table(_HEADINGS, [_row(one) for one in record.stats], right=range(1, len(_HEADINGS)))
    show(
        "\nA hit ended within the 80% interval; who did not appear is void. How far off is of the median, on average; "
        "the last columns say how often the 50%, 80% and 95% intervals held."
    )


def show_no_record(every: PlayerRecord) -> None:
    """Say that a record holds nothing: of the days asked for, where `every` published forecast lies on others."""
    if every.stats:
        show(f"None of that span. {_counted(every)}.")
    else:
        show(
            "No forecasts of players have been published yet: with a player model in production, nbabot run publishes "
            "each day's."
        )


def _counted(record: PlayerRecord) -> str:
    days = (words.day(day) for day in (record.first_day, record.last_day) if day)
    return f"{sum(one.n for one in record.stats):,} figures of players published, {' to '.join(days)}"


def _row(one: StatRecord) -> tuple[str, ...]:
    counts = (f"{count:,}" for count in (one.n, one.hits, one.misses, one.voids, one.pending))
    shares = (one.share_50, one.share_80, one.share_95)
    return (
        one.stat.value,
        *counts,
        figure(one.mae, 2),
        *("–" if share is None else f"{share:.1%}" for share in shares),
    )
