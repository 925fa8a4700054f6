"""The model versions, what they can do, who moved them, and the promotion of one."""

from __future__ import annotations

import getpass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import DataTable, Static

from engine.core.model_reports import Gate
from engine.core.reports import ModelStatus, ModelVersion
from tui.messages import ModelPromoted, ModelsRead, PromotionJudged, QuestionFailed
from tui.screens.base import EngineScreen
from tui.screens.promote import PromoteScreen
from tui.screens.version import VersionScreen
from tui.widgets.model_rows import AuditTrail, model_columns, model_row
from tui.widgets.table import Table

NO_MODELS = "No model versions yet: run `nbabot train game`, or `nbabot demo` for the whole story."


class ModelsScreen(EngineScreen):
    """Versions of the game models, newest first, with the audit trail below."""

    NAME = "models"
    ABOUT = (
        "Every model version with its figures from walk-forward tests (log loss, Brier: less is better). The champion "
        "makes the forecasts; promoting another takes effect everywhere within seconds and is written to the audit "
        "trail with your name and reason; b goes back to the one before. SIMULATED marks what was learned from "
        "invented games."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "promote", "Promote"),
        Binding("b", "roll_back", "Back to the previous"),
    ]

    seen: ModelsRead | None = None
    """The answer on the screen."""

    def contents(self) -> ComposeResult:
        """Versions or a word about their absence, audit trail."""
        yield Table("versions")
        yield Static("Reading the models ...", id="empty", markup=False)
        yield Static("Audit trail", classes="title", markup=False)
        with VerticalScroll(id="trail"):
            yield Static(id="audit")

    def on_mount(self) -> None:
        """Until the first answer there is no table."""
        self.query_one("#versions").display = False

    def reload(self) -> None:
        """Ask for the registry again."""
        super().reload()
        self._ask_models()

    def _ask_models(self, *, anew: bool = False) -> None:
        self.ask("models", None, lambda: ModelsRead(self.engine.models(), self.engine.model_audit()), anew=anew)

    @on(ModelsRead)
    def _show(self, message: ModelsRead) -> None:
        self.answered("models")
        self.seen = message
        self.write("#audit", AuditTrail(message.audit))
        self.write("#empty", NO_MODELS)
        self._show_versions()

    @on(QuestionFailed)
    def _show_failure(self, message: QuestionFailed) -> None:
        if message.topic == "models" and self.seen is None:
            self.write("#empty", message.sentence)

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        if self.seen is not None:
            self._show_versions()

    def _show_versions(self) -> None:
        versions = self.seen.versions if self.seen else ()
        table = self.query_one("#versions", Table)
        self.query_one("#empty").display = not versions
        appears = bool(versions) and not table.display
        table.display = bool(versions)
        if appears:
            table.focus()
        table.styles.height = len(versions) + 1
        columns = model_columns(self.app.size.width, versions)
        table.show(columns, {version.label: model_row(version, columns) for version in versions})

    def _chosen(self) -> ModelVersion | None:
        chosen = self.query_one("#versions", Table).chosen
        versions = self.seen.versions if self.seen else ()
        return next((version for version in versions if version.label == chosen), None)

    @on(DataTable.RowSelected, "#versions")
    def _open(self) -> None:
        version = self._chosen()
        if version is not None:
            self.app.push_screen(VersionScreen(version))

    def action_promote(self) -> None:
        """Let the gate judge the chosen version; its answer opens the question."""
        version = self._chosen()
        if version is None:
            return
        if version.status is ModelStatus.CHAMPION:
            self.notify(f"{version.label} is the champion already.", markup=False)
            return
        name, number = version.name, version.version
        self.ask("gate", version.label, lambda: PromotionJudged(self.engine.model_gate(name, number)))

    @on(PromotionJudged)
    def _confirm(self, message: PromotionJudged) -> None:
        """Confirm and give a reason, then make the version the champion."""
        self.answered("gate")
        gate = message.gate
        self.app.push_screen(PromoteScreen(gate), lambda why: self._promote(gate, why))

    def _promote(self, gate: Gate, why: str | None) -> None:
        if why is None:
            return
        version, who, force = gate.version, _operator(), not gate.holds
        self.ask(
            "promotion",
            version.label,
            lambda: ModelPromoted(self.engine.promote(version.name, version.version, who, why, force)),
        )

    def action_roll_back(self) -> None:
        """Put the version that was champion before back at once; the same key goes forth again."""
        who = _operator()
        self.ask("promotion", None, lambda: ModelPromoted(self.engine.roll_back(who, "rolled back in the terminal UI")))

    @on(ModelPromoted)
    def _promoted(self, message: ModelPromoted) -> None:
        self.answered("promotion")
        self.notify(f"{message.version.label} is the champion now.", markup=False)
        self._ask_models(anew=True)


def _operator() -> str:
    """Name of the person at the keyboard, for the audit trail."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "operator"
