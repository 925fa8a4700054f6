"""The model versions, what they can do, who moved them, and the moves themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import DataTable, Static

from engine.core.reports import AuditEntry, ModelStatus, ModelVersion
from tui.messages import ManifestRead, ModelsRead, QuestionFailed, RoleMoved
from tui.operator import operator
from tui.screens.base import EngineScreen
from tui.screens.compare import CompareScreen
from tui.screens.facts import FactsScreen
from tui.screens.role import Decided, Move, RoleScreen
from tui.widgets.headings import Headings
from tui.widgets.manifest import manifest_facts
from tui.widgets.model_rows import AuditTrail, model_columns, model_row
from tui.widgets.table import Table

NO_MODELS = "No model versions yet: run `nbabot train game`, or `nbabot demo` for the whole story."
TASKS = ("game", "player")
_DONE = {
    Move.PROMOTE: "{} is the champion now.",
    Move.ROLL_BACK: "{} is the champion again.",
    Move.CHALLENGE: "{} forecasts in the shadow now.",
    Move.RETIRE: "{} is archived.",
}


class ModelsScreen(EngineScreen):
    """Versions of the models of games or of players, newest first, with the audit trail below."""

    NAME = "models"
    ABOUT = (
        "Every model version with its figures from walk-forward tests (losses and misses: less is better). The "
        "champion makes the forecasts, challengers forecast in its shadow. Space marks versions; c compares two marked "
        "ones, one with the chosen one, or the chosen one with the champion, on the same games. Every move shows what "
        "the gate says, takes effect everywhere within seconds, and is written to the audit trail with your name and "
        "reason. SIMULATED marks what was learned from invented games."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "next_task", "Task", key_display="→", tooltip="Models of games, or of players"),
        Binding("left", "next_task", "Task before", key_display="←", show=False),
        Binding("space", "mark", "Mark", key_display="␣", tooltip="Mark to compare"),
        Binding("c", "compare", "Compare"),
        Binding("p", "move('PROMOTE')", "Promote"),
        Binding("b", "roll_back", "Roll back", tooltip="Roll back to the version before"),
        Binding("h", "move('CHALLENGE')", "Challenge", tooltip="Challenge: forecast in the shadow"),
        Binding("x", "move('RETIRE')", "Retire"),
    ]

    shown = TASKS[0]
    """The task whose models are on the screen."""
    seen: ModelsRead | None = None
    """The answer on the screen."""

    def contents(self) -> ComposeResult:
        """Tasks, versions or a word about their absence, audit trail."""
        yield Headings(TASKS)
        yield Table("versions")
        yield Static("Reading the models ...", id="empty", markup=False)
        yield Static("Audit trail", classes="title", markup=False)
        with VerticalScroll(id="trail"):
            yield Static(id="audit")

    def on_mount(self) -> None:
        """Until the first answer there is no table."""
        self._marked: dict[str, None] = {}
        self.query_one("#versions").display = False
        self._show_headings()

    def reload(self) -> None:
        """Ask for the registry again."""
        super().reload()
        self._ask_models()

    def _ask_models(self, *, anew: bool = False) -> None:
        self.ask("models", None, lambda: ModelsRead(self.engine.models(None), self.engine.model_audit()), anew=anew)

    @on(ModelsRead)
    def _show(self, message: ModelsRead) -> None:
        self.answered("models")
        self.seen = message
        self._show_versions()

    @on(QuestionFailed)
    def _show_failure(self, message: QuestionFailed) -> None:
        if message.topic == "models" and self.seen is None:
            self.write("#empty", message.sentence)

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        if self.seen is not None:
            self._show_versions()

    @property
    def versions(self) -> tuple[ModelVersion, ...]:
        """The versions of the task on the screen, newest first."""
        return tuple(one for one in self.seen.versions if one.task == self.shown) if self.seen else ()

    def _audit(self) -> tuple[AuditEntry, ...]:
        return tuple(one for one in self.seen.audit if one.task == self.shown) if self.seen else ()

    def _show_headings(self) -> None:
        every = self.seen.versions if self.seen else ()
        counts = {task: sum(one.task == task for one in every) for task in TASKS}
        said = {task: f"{task.capitalize()} models{f': {count}' if count else ''}" for task, count in counts.items()}
        self.query_one(Headings).show(self.shown, said)

    def _show_versions(self) -> None:
        versions, table = self.versions, self.query_one("#versions", Table)
        self._show_headings()
        self.write("#audit", AuditTrail(self._audit()))
        self.write("#empty", NO_MODELS)
        self.query_one("#empty").display = not versions
        appears = bool(versions) and not table.display
        table.display = bool(versions)
        if appears:
            table.focus()
        table.styles.height = len(versions) + 1
        columns = model_columns(self.app.size.width, versions)
        table.show(columns, {one.label: model_row(one, columns, marked=one.label in self._marked) for one in versions})

    def _version(self, label: str | None) -> ModelVersion | None:
        return next((one for one in self.versions if one.label == label), None)

    @property
    def chosen(self) -> ModelVersion | None:
        """The version under the cursor."""
        return self._version(self.query_one("#versions", Table).chosen)

    def _with(self, status: ModelStatus) -> ModelVersion | None:
        return next((one for one in self.versions if one.status is status), None)

    def action_next_task(self) -> None:
        """Show the models of the other task."""
        self._choose_task(TASKS[1 - TASKS.index(self.shown)])

    @on(Headings.Chosen)
    def _go_to(self, message: Headings.Chosen) -> None:
        self._choose_task(message.section)

    def _choose_task(self, task: str) -> None:
        self.shown = task
        self._marked.clear()
        self._show_versions()

    @on(DataTable.RowSelected, "#versions")
    def _open(self) -> None:
        version = self.chosen
        if version is not None:
            self.ask(
                "manifest",
                version.label,
                lambda: ManifestRead(version, self.engine.model_manifest(version.name, version.version)),
            )

    @on(ManifestRead)
    def _show_manifest(self, message: ManifestRead) -> None:
        self.answered("manifest")
        self.app.push_screen(FactsScreen(message.version.label, manifest_facts(message.version, message.manifest)))

    def action_mark(self) -> None:
        """Mark the chosen version, or take the mark away; of three marked ones the first is let go."""
        version = self.chosen
        if version is None:
            return
        if version.label in self._marked:
            del self._marked[version.label]
        else:
            self._marked[version.label] = None
            while len(self._marked) > 2:
                del self._marked[next(iter(self._marked))]
        self._show_versions()

    def action_compare(self) -> None:
        """Compare the marked versions, or the chosen one with the marked one or the champion."""
        champion = self._with(ModelStatus.CHAMPION)
        labels = [*self._marked, *(one.label for one in (self.chosen, champion) if one)]
        pair = [one for label in dict.fromkeys(labels) if (one := self._version(label))][:2]
        if len(pair) == 2:
            self.app.push_screen(CompareScreen(self.engine, *pair))
        else:
            self.notify("There is no second version: choose another one, or mark two with space.", markup=False)

    def action_move(self, name: str) -> None:
        """Ask before the chosen version gets another role."""
        version, move = self.chosen, Move[name]
        if version is None:
            return
        if version.status is ModelStatus.CHAMPION:
            sentence = {
                Move.PROMOTE: "is the champion already.",
                Move.CHALLENGE: "is the champion: it needs no shadow.",
                Move.RETIRE: "is the champion: promote another version first.",
            }[move]
            self.notify(f"{version.label} {sentence}", markup=False)
            return
        self._propose(move, version)

    def action_roll_back(self) -> None:
        """Ask before the version that was champion before is put back; the same key goes forth again."""
        previous = self._with(ModelStatus.PREVIOUS)
        if previous is None:
            self.notify("There is no version before the champion to go back to.", markup=False)
        else:
            self._propose(Move.ROLL_BACK, previous)

    def _propose(self, move: Move, version: ModelVersion) -> None:
        self.app.push_screen(
            RoleScreen(self.engine, move, version), lambda decided: self._carry_out(move, version, decided)
        )

    def _carry_out(self, move: Move, version: ModelVersion, decided: Decided | None) -> None:
        if decided is None:
            return
        engine, named, who = self.engine, (version.name, version.version), operator()
        acts: dict[Move, Callable[[], ModelVersion]] = {
            Move.PROMOTE: lambda: engine.promote(*named, who, decided.why, decided.despite_gate),
            Move.ROLL_BACK: lambda: engine.roll_back(who, decided.why, version.task),
            Move.CHALLENGE: lambda: engine.challenge(*named, who, decided.why),
            Move.RETIRE: lambda: engine.retire(*named, who, decided.why),
        }
        self.ask("role", version.label, lambda: RoleMoved(_DONE[move].format(version.label), acts[move]()))

    @on(RoleMoved)
    def _moved(self, message: RoleMoved) -> None:
        self.answered("role")
        self.notify(message.sentence, markup=False)
        self._ask_models(anew=True)
