"""What faults of the machine leave of a home folder: what the operator saw, rows lost, healed by doing it again.

    python -m bench.recovery [ACT ...]

Every act is killed (SIGKILL) at moments spread over its whole length, and starved of disk half-way; then the home is
opened as the next start would. A row counts as lost when it was stored before the act, or acknowledged by it, and is
not there afterwards; healed means that doing the act again ends where an undisturbed act ends. Target: 0 lost, all
healed. `sync` needs NBABOT_TOOLS and NBABOT_DATA; a full disk needs Linux and the right to mount (unshare).
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench import stand_in
from bench.recovery_acts import ACTS, DAY, SYNC_DAY, open_engine
from bench.tables import show
from engine.core.errors import NbabotError
from engine.engine import DATABASE
from engine.sources.simulated import write_league
from engine.store import database as database_module
from engine.store import schema

KILLS = 4
SHARED_MEMORY = 40
"""KiB that SQLite needs to open a database at all."""
STARVED = ("import", "picks", "train", "backup", "restore", "migrate")
FACTS = {  # what an act, done again, must bring about
    "games": "SELECT game_id, status, home_points, away_points FROM games",
    "team_boxes": "SELECT game_id, team_id, pts FROM team_boxes",
    "player_boxes": "SELECT game_id, player_id, pts FROM player_boxes",
    "players": "SELECT player_id FROM players",
    "picks": "SELECT game_id, league_day, home_win_prob, model, outcome FROM picks",
    "roles": "SELECT task, alias, name, version FROM model_aliases",
}
KEYS = {  # what is never to go missing
    "games": "SELECT game_id FROM games",
    "players": "SELECT player_id FROM players",
    "player_boxes": "SELECT game_id, player_id, pts FROM player_boxes",
    "picks": "SELECT game_id, league_day, home_win_prob, model FROM picks",
    "audit": "SELECT id, to_label FROM model_audit",
    "versions": "SELECT name, version FROM model_versions",
}
Rows = set[tuple[object, ...]]


@dataclass(frozen=True)
class Case:
    """An act on a home: the home before it, what the act is given, and the homes as an undisturbed act leaves them."""

    act: str
    base: Path
    argument: str
    after: Path
    seconds: float


@dataclass
class Outcome:
    """Over all tries of one fault."""

    tries: int
    seen: str
    lost: int
    healed: bool


def rows(home: Path, queries: dict[str, str]) -> Rows:
    """What a home holds, as rows with the name of what they are."""
    if not (home / DATABASE).is_file():
        return set()
    connection = sqlite3.connect(home / DATABASE)
    try:
        known = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master")}
        usable = {name: sql for name, sql in queries.items() if sql.split("FROM ")[1].split()[0] in known}
        return {(name, *row) for name, sql in usable.items() for row in connection.execute(sql)}
    finally:
        connection.close()


def start(case: Case, home: Path) -> subprocess.Popen[str]:
    """The act in a process of its own."""
    words = [sys.executable, "-m", "bench.recovery_acts", case.act, str(home), case.argument]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def undisturbed(act: str, base: Path, argument: str, folder: Path) -> Case:
    """The act done in peace, timed from the moment at which it begins."""
    after = folder / f"after-{act}"
    shutil.copytree(base, after)
    case = Case(act, base, argument, after, 0)
    process = start(case, after)
    assert process.stdout is not None
    process.stdout.readline()
    began = time.perf_counter()
    _, complaint = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{act}: {complaint[-600:]}")
    return Case(act, base, argument, after, time.perf_counter() - began)


def killed(case: Case, home: Path, share: float) -> bool:
    """Kill the act after a share of its length; whether it had been acknowledged by then."""
    process = start(case, home)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(share * case.seconds)
    process.kill()
    said, _ = process.communicate()
    return "done" in said


def judged(case: Case, home: Path, acknowledged: bool) -> tuple[str, int, bool]:
    """What the next start says, how many rows are lost, and whether doing it again heals."""
    try:
        engine = open_engine(home, DAY)
        damage = engine.damage()
        engine.close()
        seen = f"damaged: {damage}" if damage else "starts, sound"
    except NbabotError as error:
        seen = str(error)
    promised = rows(case.base, KEYS) | (rows(case.after, KEYS) if acknowledged else set())
    held = rows(home, KEYS).union(*(rows(aside, KEYS) for aside in home.glob("before-restore-*")))
    return seen, len(promised - held), healed(case, home)


def healed(case: Case, home: Path) -> bool:
    """Whether the act, done again and left in peace, ends where an undisturbed one ends."""
    process = start(case, home)
    _, complaint = process.communicate()
    if process.returncode:
        print(f"{case.act}: {complaint.strip()}", file=sys.stderr)
        return False
    engine = open_engine(home, DAY)
    problems = [check.problem for check in engine.verify_models() if check.problem]
    sound = engine.damage() is None
    engine.close()
    return sound and not problems and rows(home, FACTS) == rows(case.after, FACTS)


def kills(case: Case, folder: Path) -> Outcome:
    """The act killed at moments spread over its length."""
    found = Outcome(0, "", 0, True)
    for number in range(KILLS):
        home = folder / f"{case.act}-{number}"
        shutil.copytree(case.base, home)
        acknowledged = killed(case, home, (number + 0.5) / KILLS)
        seen, lost, well = judged(case, home, acknowledged)
        found = Outcome(found.tries + 1, _joined(found.seen, seen), found.lost + lost, found.healed and well)
        shutil.rmtree(home)
    return found


def starved(case: Case, folder: Path) -> Outcome | None:
    """The act on a disk that is full half-way; None where no small disk can be made here."""
    grown = _kibibytes(case.after) - _kibibytes(case.base)
    room = _kibibytes(case.base) + SHARED_MEMORY + grown // 2
    out, disk = folder / f"{case.act}-starved", folder / "disk"
    disk.mkdir(exist_ok=True)
    act = f"{sys.executable} -m bench.recovery_acts {case.act} {disk} {case.argument!r}"
    script = (
        f"mount -t tmpfs -o size={room}k,nr_inodes=10000 none {disk} && cp -r {case.base}/. {disk} && "
        f"{{ {act} >/dev/null; code=$?; cp -r {disk} {out}; exit $code; }}"
    )
    done = subprocess.run(["unshare", "-rm", "bash", "-c", script], capture_output=True, text=True, check=False)
    if not out.is_dir():
        return None
    said = done.stderr.strip().replace(str(disk), "HOME")
    _, lost, well = judged(case, out, acknowledged=done.returncode == 0)
    shutil.rmtree(out)
    return Outcome(1, said or "nothing: it fitted", lost, well)


def _joined(before: str, seen: str) -> str:
    return seen if before in ("", seen) else f"{before} / {seen}"


def _kibibytes(folder: Path) -> int:
    """What the files of a folder take, in whole pages."""
    return sum(-(-path.stat().st_size // 4096) * 4 for path in folder.rglob("*") if path.is_file())


@contextmanager
def cases(folder: Path, wanted: list[str]) -> Iterator[list[tuple[str, Path, str]]]:
    """Every act that can be tried here with the home that it begins with and its argument."""
    league = folder / "league"
    write_league(league, seed=7, seasons=(2023, 2024))
    (folder / "empty").mkdir()
    found = [("import", folder / "empty", str(league)), ("migrate", _old_format(folder / "old", league), "")]
    if set(wanted) - {"import", "migrate", "sync"}:
        trained, picked = _trained(folder, league)
        saved = folder / "kept"
        backup = _saved(picked, saved)
        for act in ("picks", "train", "promote"):
            found.append((act, trained, ""))
        found += [("grade", picked, ""), ("backup", picked, ""), ("restore", trained, str(backup))]
    with _season_server(folder) as server:
        if server:
            found.append(("sync", folder / "synced", server))
        yield [case for case in found if case[0] in wanted]


def _old_format(home: Path, league: Path) -> Path:
    """A home as an older program left it."""
    now, kept = schema.MIGRATIONS, schema.LATEST
    schema.MIGRATIONS, schema.LATEST = now[:-2], kept - 2
    database_module.LATEST = kept - 2
    try:
        engine = open_engine(home, DAY)
        engine.import_paths([league / "team_game_logs"])
        engine.close()
    finally:
        schema.MIGRATIONS, schema.LATEST, database_module.LATEST = now, kept, kept
    return home


def _trained(folder: Path, league: Path) -> tuple[Path, Path]:
    """A home with a model in production, and the same with the picks of a day."""
    trained, picked = folder / "trained", folder / "picked"
    engine = open_engine(trained, DAY)
    engine.import_paths([league])
    for version in engine.train_game(["logistic", "elo"]):
        engine.promote(version.name, version.version, "bench", "to begin with", force=True)
    engine.close()
    shutil.copytree(trained, picked)
    engine = open_engine(picked, DAY)
    engine.publish_picks()
    engine.close()
    return trained, picked


def _saved(home: Path, folder: Path) -> Path:
    engine = open_engine(home, DAY)
    try:
        return Path(engine.back_up(folder, 3).backup.path)
    finally:
        engine.close()


@contextmanager
def _season_server(folder: Path) -> Iterator[str]:
    """The address of a stand-in that has one more day to give than `synced` holds; empty where there is none."""
    tool = stand_in.load_tool()
    if tool is None:
        yield ""
        return
    teams, players = (part[part["GAME_DATE"] < SYNC_DAY.isoformat()] for part in stand_in.season_rows("2024-25"))
    with tool.ReplayNBA() as server:
        server.today = SYNC_DAY - timedelta(days=1)
        stand_in.serve(server, teams, players)
        subprocess.run([*_words("sync"), str(folder / "synced"), server.url], check=True, capture_output=True)
        server.today = SYNC_DAY
        stand_in.serve(server, teams, players)
        yield server.url


def _words(act: str) -> list[str]:
    return [sys.executable, "-m", "bench.recovery_acts", act]


def main() -> int:
    """Print the table; 1 when a row was lost or a fault outlived the next try."""
    wanted = sys.argv[1:] or list(ACTS)
    table: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory() as text, cases(Path(text), wanted) as found:
        for act, base, argument in found:
            case = undisturbed(act, base, argument, Path(text))
            tried: dict[str, Callable[[Case, Path], Outcome | None]] = {f"killed during {act}": kills}
            if act in STARVED:
                tried[f"disk full during {act}"] = starved
            for fault, inflict in tried.items():
                if (outcome := inflict(case, Path(text))) is not None:
                    healed_words = "yes" if outcome.healed else "NO"
                    table.append((fault, str(outcome.tries), outcome.seen, str(outcome.lost), healed_words))
    show("Faults of the machine", ("fault", "tries", "what the operator saw", "rows lost", "healed"), table)
    return int(any(line[3:] != ("0", "yes") for line in table))


if __name__ == "__main__":
    sys.exit(main())
