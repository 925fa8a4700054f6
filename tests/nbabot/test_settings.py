from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from engine.core.errors import ConfigError, DiscordAccessError
from nbabot import settings

SHIPPED = Path(__file__).resolve().parents[2] / "config.toml"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text)
    return path


def test_without_file_and_variables_the_defaults_hold():
    found = settings.load()
    assert found.schedule.picks_time == "11:00"
    assert found.schedule.recap_time == "09:00"
    assert found.forecast.horizon_days == 14
    assert found.discord.picks_channel_id is None
    assert found.home.name == "nbabot"


def test_a_variable_wins_over_the_file_and_the_file_over_the_default(tmp_path, monkeypatch):
    written(tmp_path, '[log]\nlevel = "debug"\n[schedule]\npicks_time = "12:00"\nrecap_time = "08:00"\n')
    monkeypatch.setenv("NBABOT_SCHEDULE__PICKS_TIME", "13:30")
    found = settings.load()
    assert (found.log.level, found.schedule.picks_time, found.schedule.recap_time) == ("debug", "13:30", "08:00")
    assert settings.origin("schedule.picks_time") == "environment"
    assert settings.origin("schedule.recap_time") == "file"
    assert settings.origin("forecast.horizon_days") == "default"


def test_the_file_named_wins_over_the_one_in_the_environment_and_in_the_working_folder(tmp_path, monkeypatch):
    written(tmp_path, "[forecast]\nhorizon_days = 1\n")
    for name, days in (("env.toml", 2), ("named.toml", 3)):
        (tmp_path / name).write_text(f"[forecast]\nhorizon_days = {days}\n")
    assert settings.load().forecast.horizon_days == 1
    monkeypatch.setenv("NBABOT_CONFIG", str(tmp_path / "env.toml"))
    assert settings.load().forecast.horizon_days == 2
    assert settings.load(tmp_path / "named.toml").forecast.horizon_days == 3


def test_the_home_named_wins_and_a_tilde_is_the_users_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("NBABOT_HOME", "~/somewhere")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert settings.load().home == tmp_path / "somewhere"
    assert settings.load(home=tmp_path / "other").home == tmp_path / "other"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[schedul]\n", "schedul in"),
        ('[schedule]\npick_time = "11:00"\n', "did you mean schedule.picks_time?"),
        ("nonsense = 1\n", "nonsense"),
        ('[log]\nlevel = "loud"\n', "log.level"),
        ('[schedule]\npicks_time = "25:00"\n', "schedule.picks_time"),
        ('[schedule]\npicks_time = "02:30"\n', "01:00 to 03:00"),
        ("[schedule]\npicks_time = 11\n", "schedule.picks_time"),
        ("[forecast]\nhorizon_days = 0\n", "forecast.horizon_days"),
        ("[discord]\npicks_channel_id = -4\n", "discord.picks_channel_id"),
        ('[discord]\ntoken = "abc"\n', "set DISCORD_TOKEN"),
        ("[log\n", "not valid TOML"),
    ],
)
def test_a_mistake_in_the_file_is_one_sentence_that_names_the_key(tmp_path, text, sentence):
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        settings.load()
    message = str(caught.value)
    assert sentence in message
    assert path.name in message
    assert "\n" not in message


def test_a_secret_in_the_file_is_not_repeated_in_the_message(tmp_path):
    written(tmp_path, '[discord]\ntoken = "the-secret-itself"\n')
    with pytest.raises(ConfigError) as caught:
        settings.load()
    assert "the-secret-itself" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("NBABOT_SCHEDULE__PICK_TIME", "11:00", "did you mean NBABOT_SCHEDULE__PICKS_TIME?"),
        ("NBABOT_NONSENSE", "1", "NBABOT_NONSENSE is not a setting"),
        ("NBABOT_FORECAST__HORIZON_DAYS", "many", "NBABOT_FORECAST__HORIZON_DAYS"),
        ("NBABOT_LOG", "debug", "NBABOT_LOG"),
    ],
)
def test_a_mistake_in_a_variable_is_one_sentence_that_names_it(monkeypatch, name, value, sentence):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        settings.load()
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path):
    with pytest.raises(ConfigError, match="--config"):
        settings.load(tmp_path / "absent.toml")


def test_the_token_comes_from_either_variable_or_the_file(tmp_path, monkeypatch):
    (tmp_path / "token").write_text("from-the-file\n")
    written(tmp_path, f'[discord]\ntoken_file = "{tmp_path}/token"\n')
    assert settings.load().discord.token() == "from-the-file"
    monkeypatch.setenv("NBABOT_DISCORD_TOKEN", "ours")
    assert settings.load().discord.token() == "ours"
    monkeypatch.setenv("DISCORD_TOKEN", "usual")
    assert settings.load().discord.token() == "usual"


def test_no_token_is_one_sentence_with_the_next_step(tmp_path):
    with pytest.raises(DiscordAccessError, match="set DISCORD_TOKEN"):
        settings.load().discord.token()
    written(tmp_path, f'[discord]\ntoken_file = "{tmp_path}/absent"\n')
    with pytest.raises(DiscordAccessError, match="cannot be read"):
        settings.load().discord.token()
    written(tmp_path, f'[discord]\ntoken_file = "{tmp_path}/empty"\n')
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(DiscordAccessError, match="is empty"):
        settings.load().discord.token()


def test_the_shipped_file_changes_nothing(tmp_path):
    assert settings.load(SHIPPED) == settings.load()


def test_the_shipped_file_shows_every_key_with_a_value_that_is_accepted(tmp_path):
    uncommented = "\n".join(
        line.removeprefix("# ") if line.startswith("# ") and " = " in line else line
        for line in SHIPPED.read_text().splitlines()
    )
    values = tomllib.loads(uncommented)
    shown = [f"{name}.{key}" for name, part in values.items() if isinstance(part, dict) for key in part]
    assert {"home", *shown} == set(settings.keys())
    found = settings.load(written(tmp_path, uncommented))
    assert found.schedule == settings.ScheduleSettings()
    assert found.forecast == settings.ForecastSettings()
