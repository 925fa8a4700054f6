"""What models there are: for each task, the features that its models read and the class that reads their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.core.errors import BundleError
from engine.features.contract import GAME_FEATURES, contract_hash
from engine.features.player_row import player_contract
from engine.models.bundles import Bundle
from engine.models.estimators import GameModel
from engine.models.halftime.model import CONTRACT as HALFTIME_CONTRACT
from engine.models.halftime.model import HalftimeModel
from engine.models.live.model import CONTRACT as LIVE_CONTRACT
from engine.models.live.model import LiveModel
from engine.models.player.model import PlayerModel


class Model(Protocol):
    """A model that can be written to the files of a bundle."""

    def to_files(self) -> dict[str, bytes]:
        """The whole model, by file name."""


@dataclass(frozen=True, slots=True)
class Task:
    """`contract` is the hash of the features that are computed here for the task; `read` raises BundleError."""

    contract: Callable[[], str]
    read: Callable[[Mapping[str, bytes]], Model]


TASKS: Mapping[str, Task] = {
    "game": Task(lambda: contract_hash(GAME_FEATURES), GameModel.from_files),
    "halftime": Task(lambda: HALFTIME_CONTRACT, HalftimeModel.from_files),
    "live": Task(lambda: LIVE_CONTRACT, LiveModel.from_files),
    "player": Task(player_contract, PlayerModel.from_files),
}
"""Every task by its name."""


def task_of(name: str) -> Task:
    """A task by its name. Raises BundleError for one that this program does not know."""
    if name not in TASKS:
        raise BundleError(f"This nbabot has no models for '{name}', only for {', '.join(TASKS)}: upgrade nbabot.")
    return TASKS[name]


def model_in(bundle: Bundle) -> Model:
    """The model in a verified bundle. Raises BundleError where it cannot be read, or was made for other features."""
    task = task_of(bundle.text_field("task"))
    if bundle.text_field("contract") != task.contract():
        raise BundleError(f"{bundle.folder} was made for other features than this nbabot computes: train it again.")
    return task.read(bundle.files)
