"""How closely the simulated league resembles the real one, and how long it takes to make.

    python -m bench.simulated_league

`figures` measures regular seasons from files in the stats.nba.com column format, real or simulated alike. The real
columns need the seasons in NBABOT_DATA (default ../shared/data).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from bench.tables import data_folder, show
from engine.core.calendar import season_label
from engine.features import elo
from engine.sources.simulated import SEASONS, write_league

REAL_SEASONS = ("2015-16", "2016-17", "2017-18", "2018-19", "2021-22", "2022-23", "2023-24")
"""2015-16 to 2023-24 without the two seasons that the pandemic cut short or emptied of spectators."""


def figures(folder: Path, season: str) -> dict[str, float]:
    """Figures of one regular season, from the files of that name under `folder`."""
    teams = _read(folder, "team_game_logs", season)
    players = _read(folder, "player_game_logs", season)
    games = _games(teams)
    found = _results(games, teams) | _calendar(teams) | _players(players, len(teams))
    found |= _quarters(_read(folder, "score_timelines", season))
    if not (odds := _read(folder, "closing_odds", season)).empty:
        found |= _market(odds, games)
    return found


def elo_log_loss(folder: Path, seasons: Sequence[str]) -> pd.Series[float]:
    """Log loss of FiveThirtyEight's Elo by season; the first season only warms the ratings up and is left out."""
    ratings: dict[int, float] = {}
    losses: dict[str, float] = {}
    for season in seasons:
        games = _games(_read(folder, "team_game_logs", season))
        ratings = {team: elo.at_new_season(rating) for team, rating in ratings.items()}
        chances = []
        for home, away, margin, hosted in zip(games.home, games.away, games.margin, games.edge, strict=True):
            gap = ratings.setdefault(home, elo.MEAN) - ratings.setdefault(away, elo.MEAN)
            chances.append(elo.home_win_probability(gap, neutral=not hosted))
            step = elo.shift(gap, margin, neutral=not hosted)
            ratings[home] += step
            ratings[away] -= step
        losses[season] = _log_loss(np.array(chances), games.margin.to_numpy() > 0)
    return pd.Series(losses).iloc[1:]


def _read(folder: Path, kind: str, season: str) -> pd.DataFrame:
    for name in (f"{season}.csv", f"{season}.csv.gz"):
        if (path := folder / kind / name).exists():
            rows = pd.read_csv(path, dtype={"GAME_ID": str})
            return rows[rows.GAME_ID.str.startswith("002")]
    return pd.DataFrame(columns=["GAME_ID"])


def _games(teams: pd.DataFrame) -> pd.DataFrame:
    """One row a game; a neutral game (two rows with @) has edge 0 and takes its first row for the home side's."""
    rows = teams.assign(host=teams.MATCHUP.str.contains("vs"))
    rows = rows.sort_values(["GAME_DATE", "GAME_ID", "host"], ascending=[True, True, False], kind="stable")
    home, away = rows.groupby("GAME_ID", sort=False).nth(0), rows.groupby("GAME_ID", sort=False).nth(1)
    return pd.DataFrame(
        {
            "home": home.TEAM_ID.to_numpy(),
            "away": away.TEAM_ID.to_numpy(),
            "margin": home.PTS.to_numpy() - away.PTS.to_numpy(),
            "total": home.PTS.to_numpy() + away.PTS.to_numpy(),
            "edge": home.host.astype(int).to_numpy(),
            "minutes": home.MIN.to_numpy(),
        },
        index=home.GAME_ID.to_numpy(),
    )


def _results(games: pd.DataFrame, teams: pd.DataFrame) -> dict[str, float]:
    hosted = games[games.edge == 1]
    regulation = teams[teams.MIN <= 242]
    possessions = regulation.FGA + 0.44 * regulation.FTA - regulation.OREB + regulation.TOV
    found = {
        "home wins": (hosted.margin > 0).mean(),
        "margin mean": hosted.margin.mean(),
        "margin sd": games.margin.std(),
        "margin within 3": (games.margin.abs() <= 3).mean(),
        "margin 20 or more": (games.margin.abs() >= 20).mean(),
        "total mean": games.total.mean(),
        "total sd": games.total.std(),
        "score correlation": _correlation(games),
        "overtime": (games.minutes > 250).mean(),
        "team margin sd": teams.groupby("TEAM_ID").PLUS_MINUS.mean().std(),
        "possessions": possessions.mean(),
        "possessions sd": possessions.std(),
    }
    for column in ("FGM", "FGA", "FG3M", "FG3A", "FTM", "FTA", "OREB", "DREB", "AST", "STL", "BLK", "TOV", "PF"):
        found[column] = regulation[column].mean()
        found[f"{column} sd"] = regulation[column].std()
    return found


def _correlation(games: pd.DataFrame) -> float:
    """Between the points of the two sides of a game."""
    home, away = (games.total + games.margin) / 2, (games.total - games.margin) / 2
    return float(home.corr(away))


def _calendar(teams: pd.DataFrame) -> dict[str, float]:
    days = teams.assign(day=pd.to_datetime(teams.GAME_DATE)).sort_values("day")
    rest = days.groupby("TEAM_ID").day.diff().dt.days
    a_day = days.groupby("day").size() / 2
    return {"back-to-backs": (rest == 1).mean(), "games a day": a_day.mean(), "most games a day": a_day.max()}


def _players(players: pd.DataFrame, team_games: int) -> dict[str, float]:
    players = players[players.MIN > 0]
    means = players.groupby("PLAYER_ID").PTS.agg(["mean", "size"])
    scorers = means[means["size"] >= 40]["mean"].sort_values(ascending=False).to_numpy()
    sides = players.groupby(["GAME_ID", "TEAM_ID"])
    rank = sides.MIN.rank(ascending=False, method="first")
    found = {
        "players a side": len(players) / team_games,
        "players a season": float(len(means)),
        "games a player": means["size"].mean(),
        "minutes of the 1st": players.MIN[rank == 1].mean(),
        "minutes of the 8th": players.MIN[rank == 8].mean(),
        "player points sd": players.PTS.std(),
        "player points sd within": (players.PTS - players.groupby("PLAYER_ID").PTS.transform("mean")).std(),
        "best of a side": sides.PTS.max().mean(),
    }
    for place in (1, 10, 50, 100, 200):
        if place <= len(scorers):
            found[f"scorer no. {place}"] = scorers[place - 1]
    return found


def _quarters(scores: pd.DataFrame) -> dict[str, float]:
    if scores.empty:
        return {}
    home, away = _by_period(scores, "HOME_SCORE"), _by_period(scores, "AWAY_SCORE")
    margins = home - away
    found: dict[str, float] = {"score rows a game": len(scores) / scores.GAME_ID.nunique()}
    for period in (1, 2, 3, 4):
        sides = pd.concat([home[period], away[period]])
        found |= {f"Q{period} points": sides.mean(), f"Q{period} points sd": sides.std()}
        found[f"Q{period} margin sd"] = margins[period].std()
    before = margins[[1, 2, 3]].sum(axis=1)
    found["margin sd after Q3"] = before.std()
    found["Q4 margin slope on lead"] = np.polyfit(before, margins[4], 1)[0]
    return found


def _by_period(scores: pd.DataFrame, side: str) -> pd.DataFrame:
    """Points of a side in each quarter, one row a game; a quarter without a row brought none."""
    ends = scores[scores.PERIOD <= 4].pivot_table(index="GAME_ID", columns="PERIOD", values=side, aggfunc="last")
    return ends.ffill(axis=1).diff(axis=1).fillna(ends)


def _market(odds: pd.DataFrame, games: pd.DataFrame) -> dict[str, float]:
    rows = odds.dropna().drop_duplicates("GAME_ID").set_index("GAME_ID").join(games, how="inner")
    offered = [np.where(ml < 0, -ml / (100 - ml), 100 / (100 + ml)) for ml in (rows.ML_HOME, rows.ML_AWAY)]
    home = offered[0] / (offered[0] + offered[1])
    return {
        "line log loss": _log_loss(home, rows.margin.to_numpy() > 0),
        "line margin MAE": (rows.margin + rows.HOME_SPREAD).abs().mean(),
        "line total MAE": (rows.total - rows.TOTAL).abs().mean(),
        "line spread sd": rows.HOME_SPREAD.std(),
        "line total sd": rows.TOTAL.std(),
        "line margin slope": np.polyfit(-rows.HOME_SPREAD, rows.margin, 1)[0],
        "line margin bias": (rows.margin + rows.HOME_SPREAD).mean(),
        "line total slope": np.polyfit(rows.TOTAL, rows.total, 1)[0],
        "line total bias": (rows.total - rows.TOTAL).mean(),
        "line overround": (offered[0] + offered[1] - 1).mean(),
    }


def _log_loss(chance: np.ndarray, won: np.ndarray) -> float:
    return float(-np.log(np.where(won, chance, 1 - chance)).mean())


def table(folder: Path, seasons: Sequence[str]) -> pd.DataFrame:
    """One row a figure, one column a season."""
    found = pd.DataFrame({season: figures(folder, season) for season in seasons})
    found.loc["Elo log loss"] = elo_log_loss(folder, seasons)
    return found


def main() -> None:
    """Print the table of simulated and real figures, and the seconds that the simulated league took."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        write_league(Path(folder))
        seconds = time.perf_counter() - start
        columns = {"simulated": table(Path(folder), [season_label(season) for season in SEASONS])}
    data = data_folder()
    if data is None:
        print("No real seasons (set NBABOT_DATA): only the simulated league is shown.")
    else:
        columns["real"] = table(data, REAL_SEASONS)
        columns[f"real {REAL_SEASONS[-3]} on"] = columns["real"][list(REAL_SEASONS[-3:])]
    rows = [[name, *(_summary(found.loc[name]) for found in columns.values())] for name in columns["simulated"].index]
    show("Regular seasons: mean (lowest to highest season)", ["figure", *columns], rows)
    print(f"\n{len(SEASONS)} simulated seasons written in {seconds:.1f} s")


def _summary(seasons: pd.Series[float]) -> str:
    return f"{seasons.mean():.3f} ({seasons.min():.3f} to {seasons.max():.3f})"


if __name__ == "__main__":
    main()
