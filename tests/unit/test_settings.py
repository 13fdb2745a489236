"""Settings: where they come from, who wins, and what a slip is told."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from tocsin import settings
from tocsin.settings import Secret, Settings, SettingsRefused, load


def a_file(folder: Path, text: str) -> Path:
    file = folder / "tocsin.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_anything_the_figures_are_those_of_the_design():
    found = load()

    assert found == Settings()
    assert (found.web.host, found.web.port) == ("127.0.0.1", 8080)
    assert (found.hub.heartbeat_s, found.hub.stalled_s) == (15.0, 10.0)
    assert (found.hub.backlog_events, found.hub.backlog_bytes) == (256, 1024 * 1024)


def test_a_variable_beats_the_file_and_a_flag_beats_both(tmp_path: Path):
    file = a_file(tmp_path, "[web]\nport = 1\nhost = 'file'\n[hub]\nheartbeat_s = 3\n")
    variables = {
        "TOCSIN_WEB__PORT": "2",
        "TOCSIN_HUB__HEARTBEAT_S": "4.5",
        "PATH": "/bin",
        "TOCSIN": "x",
    }

    found = load(file, variables, {"web.port": 3, "web.host": None})

    assert (found.web.port, found.web.host, found.hub.heartbeat_s) == (3, "file", 4.5)


def test_text_paths_and_unset_are_read_from_variables():
    found = load(
        environ={
            "TOCSIN_JOURNAL__FOLDER": "123",
            "TOCSIN_LOG__LEVEL": "debug",
        }
    )

    assert found.journal.folder == Path("123")
    assert found.log.level == "debug"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[hub]\nheartbeat = 1", "unknown field `heartbeat` - at `$.hub`"),
        ("[hubs]\nx = 1", "unknown field `hubs`"),
        ("[hub]\nheartbeat_s = 0", "Expected `float` > 0.0 - at `$.hub.heartbeat_s`"),
        ("[web]\nport = '80'", "Expected `int`, got `str` - at `$.web.port`"),
        ("[web]\nport = 65536", "`$.web.port`"),
        ("[web]\nport = true", "Expected `int`, got `bool` - at `$.web.port`"),
        ("[web]\nhost = ''", "`$.web.host`"),
        ("web = 1", "Expected `object`, got `int` - at `$.web`"),
        ("[profile]\nid = '../x'", "`$.profile.id`"),
        ("[profile]\nfolder = ''", "`$.profile.folder`"),
        ("[log]\nlevel = 'loud'", "`$.log.level`"),
        ("[web]\nport = 1\nport = 2", "is not TOML"),
    ],
)
def test_a_slip_in_the_file_is_refused_with_its_path(tmp_path: Path, text: str, said: str):
    file = a_file(tmp_path, text)

    with pytest.raises(SettingsRefused) as refused:
        load(file)

    assert str(refused.value).startswith(f"{file}: ")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("variable", "text", "said"),
    [
        ("TOCSIN_HUB__HEARTBEAT", "1", "unknown field `heartbeat` - at `$.hub`"),
        ("TOCSIN_NO__SUCH", "1", "unknown field `no`"),
        ("TOCSIN_WEB_PORT", "80", "two underscores"),
        ("TOCSIN_HUB__HEARTBEAT_S", "20", "< 20.0 - at `$.hub.heartbeat_s`"),
        ("TOCSIN_WEB__PORT", "eighty", "expected whole number, got 'eighty'"),
        ("TOCSIN_WEB__PORT", "70000", "`$.web.port`"),
        ("TOCSIN_HUB__HEARTBEAT_S", "NaN", "`$.hub.heartbeat_s`"),
        ("TOCSIN_HUB__HEARTBEAT_S", "Infinity", "`$.hub.heartbeat_s`"),
    ],
)
def test_a_slip_in_a_variable_is_refused_with_its_name(variable: str, text: str, said: str):
    with pytest.raises(SettingsRefused) as refused:
        load(environ={variable: text})

    assert str(refused.value).startswith(f"{variable}: ")
    assert said in str(refused.value)


def test_a_number_that_is_none_in_the_file_is_refused(tmp_path: Path):
    for number in ("nan", "inf"):
        with pytest.raises(SettingsRefused, match=r"hub\.heartbeat_s"):
            load(a_file(tmp_path, f"[hub]\nheartbeat_s = {number}"))


def test_a_flag_is_refused_under_its_own_name():
    with pytest.raises(SettingsRefused, match=r"^flag for web\.port: .*`\$\.web\.port`"):
        load(flags={"web.port": -1})


def test_a_file_that_is_named_but_missing_is_refused(tmp_path: Path):
    with pytest.raises(SettingsRefused, match="cannot be read: No such file"):
        load(tmp_path / "tocsin.toml")


def test_a_secret_never_prints(tmp_path: Path):
    found = load(a_file(tmp_path, "[client]\ntoken = 'hush-hush'"))

    assert found.client.token is not None
    assert found.client.token.reveal() == "hush-hush"
    shown = (repr(found), str(found.client.token), f"{found.client.token}", settings.show(found))
    assert not [text for text in shown if "hush" in text]
    assert "# token = ***" in settings.show(found)


def test_a_refused_secret_does_not_print_either(tmp_path: Path):
    with pytest.raises(SettingsRefused) as refused:
        load(a_file(tmp_path, "[client]\ntoken = 7355608"))

    assert "7355608" not in str(refused.value)
    assert "`$.client.token`" in str(refused.value)


def test_a_secret_is_read_from_a_file_and_the_later_source_wins(tmp_path: Path):
    (tmp_path / "token").write_text("from-file\n", encoding="utf-8")
    file = a_file(tmp_path, f"[client]\ntoken_file = '{tmp_path / 'token'}'")

    assert load(file).client.token == Secret("from-file")
    assert load(file, {"TOCSIN_CLIENT__TOKEN": "later"}).client.token == Secret("later")


def test_both_forms_of_a_secret_in_one_file_are_refused(tmp_path: Path):
    with pytest.raises(SettingsRefused, match=r"`token` and `token_file` are both set"):
        load(a_file(tmp_path, "[client]\ntoken = 'a'\ntoken_file = 'b'"))


def test_a_secret_file_that_is_missing_is_refused_with_its_path(tmp_path: Path):
    with pytest.raises(SettingsRefused, match=r"No such file.* at `\$\.client\.token_file`"):
        load(a_file(tmp_path, "[client]\ntoken_file = 'nowhere'"))


def test_what_is_shown_is_a_file_that_gives_the_same_settings(tmp_path: Path):
    chosen = load(environ={"TOCSIN_WEB__HOST": 'quote " back \\', "TOCSIN_WEB__PORT": "0"})

    assert load(a_file(tmp_path, settings.show(chosen))) == chosen


def test_what_is_shown_names_every_setting_with_its_help():
    text = settings.show(Settings())

    tomllib.loads(text)
    for line in settings.lines():
        assert re.search(rf"^(# )?{line.name} = ", text, re.MULTILINE)
        assert line.help in text


def test_every_setting_has_one_sentence_and_every_duration_its_unit():
    for line in settings.lines():
        assert line.help.endswith("."), line.variable
        suffix = line.name.rsplit("_", 1)[-1]
        if suffix in {"s", "ms", "h"}:
            assert line.unit == suffix, line.variable


def test_the_reference_page_has_a_row_for_each_variable():
    page = settings.docs()

    variables = re.findall(r"^\| `\w+` \| `(TOCSIN_[A-Z_]+)` \|", page, re.MULTILINE)
    assert variables == [line.variable for line in settings.lines()]
    heartbeat = (
        "| `heartbeat_s` | `TOCSIN_HUB__HEARTBEAT_S` | number | s | `15.0` | over 0, under 20 |"
    )
    assert heartbeat in page


def test_settings_cannot_be_changed_once_read():
    with pytest.raises(AttributeError):
        load().web.port = 1
    assert msgspec.structs.asdict(load().web)["port"] == 8080
