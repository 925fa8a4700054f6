"""How long 100,000 player rows take from kept payloads of stats.nba.com into an empty database, and how much memory.

    python -m bench.feed_speed

Reads NBABOT_DATA (default ../shared/data): four real seasons are put into the wire format of LeagueGameLog and kept
as raw payloads, which is not timed. Then each payload is decompressed, parsed, checked and stored in a process of its
own. The promise is under 20 s and under 500 MB on two cores.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from bench.tables import data_folder, show
from engine.sources.feed import STATS, Delivery
from engine.sources.raw import RawArchive
from engine.sources.replay import replay
from engine.store import facts
from engine.store.database import Database

SEASONS = ("2020-21", "2021-22", "2022-23", "2023-24")
MOST_SECONDS, MOST_MEGABYTES = 20, 500


def keep_payloads(data: Path, archive: RawArchive) -> int:
    """Keep the logs of the seasons as stats.nba.com would send them; returns the number of player rows."""
    import pandas as pd

    players = 0
    for kind, folder in (("team_log", "team_game_logs"), ("player_log", "player_game_logs")):
        for season in SEASONS:
            frame = pd.read_csv(data / folder / f"{season}.csv.gz", dtype={"GAME_ID": str, "SEASON_ID": str})
            frame["GAME_ID"] = frame["GAME_ID"].str.zfill(10)
            table = json.loads(frame.to_json(orient="split", index=False))
            one = {"name": "LeagueGameLog", "headers": table["columns"], "rowSet": table["data"]}
            body = json.dumps({"resource": "leaguegamelog", "resultSets": [one]}).encode()
            archive.keep(STATS, kind, f"{season}_regular", body, datetime.now(UTC))
            players += len(frame) if kind == "player_log" else 0
    return players


def measured(folder: Path) -> tuple[float, float, float, int]:
    """Seconds in all and of them writing, peak memory in MB, and rows stored, for all payloads in order."""
    archive, database = RawArchive(folder / "raw"), Database(folder / "nbabot.db")
    started, writing, rows = time.perf_counter(), 0.0, 0
    for kept in archive.payloads():
        delivery = replay(kept, archive.read(kept))
        assert isinstance(delivery, Delivery)
        begun = time.perf_counter()
        with database.write() as connection:
            rows += sum(facts.write(connection, batch).tally.new for batch in delivery.batches)
        writing += time.perf_counter() - begun
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return seconds, writing, peak, rows


def main() -> int:
    """Print the table; 1 when the promise is broken."""
    data = data_folder()
    if data is None:
        print("no real seasons here (NBABOT_DATA): nothing measured")
        return 0
    with tempfile.TemporaryDirectory() as name:
        players = keep_payloads(data, RawArchive(Path(name) / "raw"))
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            seconds, writing, peak, rows = pool.submit(measured, Path(name)).result()
    figures = [
        f"{players:,}",
        f"{rows:,}",
        f"{seconds:.1f}",
        f"{seconds - writing:.1f}",
        f"{writing:.1f}",
        f"{peak:,.0f}",
    ]
    headings = ["player rows sent", "rows stored", "seconds", "of them reading", "writing", "peak MB"]
    show("Kept payloads of four seasons into an empty database", headings, [figures])
    return 0 if seconds * 100_000 / players < MOST_SECONDS and peak < MOST_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
