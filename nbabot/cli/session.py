"""What every command shares: the options --home, --config, --as-of and --json, and the engine that they lead to."""

from __future__ import annotations

import getpass
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec

import typer

from engine.core import calendar

if TYPE_CHECKING:
    from engine.engine import Engine
    from nbabot.settings import Settings

P = ParamSpec("P")

Home = Annotated[
    str | None,
    typer.Option("--home", metavar="DIR", help="Folder with the database, models and logs.", show_default=False),
]
Config = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Settings file to use.", show_default=False)
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Look from noon (New York) of that day, knowing no more than then."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON with stable keys instead of text.")]
Day = Annotated[
    str | None,
    typer.Option(
        "--date", metavar="DATE", help="League day: 2025-01-15, today, tomorrow or yesterday.", show_default=False
    ),
]


@dataclass(frozen=True)
class Session:
    """One run of one command. Settings and engine are opened when first asked for, the engine closed on leaving it.

    `home` is what stands after --home, unchecked: the home folder in use is `settings.home`.
    """

    home: str | None
    config: Path | None
    as_of: str | None = None
    as_json: bool = False

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *failure: object) -> None:
        if "engine" in self.__dict__:
            self.engine.close()

    @cached_property
    def settings(self) -> Settings:
        """The checked settings; from here on warnings go to stderr and all events to the log file. ConfigError."""
        from nbabot import logs, settings

        loaded = settings.load(self.config, self.home)
        logs.configure(loaded.home, loaded.log.policy(), terminal_level="warning")
        return loaded

    def reread(self, terminal_level: str | None = None) -> Settings:
        """The settings as they now stand, checked; logging goes by them, as with `configure`. Raises ConfigError."""
        from nbabot import logs, settings

        fresh = settings.load(self.config, self.home)
        logs.configure(self.settings.home, fresh.log.policy(), terminal_level)
        return fresh

    def log_to_terminal(self) -> None:
        """From here on the terminal shows what the log file takes: for programs that keep running."""
        from nbabot import logs

        logs.configure(self.settings.home, self.settings.log.policy())

    @cached_property
    def engine(self) -> Engine:
        """The engine on the home folder, at the moment of --as-of."""
        from engine.engine import Engine

        settings = self.settings
        horizon, access = settings.forecast.horizon_days, settings.sources.access
        return Engine(settings.home, self.clock, horizon, access, settings.policy())

    @cached_property
    def clock(self) -> Callable[[], datetime]:
        """The machine's clock, or one that stands at noon in New York of the --as-of day."""
        if self.as_of is None:
            return calendar.machine_clock
        moment = calendar.noon_of(calendar.parse_day(self.as_of, calendar.league_day(calendar.machine_clock())))
        return lambda: moment

    def day(self, text: str | None) -> date | None:
        """The day meant by --date, seen from the session's moment; None where it was not given."""
        return None if text is None else calendar.parse_day(text, calendar.league_day(self.clock()))


class _Command(typer.core.TyperCommand):
    """A command whose help names what to type (DATE, NAME), never the types of the library."""

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        for one in self.params:
            one.metavar = one.metavar or (None if getattr(one, "is_flag", False) else (one.name or "").upper())
            if isinstance(one, typer.core.TyperArgument):
                one.display_type_rich = lambda ctx: None  # type: ignore[method-assign]


def command(
    app: typer.Typer, name: str | None = None, *, as_of: bool = False, as_json: bool = False
) -> Callable[[Callable[Concatenate[Session, P], None]], Callable[Concatenate[Session, P], None]]:
    """Register a function as a command whose first parameter is the Session.

    The shared options are added to its own; --home and --config also count when given before the command's name.
    """

    def register(function: Callable[Concatenate[Session, P], None]) -> Callable[Concatenate[Session, P], None]:
        def run(context: typer.Context, **values: Any) -> None:
            shared = {option: values.pop(option, None) for option in ("home_dir", "config_file", "as_of", "as_json")}
            with _session(context, shared) as session:
                function(session, **values)  # type: ignore[call-arg]

        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        parameters = [_parameter("context", typer.Context, inspect.Parameter.empty), *own, *_shared(as_of, as_json)]
        keyword = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in parameters]
        run.__signature__ = inspect.Signature(keyword)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in keyword}
        run.__doc__ = function.__doc__
        app.command(name or function.__name__.strip("_"), cls=_Command)(run)
        return function

    return register


def user_name() -> str:
    """Name of the person at the keyboard, for what is kept of who did what."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def group(app: typer.Typer, name: str, about: str) -> typer.Typer:
    """Register a group of commands; its bare name prints what it holds."""
    made = typer.Typer(help=about, invoke_without_command=True, callback=print_help_if_bare)
    app.add_typer(made, name=name)
    return made


def print_help_if_bare(context: typer.Context) -> None:
    """Print the help of a group that was called without a command."""
    if context.invoked_subcommand is None:
        print(context.get_help())


def _shared(as_of: bool, as_json: bool) -> list[inspect.Parameter]:
    return [
        *([_parameter("as_of", AsOf, None)] if as_of else []),
        *([_parameter("as_json", AsJson, False)] if as_json else []),
        _parameter("home_dir", Home, None),
        _parameter("config_file", Config, None),
    ]


def _parameter(name: str, annotation: object, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _session(context: typer.Context, shared: dict[str, Any]) -> Session:
    before = context.find_root().params
    after = {option: value for option, value in shared.items() if value is not None}
    return Session(
        home=after.get("home_dir", before.get("home_dir")),
        config=after.get("config_file", before.get("config_file")),
        as_of=shared["as_of"],
        as_json=bool(shared["as_json"]),
    )
