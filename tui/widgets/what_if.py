"""Who plays in a game and who does not, for a person to suppose otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType

from engine.core import outlook_words, words
from engine.core.outlooks import WhatIf
from engine.core.records import GameForecast, RotationPlayer
from tui.widgets import text as texts
from tui.widgets.table import PADDING, Column, Table, room

_PLAYER = "Player"
_TEAM = Column("Team", 4)
_MINUTES, _POINTS = Column("Min", 4, right=True), Column("Pts", 4, right=True)
_PLAYS, _WORTH = Column("Plays", 7), Column("What if", 9, right=True)
OUT, BACK = "out", "back"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A player whom a team counts on: minutes if he plays, points per game where known, chance (0..1) that he plays."""

    name: str
    team_id: int
    minutes: float
    points: float | None
    chance: float

    @property
    def choices(self) -> tuple[str, ...]:
        """What can be supposed of him, the more telling first: whoever is certain to play can only be out."""
        if self.chance >= 1:
            return (OUT,)
        if self.chance <= 0:
            return (BACK,)
        return (OUT, BACK) if self.chance >= 0.5 else (BACK, OUT)


@dataclass(frozen=True, slots=True)
class Supposition:
    """What a person supposes: OUT or BACK by the player's name."""

    players: Mapping[str, str] = field(default_factory=dict)

    def turned(self, one: Candidate) -> Supposition:
        """With the next choice for a player; after the last one, nothing is supposed of him."""
        steps = (*one.choices, None)
        now = self.players.get(one.name)
        following = steps[(steps.index(now) + 1) % len(steps)] if now in one.choices else steps[0]
        others = {name: what for name, what in self.players.items() if name != one.name}
        return replace(self, players=others | ({one.name: following} if following else {}))

    @property
    def question(self) -> WhatIf:
        """The same as the engine is asked it."""
        out, back = ([name for name, said in self.players.items() if said == what] for what in (OUT, BACK))
        return WhatIf(tuple(out), tuple(back))

    def __bool__(self) -> bool:
        return bool(self.players)


def candidates(forecast: GameForecast, rotations: Iterable[Sequence[RotationPlayer]]) -> dict[str, Candidate]:
    """Both teams' players by name: the rotations, and whoever else is in doubt; most minutes first."""
    doubts = {one.player_id: one for one in forecast.availability}
    found: dict[str, Candidate] = {}
    for team_id, rotation in zip((forecast.away_id, forecast.home_id), rotations, strict=True):
        chances = {one.player_id: doubts[one.player_id].chance for one in rotation if one.player_id in doubts}
        team = [Candidate(one.name, team_id, one.minutes, one.pts, chances.get(one.player_id, 1.0)) for one in rotation]
        others = [one for one in doubts.values() if one.team_id == team_id and one.player_id not in chances]
        team += [Candidate(one.name, team_id, one.minutes, None, one.chance) for one in others]
        found |= {one.name: one for one in sorted(team, key=lambda one: -one.minutes)}
    return found


class WhatIfTable(Table):
    """The players; space, Enter or a second click supposes that one is out, or back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "select_cursor", "Out, back", key_display="space"),
    ]

    def show_players(
        self, players: Collection[Candidate], supposed: Supposition, worth: Mapping[str, float], width: int
    ) -> None:
        """Fill the table; `worth` is what each player's first choice changes in his own team's margin, where known."""
        longest = max((len(one.name) for one in players), default=0)
        columns = [Column(_PLAYER, longest), _TEAM, _MINUTES, _PLAYS, _WORTH]
        if room(width, columns) >= _POINTS.width + PADDING:
            columns.insert(3, _POINTS)
        self.show(columns, {one.name: _row(one, supposed, worth.get(one.name), columns) for one in players})


def _row(one: Candidate, supposed: Supposition, worth: float | None, columns: Sequence[Column]) -> list[str | Text]:
    said = supposed.players.get(one.name)
    plays = {1.0: "yes", 0.0: "no"}.get(one.chance, f"{one.chance:.0%}")
    cells: dict[str, str | Text] = {
        _PLAYER: Text(one.name, style="bold reverse" if said else ""),
        _TEAM.label: words.code(one.team_id),
        _MINUTES.label: f"{one.minutes:.0f}",
        _POINTS.label: "" if one.points is None else f"{one.points:.1f}",
        _PLAYS.label: Text({OUT: "✗ OUT", BACK: "✓ BACK"}[said], style="bold") if said else plays,
        _WORTH.label: "" if worth is None else f"{one.choices[0]} {texts.signed(worth)}",
    }
    return [cells[column.label] for column in columns]


def change(before: GameForecast, after: GameForecast, supposed: Supposition) -> Text:
    """What is supposed, and how chance and margin of the published pick move by it."""
    who = [f"{outlook_words.last_name(name)} {what}" for name, what in supposed.players.items()]
    home = before.pick_id == before.home_id
    chances = [one.home_win_prob if home else 1 - one.home_win_prob for one in (before, after)]
    margins = [one.margin if home else -one.margin for one in (before, after)]
    team = words.code(before.pick_id)
    moved = (
        f"{team} {words.percent(chances[0])} → {words.percent(chances[1])} ({100 * (chances[1] - chances[0]):+.1f}%), "
        f"margin {margins[0]:+.1f} → {margins[1]:+.1f} ({texts.signed(margins[1] - margins[0])})"
    )
    text = Text.assemble((f"What if {', '.join(who)}: ", "bold"), moved)
    if before.model != after.model:
        text.append(f" (published by {before.model}, supposed by {after.model})", style="dim")
    return text
