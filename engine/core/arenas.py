"""Where the teams play: coordinates and elevation of each home arena."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.core.teams import BY_ABBREVIATION

EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Arena:
    """Degrees north and east, and kilometres above the sea."""

    latitude: float
    longitude: float
    elevation_km: float = 0.0


_ARENAS = {
    "ATL": Arena(33.76, -84.40, 0.32),
    "BOS": Arena(42.37, -71.06),
    "BKN": Arena(40.68, -73.98),
    "CHA": Arena(35.23, -80.84, 0.23),
    "CHI": Arena(41.88, -87.67, 0.18),
    "CLE": Arena(41.50, -81.69, 0.20),
    "DAL": Arena(32.79, -96.81, 0.13),
    "DEN": Arena(39.75, -105.01, 1.61),
    "DET": Arena(42.34, -83.06, 0.18),
    "GSW": Arena(37.77, -122.39),
    "HOU": Arena(29.75, -95.36),
    "IND": Arena(39.76, -86.16, 0.22),
    "LAC": Arena(34.04, -118.27, 0.09),
    "LAL": Arena(34.04, -118.27, 0.09),
    "MEM": Arena(35.14, -90.05, 0.08),
    "MIA": Arena(25.78, -80.19),
    "MIL": Arena(43.05, -87.92, 0.19),
    "MIN": Arena(44.98, -93.28, 0.25),
    "NOP": Arena(29.95, -90.08),
    "NYK": Arena(40.75, -73.99),
    "OKC": Arena(35.46, -97.52, 0.36),
    "ORL": Arena(28.54, -81.38),
    "PHI": Arena(39.90, -75.17),
    "PHX": Arena(33.45, -112.07, 0.33),
    "POR": Arena(45.53, -122.67),
    "SAC": Arena(38.58, -121.50),
    "SAS": Arena(29.43, -98.44, 0.20),
    "TOR": Arena(43.64, -79.38, 0.08),
    "UTA": Arena(40.77, -111.90, 1.30),
    "WAS": Arena(38.90, -77.02),
}
ARENAS: dict[int, Arena] = {BY_ABBREVIATION[team].team_id: arena for team, arena in _ARENAS.items()}
"""Home arena by team id, for today's franchises; a team that moved is placed where it plays now."""


def travel_km(from_team: int, to_team: int) -> float:
    """Great-circle distance between two teams' arenas."""
    start, end = ARENAS[from_team], ARENAS[to_team]
    north, other = math.radians(start.latitude), math.radians(end.latitude)
    east = math.radians(end.longitude - start.longitude)
    cosine = math.sin(north) * math.sin(other) + math.cos(north) * math.cos(other) * math.cos(east)
    return EARTH_RADIUS_KM * math.acos(max(-1.0, min(1.0, cosine)))


def climb_km(from_team: int, to_team: int) -> float:
    """How much higher the second team's arena lies, in km; 0 where it lies lower."""
    return max(0.0, ARENAS[to_team].elevation_km - ARENAS[from_team].elevation_km)
