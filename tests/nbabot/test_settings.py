from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from engine.core.errors import ConfigError, DiscordAccessError
from nbabot import settings
from nbabot.cli import configuration

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


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('home = "~nosuchuser/x"\n', "no user of this machine"),
        ('home = ""\n', "must name a file or folder"),
        ('home = "a\\u0000b"\n', "must name a file or folder"),
        ('[discord]\ntoken_file = "~nosuchuser/t"\n', "no user of this machine"),
        ('[schedule]\npicks_time = "\u00b21:00"\n', "such as 11:00"),
        ('[schedule]\npicks_time = "19:00"\n', "before 19:00"),
        ("[discord]\npicks_channel_id = 12345678901234567890123456\n", "Copy Channel ID"),
        (f"[discord]\npicks_channel_id = {'9' * 5000}\n", "not valid TOML"),
        ("discord = 1\n", "section, [discord]"),
    ],
)
def test_no_value_gets_past_the_check_or_breaks_it(tmp_path, text, sentence):
    written(tmp_path, text)
    with pytest.raises(ConfigError, match=re.escape(sentence)) as caught:
        settings.load()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("home", ["~nosuchuser/x", ""])
def test_a_home_that_cannot_be_one_is_refused_on_the_command_line(home):
    with pytest.raises(ConfigError, match="The home folder is wrong"):
        settings.load(home=home)


def test_a_working_folder_that_is_gone_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(ConfigError, match="working folder is gone"):
        settings.load(home="relative")


@pytest.mark.parametrize("text", ['discord = "{}"\n', '[discord]\npicks_channel_id = "{}"\n'])
def test_a_token_in_the_wrong_place_is_not_repeated(tmp_path, text):
    written(tmp_path, text.format("pasted-token"))
    with pytest.raises(ConfigError) as caught:
        settings.load()
    assert "pasted-token" not in str(caught.value)


@pytest.mark.parametrize("token", ["two\nlines", "bell\a", "t\u00f6ken", "x" * 201, "x" * 5000])
def test_what_cannot_be_a_token_is_refused_and_not_repeated(tmp_path, monkeypatch, token):
    monkeypatch.setenv("DISCORD_TOKEN", token)
    with pytest.raises(DiscordAccessError, match="DISCORD_TOKEN holds is not a Discord token") as caught:
        settings.load().discord.token()
    assert token not in str(caught.value)
    monkeypatch.delenv("DISCORD_TOKEN")
    (tmp_path / "token").write_text(token, encoding="utf-8")
    written(tmp_path, f'[discord]\ntoken_file = "{tmp_path}/token"\n')
    with pytest.raises(DiscordAccessError, match="is not a Discord token"):
        settings.load().discord.token()


def test_a_suggestion_names_something_that_helps(monkeypatch):
    for name in ("NBABOT_TOKEN", "NBABOT_TOOL", "NBABOT_DATE", "NBABOT_DEBUGS"):
        monkeypatch.setenv(name, "1")
        with pytest.raises(ConfigError) as caught:
            settings.load()
        monkeypatch.delenv(name)
        assert ("did you mean DISCORD_TOKEN?" in str(caught.value)) == (name == "NBABOT_TOKEN")
        assert not any(
            f"mean {other}?" in str(caught.value) for other in ("NBABOT_TOOLS", "NBABOT_DATA", "NBABOT_DEBUG")
        )


def test_without_a_key_there_is_no_access_to_odds():
    assert settings.load().sources.odds() is None


def test_the_odds_key_comes_from_the_variable_or_the_file_and_is_never_shown(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("key-of-the-file\n")
    written(tmp_path, f'[sources]\nodds_key_file = "{tmp_path}/key"\nodds_books = ["bookie_one"]\nodds_floor = 5\n')
    found = settings.load().sources.odds()
    assert found is not None
    assert (found.key, found.books, found.floor) == ("key-of-the-file", ("bookie_one",), 5)
    assert "key-of-the-file" not in repr(found)
    monkeypatch.setenv("THE_ODDS_API_KEY", "key of two words")
    with pytest.raises(ConfigError, match="THE_ODDS_API_KEY holds is not a key of The Odds API") as caught:
        settings.load().sources.odds()
    assert "two words" not in str(caught.value)


@pytest.mark.parametrize(
    "line", ['odds_regions = ["mars"]', "odds_regions = []", 'odds_books = ["A b"]', "odds_floor = -1"]
)
def test_what_cannot_be_asked_of_the_odds_feed_is_refused(tmp_path, line):
    written(tmp_path, f"[sources]\n{line}\n")
    with pytest.raises(ConfigError, match=line.split()[0]):
        settings.load()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n[schedule]\npicks_tim = '11:00'\n", 3),
        ("[log]\nlevel = 'info'\n[limits] # few\n  server = 0\n", 4),
        ("home_folder = 'x'\n[log]\nlevel = 'info'\n", 1),
        ("[schedule]\nrecap_time = '10:00'\n[discord]\nrecap_time = '9:00'\n", 4),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, text, line):
    path = written(tmp_path, text)
    with pytest.raises(ConfigError, match=f"{re.escape(str(path))}, line {line} "):
        settings.load(path)


def test_a_mistake_inside_a_table_on_one_line_is_named_with_the_file(tmp_path):
    path = written(tmp_path, "log = { level = 'loud' }\n")
    with pytest.raises(ConfigError, match=f"in {re.escape(str(path))} "):
        settings.load(path)


def test_every_mistake_is_named_with_its_line(tmp_path, monkeypatch):
    written(tmp_path, '[log]\nlevel = "loud"\n\n[schedul]\nx = 1\n[web]\nport = -1\n')
    monkeypatch.setenv("NBABOT_NONSENSE", "1")
    wrong = settings.mistakes()
    assert [re.search(r"NBABOT_NONSENSE|line \d+|$", one)[0] for one in wrong] == [
        "NBABOT_NONSENSE", "line 2", "line 7", "line 4",
    ]  # fmt: skip
    assert "did you mean schedule?" in wrong[-1]


def test_the_place_of_a_value_is_its_line_or_its_variable(tmp_path, monkeypatch):
    path = written(tmp_path, "[web]\nport = 1\n[usage]\nkeep_days = 7\n")
    monkeypatch.setenv("NBABOT_WEB__PORT", "2")
    places = [settings.place(key, path) for key in ("web.port", "usage.keep_days", "backup.keep")]
    assert places == ["NBABOT_WEB__PORT", f"{path}, line 4", "default"]


def test_what_is_shown_of_headers_and_addresses_holds_no_secret(tmp_path):
    text = 'odds_url = "http://me:hunter2@proxy.example/odds"\nheaders = {Authorization = "Basic abc", A = "b"}\n'
    shown = settings.shown(settings.load(written(tmp_path, f"[sources]\n{text}")))
    assert shown["sources.odds_url"] == "http://[redacted]@proxy.example/odds"
    assert shown["sources.headers"] == {"Authorization": "[redacted]", "A": "b"}


def test_the_page_of_settings_is_up_to_date_and_says_something_of_every_key():
    page = configuration.page(SHIPPED.read_text(encoding="utf-8"))
    assert page == (SHIPPED.parent / "docs" / "configuration.md").read_text(encoding="utf-8")
    keys = [key.rpartition(".")[2] for key in settings.flat(settings.Settings())]
    assert re.findall(r"^\| `(\w+)` \| [^|]+ \|", page, re.MULTILINE) == keys
