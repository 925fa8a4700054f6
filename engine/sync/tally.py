"""What a task of a synchronisation has come to so far: it grows as the task goes, and outlives its failure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from engine.core.errors import SourceError
from engine.core.sync_reports import SyncTask
from engine.pipeline import TaskReport
from engine.store.facts import Written


@dataclass
class TaskTally:
    """Counts of one task, over all its attempts; `failures` are those of the present attempt."""

    sources: dict[str, None] = field(default_factory=dict)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    calls: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    notes: dict[str, None] = field(default_factory=dict)
    failures: list[SourceError] = field(default_factory=list)

    def heard(self, source: str, rejected: Mapping[str, int], notes: Iterable[str] = ()) -> None:
        """Count what a feed sent that cannot be stored, and note what it says."""
        self.sources[source] = None
        self.rejected.update(rejected)
        self.note(*notes)

    def written(self, rows: Written, repeated: int = 0, replaced: int = 0) -> None:
        """Count rows that were written, left alone, or sent more than once: the same, or with other figures."""
        self.new += rows.tally.new
        self.changed += rows.tally.changed + replaced
        self.unchanged += rows.tally.unchanged + repeated
        self.rejected.update(rows.rejected)
        self.note(*rows.notes)

    def note(self, *sentences: str) -> None:
        """Keep sentences for the report, each once."""
        self.notes.update(dict.fromkeys(sentences))

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Keep a failure of the block for the end of the task, and go on with the next part."""
        try:
            yield
        except SourceError as error:
            self.failures.append(error)

    def settle(self) -> None:
        """At the end of an attempt: raise the first failure; the others become notes."""
        if self.failures:
            self.note(*(str(error) for error in self.failures[1:]))
            raise self.failures[0]

    def report(self, end: TaskReport) -> SyncTask:
        """The counts together with how the task ended."""
        return SyncTask(
            task=end.task,
            state=end.state.value,
            source=" and ".join(self.sources),
            calls=self.calls,
            new=self.new,
            changed=self.changed,
            unchanged=self.unchanged,
            seconds=end.seconds,
            started=end.started,
            rejected=dict(self.rejected),
            notes=tuple(self.notes),
            detail=end.detail,
        )
