from __future__ import annotations

import getpass
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fluoro_annotator import key_file, settings
from fluoro_annotator.errors import SettingsError
from fluoro_annotator.key_file import KEY_BYTES, read_key, read_or_make_key


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for variable in settings.IN_FILE.values():
        monkeypatch.delenv(variable, raising=False)


def test_the_names_of_the_variables_are_those_of_the_documentation():
    assert settings.STORE_VARIABLE == "FLUORO_ANNOTATOR_STORE"
    assert settings.READER_VARIABLE == "FLUORO_ANNOTATOR_READER"


def test_a_configured_store_is_used(monkeypatch, tmp_path):
    monkeypatch.setenv(settings.STORE_VARIABLE, str(tmp_path / "department.sqlite"))
    assert Path(settings.store_location()) == tmp_path / "department.sqlite"


def test_the_home_folder_is_filled_in(monkeypatch):
    monkeypatch.setenv(settings.STORE_VARIABLE, "~/marks.sqlite")
    assert Path(settings.store_location()) == Path.home() / "marks.sqlite"


@pytest.mark.parametrize("blank", ["", "   "])
def test_without_a_store_the_platform_decides(monkeypatch, blank):
    default = Path(settings.store_location())
    assert default.name == "readings.sqlite"
    assert default.is_absolute()
    assert settings.APPLICATION in default.parts
    monkeypatch.setenv(settings.STORE_VARIABLE, blank)
    assert Path(settings.store_location()) == default


def test_asking_for_a_place_creates_nothing(monkeypatch, tmp_path):
    target = tmp_path / "deep" / "readings.sqlite"
    monkeypatch.setenv(settings.STORE_VARIABLE, str(target))
    Path(settings.store_location())
    assert list(tmp_path.iterdir()) == []


def test_rescue_and_cache_lie_apart_from_the_store():
    places = {Path(settings.store_location()), settings.rescue_folder(), settings.cache_folder()}
    assert len(places) == 3
    assert settings.last_seen_file().parent == settings.rescue_folder().parent
    assert settings.rescue_folder().name == "rescue"
    assert settings.cache_folder() not in settings.rescue_folder().parents
    assert all(place.is_absolute() for place in places)


def test_a_configured_reader_is_used_without_surrounding_blanks(monkeypatch):
    monkeypatch.setenv(settings.READER_VARIABLE, "  reader one ")
    assert settings.reader_name() == "reader one"


@pytest.mark.parametrize("blank", ["", "  "])
def test_without_a_reader_the_account_is_used(monkeypatch, blank):
    monkeypatch.setenv(settings.READER_VARIABLE, blank)
    monkeypatch.setattr(getpass, "getuser", lambda: "account")
    assert settings.reader_name() == "account"


@pytest.mark.parametrize("error", [OSError, KeyError])
def test_an_account_without_a_name_reads_as_reader(monkeypatch, error):
    def no_name():
        raise error

    monkeypatch.setattr(getpass, "getuser", no_name)
    assert settings.reader_name() == "reader"


@pytest.mark.parametrize(
    ("value", "wanted"), [("", True), ("1", True), ("off", False), (" No ", False), ("0", False)]
)
def test_the_index_of_scans_can_be_switched_off(value, wanted, monkeypatch):
    monkeypatch.setenv(settings.INDEX_VARIABLE, value)
    assert settings.scan_index_wanted() is wanted


# ---------------------------------------------------------------------- the settings file


@pytest.fixture
def write(monkeypatch, tmp_path):
    """Return a function that writes the settings file."""
    monkeypatch.setattr(settings, "_config_folder", lambda: tmp_path / "config")
    (tmp_path / "config").mkdir()

    def write(content):
        file = settings.settings_file()
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return write


READERS = {
    "store": settings.store_location,
    "reader": settings.reader_name,
    "role": settings.reader_role,
    "purpose": settings.reading_purpose,
    "protocols": lambda: str(settings.protocols_folder()),
    "keys": lambda: str(settings.keys_file()),
    "store_password_file": settings.store_password,
    "pseudonym_key": settings.pseudonym_key,
}


def test_every_setting_of_the_file_is_tested():
    assert set(READERS) == set(settings.IN_FILE)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("store", str(Path("/somewhere/department.sqlite").absolute())),
        ("store", "postgresql://reader_a@server.example:5432/readings"),
        ("reader", "Reader A"),
        ("role", "trainee"),
        ("purpose", "reference"),
        ("protocols", str(Path("/somewhere/protocols").absolute())),
        ("keys", str(Path("/somewhere/keys.json").absolute())),
    ],
)
def test_a_variable_goes_before_the_file_and_the_file_before_the_platform(monkeypatch, write, key, value):
    monkeypatch.delenv(settings.IN_FILE[key], raising=False)
    default = READERS[key]()
    assert settings.origin_of(key) == ""
    file = write(f"{key} = '  {value} '\n")
    assert READERS[key]() == value != default
    assert settings.origin_of(key) == f"{file}, {key}"
    monkeypatch.setenv(settings.IN_FILE[key], "/another")
    assert READERS[key]() == "/another"
    assert settings.origin_of(key) == settings.IN_FILE[key]
    monkeypatch.setenv(settings.IN_FILE[key], " ")
    assert READERS[key]() == value
    write(f'{key} = " "')
    assert READERS[key]() == default


@pytest.mark.parametrize("key", ["store", "protocols", "keys"])
def test_a_path_that_is_not_whole_begins_at_the_file(write, key):
    file = write(f'{key} = "beside/it"')
    assert Path(READERS[key]()) == file.parent / "beside" / "it"
    write(f'{key} = "~/it"')
    assert Path(READERS[key]()) == Path.home() / "it"
    write(f'{key} = "~nobody-of-that-name/it"')
    with pytest.raises(
        SettingsError, match=f"{key}: names the home folder of an account that does not exist"
    ):
        READERS[key]()


def test_another_file_can_be_named_and_then_has_to_exist(monkeypatch, tmp_path):
    named = tmp_path / "department.toml"
    monkeypatch.setenv(settings.SETTINGS_VARIABLE, str(named))
    for ask in (settings.reader_name, settings.check_file):
        with pytest.raises(SettingsError, match=r"department\.toml: cannot be read \(No such file"):
            ask()
    named.write_text('reader = "Reader A"', encoding="utf-8-sig")
    assert settings.reader_name() == "Reader A"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'reader = "A"\n\nstore = \n', r"settings\.toml, line 3: is not TOML"),
        (b'store = "C:\\data\\new.sqlite"', r"line 1: is not TOML\. .*single quotes"),
        (b'reader = "A"\nreader = "B"\n', "line 2: is not TOML"),
        (b'reader = "A', r"settings\.toml: is not TOML|line 1: is not TOML"),
        (b"\xff\xfer", "is not UTF-8"),
        (b'stroe = "x"', r"holds 'stroe', which is no setting\. Write 'store'\."),
        (b'colour = "x"', "no setting. The settings are store, "),
        (b"[reader]\nname = 1", "does not give a text for 'reader'. Put the value in quotes"),
        (b"reader = 5", "does not give a text"),
        (b'reader = "A\\nB"', "'reader' a value with control characters"),
        (b'store = "C:\\temp"', "control characters.*single quotes"),
        (b'"%s" = 1' % (b"x" * 500), r"holds 'x{40}\.\.\.', which"),
    ],
)
@pytest.mark.parametrize("ask", [settings.check_file, settings.store_location, settings.reader_role])
def test_a_file_that_cannot_be_used_is_refused_with_its_place(write, content, reason, ask):
    file = write(content)
    with pytest.raises(SettingsError, match=reason) as caught:
        ask()
    assert str(file) in caught.value.subject
    assert caught.value.remedy


def test_a_folder_in_the_place_of_the_file_is_refused(write):
    settings.settings_file().mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        settings.check_file()


def test_a_server_is_no_file(monkeypatch):
    monkeypatch.setenv(settings.STORE_VARIABLE, "postgresql://reader_a:secret@server.example/readings")
    assert settings.is_url(settings.store_location())
    assert not settings.is_url(r"C:\data\readings.sqlite")
    assert not settings.is_url("/data/readings.sqlite")


# ---------------------------------------------------------------------- the password of the store


def test_without_a_file_there_is_no_password(write):
    assert settings.store_password() is None


def test_the_password_is_the_first_line_of_its_file(monkeypatch, write, tmp_path):
    write('store_password_file = "password.txt"')
    (tmp_path / "config" / "password.txt").write_bytes("geheim ö \r\nremark\n".encode())
    assert settings.store_password() == "geheim ö "
    (tmp_path / "other").write_text("other", encoding="utf-8-sig")
    monkeypatch.setenv(settings.PASSWORD_FILE_VARIABLE, str(tmp_path / "other"))
    assert settings.store_password() == "other"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read"),
        (b"", "without a password"),
        (b"\nsecret", "without a"),
        (b"\xffsecret", "UTF-8"),
    ],
)
def test_a_password_that_cannot_be_read_is_said_without_it(monkeypatch, tmp_path, content, reason):
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv(settings.PASSWORD_FILE_VARIABLE, str(file))
    with pytest.raises(SettingsError, match=reason) as caught:
        settings.store_password()
    assert "secret" not in str(caught.value)


# ---------------------------------------------------------------------- the key of the pseudonyms


def test_the_key_is_made_once_and_only_for_its_owner(write, tmp_path):
    first = settings.pseudonym_key()
    file = tmp_path / "config" / "pseudonym.key"
    assert len(first) == KEY_BYTES
    assert settings.pseudonym_key() == first == bytes.fromhex(file.read_text())
    assert list(file.parent.iterdir()) == [file]
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o777 == 0o600


def test_two_machines_make_two_keys(tmp_path):
    assert read_or_make_key(tmp_path / "a" / "key") != read_or_make_key(tmp_path / "b" / "key")


def test_a_key_that_is_named_has_to_exist(monkeypatch, write, tmp_path):
    file = tmp_path / "share" / "key"
    write(f"pseudonym_key = '{file}'")
    with pytest.raises(SettingsError, match=r"cannot be read .*do not make a new one"):
        settings.pseudonym_key()
    assert not file.parent.exists()
    file.parent.mkdir()
    file.write_text("0F" * KEY_BYTES + "\r\n", encoding="ascii")
    assert settings.pseudonym_key() == b"\x0f" * KEY_BYTES
    monkeypatch.setenv(settings.PSEUDONYM_KEY_VARIABLE, str(tmp_path / "other"))
    (tmp_path / "other").write_text("00" * KEY_BYTES, encoding="ascii")
    assert settings.pseudonym_key() == bytes(KEY_BYTES)


@pytest.mark.parametrize(
    "content", [b"", b"0f0f", b"0f" * 33, b"xy" * 32, b"\x00" * 32, b"0f" * 31 + b"\n0f"]
)
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path, content):
    file = tmp_path / "key"
    file.write_bytes(content)
    for read in (read_key, read_or_make_key):
        with pytest.raises(SettingsError, match="is not a key of pseudonyms") as caught:
            read(file)
        assert content == b"" or content.decode("latin-1").strip() not in str(caught.value)
    assert file.read_bytes() == content


def test_a_key_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SettingsError, match="cannot be made"):
        read_or_make_key(tmp_path / "file" / "key")


def test_a_disk_without_hard_links_keeps_the_first_key(tmp_path, monkeypatch):
    def no_links(*_paths):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    first = read_or_make_key(tmp_path / "key")
    assert read_or_make_key(tmp_path / "key") == first
    key_file._make(tmp_path / "key")
    assert read_or_make_key(tmp_path / "key") == first
    assert list(tmp_path.iterdir()) == [tmp_path / "key"]


def test_programs_that_start_at_once_have_one_key(tmp_path):
    script = (
        "import sys; from pathlib import Path; from fluoro_annotator.key_file import read_or_make_key\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "print(read_or_make_key(Path(sys.argv[1])).hex())"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "config" / "key")]
    programs = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]
    for program in programs:
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        program.stdin.write("go\n")
        program.stdin.flush()
    keys = {program.communicate(timeout=60)[0].strip() for program in programs}
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "config").iterdir()] == ["key"]
