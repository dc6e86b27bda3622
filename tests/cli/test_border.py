"""Whatever goes wrong ends in a sentence and an exit code."""

import os
import signal
import subprocess
import sys

import pytest

from fluoro_annotator import errors
from fluoro_annotator.cli import mark_files
from fluoro_annotator.cli.exit_codes import BY_ERROR, MEANINGS, ExitCode, exit_code_of

CANARY = "/data/Doe^Jane/IM0001 1.2.840.113619.2.5"


@pytest.fixture
def broken(monkeypatch):
    """Make ``marks list`` fail as no one expected."""

    def fail(*_arguments, **_options):
        raise ValueError(CANARY)

    monkeypatch.setattr(mark_files, "list_marks", fail)


def test_an_unexpected_error_gives_a_short_message_and_a_log(run, broken, tmp_path):
    result = run("marks", "list")
    log = tmp_path / "logs" / "fluoro_annotator.log"
    assert result.exit_code == ExitCode.PROGRAM
    assert "Traceback" not in result.output
    assert f"(ValueError). It is noted in {log}." in result.stderr
    assert "--debug" in result.stderr
    text = log.read_text(encoding="utf-8")
    assert "builtins.ValueError" in text
    assert "fluoro_annotator.cli.command_marks" in text
    assert "Jane" not in text
    assert "1.2.840" not in text


def test_debug_shows_the_traceback(run, broken):
    result = run("--debug", "marks", "list")
    assert result.exit_code == ExitCode.PROGRAM
    assert "Traceback" in result.stderr
    assert CANARY in result.stderr


def test_a_log_that_cannot_be_written_is_said_and_no_obstacle(run, broken, tmp_path):
    (tmp_path / "logs").write_text("a file where the folder should be")
    result = run("marks", "list")
    assert result.exit_code == ExitCode.PROGRAM
    assert "could not be noted" in result.stderr


def test_an_error_of_the_package_is_one_sentence(run, tmp_path):
    result = run("marks", "list", "--store", "none.sqlite")
    assert result.exit_code == ExitCode.STORE
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("none.sqlite: does not exist.")
    debug = run("--debug", "marks", "list", "--store", "none.sqlite")
    assert "Traceback" in debug.stderr
    assert not (tmp_path / "none.sqlite").exists()


def test_ctrl_c_ends_quietly(run, monkeypatch):
    def interrupt(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(mark_files, "list_marks", interrupt)
    result = run("marks", "list")
    assert result.exit_code == ExitCode.INTERRUPTED
    assert "Traceback" not in result.output


def _as_in_a_terminal() -> None:
    """Programs in the background of a script, where the tests may run, ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.skipif(os.name != "posix", reason="signals of a terminal exist on POSIX only")
def test_ctrl_c_in_a_real_process():
    code = "from fluoro_annotator.cli import mark_files, main; import sys; print('ready', flush=True); main()"
    command = [sys.executable, "-c", code, "marks", "import", "-"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=_as_in_a_terminal,  # noqa: PLW1509  # nothing but the signal is set in it
    ) as process:
        assert process.stdout.readline() == b"ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.5)
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED
    assert b"Traceback" not in complaints


@pytest.mark.skipif(os.name != "posix", reason="pipes that break with EPIPE exist on POSIX only")
@pytest.mark.parametrize("arguments", [["marks", "export", "-"], ["marks", "list"]])
def test_a_broken_pipe_is_quiet(filled_store, arguments):
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "fluoro_annotator", *arguments, "--store", str(filled_store)]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(writing)
    assert (done.returncode, done.stderr) == (ExitCode.DONE, b"")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.MissingExtraError, ExitCode.MISSING),
        (errors.StoreUnavailableError, ExitCode.STORE),
        (errors.StoreVersionError, ExitCode.STORE),
        (errors.StorePermissionError, ExitCode.STORE),
        (errors.StoreDamagedError, ExitCode.DAMAGED),
        (errors.StoreConflictError, ExitCode.REFUSED),
        (errors.StoreError, ExitCode.REFUSED),
        (errors.UnknownReadingError, ExitCode.REFUSED),
        (errors.UnknownStudyError, ExitCode.REFUSED),
        (errors.ExchangeError, ExitCode.REFUSED),
        (errors.NothingToOpenError, ExitCode.REFUSED),
        (errors.ChainError, ExitCode.REFUSED),
    ],
)
def test_exit_codes_of_errors(error, code):
    assert exit_code_of(error("it", "fails")) is code


def test_every_error_of_the_package_has_an_exit_code():
    assert BY_ERROR[-1][0] is errors.FluoroAnnotatorError
    assert set(MEANINGS) == set(ExitCode)


def test_escape_sequences_in_names_do_not_reach_the_terminal(run):
    result = run("marks", "import", "evil\x1b[2J.json")
    assert result.exit_code == ExitCode.REFUSED
    assert "\x1b" not in result.stderr
