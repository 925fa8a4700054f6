"""The question before a version gets another role: what speaks for and against it, and why it is done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from rich.console import Group, RenderableType
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Input, Label, Static

from engine.core.model_reports import Gate
from engine.core.reports import ModelVersion
from engine.engine import Engine
from tui.messages import PromotionJudged, QuestionFailed
from tui.screens.asking import AskingModal
from tui.widgets.comparison import Compared
from tui.widgets.keys import KeyBar
from tui.widgets.waiting import Waiting


class Move(Enum):
    """What may be done with a version: the word on the button, the question, what stands in the audit trail."""

    PROMOTE = ("Promote", "Put {} into production?", "promoted in the terminal UI")
    ROLL_BACK = ("Roll back", "Go back to {}?", "rolled back in the terminal UI")
    CHALLENGE = ("Challenge", "Let {} forecast in the shadow?", "to be compared")
    RETIRE = ("Retire", "Archive {}? Its files stay.", "retired in the terminal UI")

    def __init__(self, verb: str, question: str, reason: str) -> None:
        self.verb = verb
        self.question = question
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Decided:
    """The person's decision: why, and whether it overrules the gate."""

    why: str
    despite_gate: bool = False


class WhyInput(Input):
    """The field. Enter is its own key, so that it takes effect after all that was typed before it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "Do it")]


class RoleScreen(AskingModal[Decided | None]):
    """Shows the paired comparison with the champion and what the gate says, and asks for a reason.

    Answers the decision, or None when the person thinks better of it. Against the gate a reason of one's own is needed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel"),
        Binding("pagedown", "scroll(8)", "More", key_display="pgdn", priority=True),
        Binding("pageup", "scroll(-8)", "Page before", show=False, priority=True),
    ]

    def __init__(self, engine: Engine, move: Move, version: ModelVersion) -> None:
        super().__init__(engine)
        self._move = move
        self._version = version
        self._judged = False
        self._objections: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """The question, what was found, why, and the two answers."""
        with Vertical(classes="dialog -wide"):
            league = " (SIMULATED league)" if self._version.simulated else ""
            question = self._move.question.format(self._version.label)
            yield Label(f"{question}{league}", classes="title", markup=False)
            with VerticalScroll(id="case", can_focus=False):
                yield Waiting("Comparing it with the champion", id="waiting")
                yield Static(id="found")
            yield Label("Why? (for the audit trail)", id="hint")
            yield WhyInput(self._move.reason, id="why", max_length=200, compact=True)
            with Horizontal(id="answers"):
                yield Button(self._move.verb, variant="primary", id="decide", compact=True)
                yield Button("Cancel", id="cancel", compact=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Let the gate judge while the person thinks."""
        self.query_one("#why").focus()
        version = self._version
        self.ask("gate", None, lambda: PromotionJudged(self.engine.model_gate(version.name, version.version)))

    @on(PromotionJudged)
    def _show_case(self, message: PromotionJudged) -> None:
        self._judged = True
        self.query_one(Waiting).done()
        self._objections = message.gate.objections if self._is_judged_by_gate() else ()
        self.write("#found", _case(message.gate, self._objections, self._is_judged_by_gate()))
        why = self.query_one("#why", Input)
        if self._objections and why.value == self._move.reason:
            why.value = ""
            self.query_one("#decide", Button).label = f"{self._move.verb} anyway"

    @on(QuestionFailed)
    def _show_failure(self, message: QuestionFailed) -> None:
        """Without a judgement nothing is promoted; a version may be retired all the more."""
        self._judged = not self._is_judged_by_gate()
        self.query_one(Waiting).done()
        self.write("#found", Text(message.sentence, style="bold red"))

    def _is_judged_by_gate(self) -> bool:
        return self._move is Move.PROMOTE

    @on(Button.Pressed, "#decide")
    @on(Input.Submitted)
    def action_decide(self) -> None:
        """Leave with the decision; ask for what is missing."""
        why = " ".join(self.query_one("#why", Input).value.split())
        if not self._judged:
            self._insist("Nothing can be decided before the comparison is there.")
        elif not why:
            self._insist("Say why in a few words:")
        else:
            self.dismiss(Decided(why, bool(self._objections)))

    def _insist(self, sentence: str) -> None:
        hint = self.query_one("#hint", Label)
        hint.update(sentence)
        hint.add_class("-wrong")
        self.query_one("#why").focus()

    def action_scroll(self, lines: int) -> None:
        """Scroll through what speaks for and against it."""
        self.query_one("#case").scroll_relative(y=lines, animate=False, immediate=True)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)


def _case(gate: Gate, objections: tuple[str, ...], judged: bool) -> RenderableType:
    """What the gate says in words, then the comparison behind it."""
    parts: list[RenderableType] = []
    if objections:
        parts += [Text("The gate does not hold:", style="bold red"), *(Text(f"✗ {one}") for one in objections), Text()]
    elif judged:
        parts += [Text("✓ The gate holds: nothing speaks against it.", style="bold green"), Text()]
    replaced = gate.champion.label if gate.champion else "none"
    if gate.comparison is not None:
        parts.append(Compared(gate.comparison))
    else:
        parts.append(Text(f"In production: {replaced}. There is no comparison on common games."))
    return Group(*parts)
