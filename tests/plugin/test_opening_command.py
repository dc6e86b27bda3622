"""Opening from the command line with a drive that is slow, and work on a thread of its own."""

import threading
import time

import pytest

from fluoro_annotator.dicom import ScanResult
from fluoro_annotator.errors import NothingToOpenError
from napari_fluoro_annotator import launch, opening, scan_job, view_layers
from napari_fluoro_annotator.scan_job import Job
from napari_fluoro_annotator.views.opening import StudyChoice


@pytest.fixture
def held(monkeypatch):
    """Files that are not read before the gate is opened; the window does not wait for them."""
    gate, told = threading.Event(), []
    original = scan_job.scan

    def scan(paths, *, progress, cancel, index):
        progress(1, 3)
        gate.wait(60)
        told.append(cancel())
        return original(paths, progress=progress, cancel=cancel, index=index)

    monkeypatch.setattr(scan_job, "scan", scan)
    monkeypatch.setattr(launch, "PATIENCE", 0.1)
    gate.told = told
    yield gate
    gate.set()


def run_with(monkeypatch, action):
    """Let something happen instead of waiting until the window is closed."""

    def run():
        import napari

        action(napari.current_viewer())

    monkeypatch.setattr(launch.napari, "run", run)


def names(viewer):
    return [layer.name for layer in view_layers.fluoroscopic_layers(viewer)]


# ---------------------------------------------------------------------- fluoro-annotator open


@pytest.mark.gui
def test_the_window_does_not_wait_for_a_slow_drive(study_folder, held, monkeypatch, pump, close_window):
    seen, reported = [], []

    def look(viewer):
        seen.append(names(viewer))
        held.set()
        while opening.opener_of(viewer).busy:
            pump(1)
        seen.append(names(viewer))
        close_window(viewer)

    run_with(monkeypatch, look)
    launch.open_window([study_folder], progress=lambda done, found: reported.append((done, found)))
    assert seen == [[], ["1 AP", "2 Right oblique", "3 Needle advance"]]
    assert (1, 3) in reported


@pytest.mark.gui
def test_what_turns_out_to_hold_nothing_is_said_in_the_window_and_at_the_end(
    tmp_path, held, monkeypatch, pump, close_window
):
    said = []
    monkeypatch.setattr(opening, "show_error", said.append)

    def look(viewer):
        held.set()
        while opening.opener_of(viewer).busy:
            pump(1)
        close_window(viewer)

    run_with(monkeypatch, look)
    with pytest.raises(NothingToOpenError, match="holds no fluoroscopic image"):
        launch.open_window([tmp_path])
    assert len(said) == 1


@pytest.mark.gui
def test_a_window_that_is_closed_ends_the_reading(study_folder, held, monkeypatch, close_window):
    monkeypatch.setattr(launch, "GOODBYE", 0.01)
    run_with(monkeypatch, close_window)
    launch.open_window([study_folder])
    held.set()
    end = time.monotonic() + 20
    while not held.told and time.monotonic() < end:
        time.sleep(0.01)
    assert held.told == [True]


def test_control_c_before_there_is_a_window_ends_the_reading(study_folder, held, monkeypatch):
    def interrupt(*_numbers):
        held.set()
        raise KeyboardInterrupt

    jobs, begin = [], launch.scan_job
    monkeypatch.setattr(launch, "scan_job", lambda paths: jobs.append(begin(paths)) or jobs[-1])
    with pytest.raises(KeyboardInterrupt):
        launch.open_window([study_folder], progress=interrupt)
    assert jobs[0].cancelled
    assert jobs[0].finished


@pytest.mark.gui
def test_of_very_many_views_the_command_lets_choose(study_folder, monkeypatch, pump, close_window):
    monkeypatch.setattr(launch, "MANY_VIEWS", 2)
    monkeypatch.setattr(opening, "MANY_VIEWS", 2)
    seen = []

    def look(viewer):
        for _ in range(200):
            pump(1)
            choices = viewer.window._qt_window.findChildren(StudyChoice)
            if choices:
                break
        seen.append(choices[0].places)
        choices[0].reject()
        pump(5)
        seen.append(names(viewer))
        close_window(viewer)

    run_with(monkeypatch, look)
    launch.open_window([study_folder])
    assert seen == [(0, 1, 2), []]


# ---------------------------------------------------------------------- work on a thread of its own


def test_a_job_gives_its_result_and_says_how_far_it_is():
    def work(report, cancelled):
        report(2, 3)
        return cancelled()

    job = Job(work)
    assert job.wait(10)
    assert (job.finished, job.progress, job.result()) == (True, (2, 3), False)


def test_what_a_job_raises_is_raised_where_the_result_is_wanted():
    def work(_report, _cancelled):
        raise NothingToOpenError("it", "is empty")

    job = Job(work)
    assert job.wait(10)
    with pytest.raises(NothingToOpenError, match="it: is empty"):
        job.result()


def test_a_job_learns_that_it_is_to_end():
    gate = threading.Event()

    def work(_report, cancelled):
        gate.wait(10)
        return cancelled()

    job = Job(work)
    assert not job.finished
    job.cancel()
    gate.set()
    assert job.wait(10)
    assert job.result() is True


def test_a_job_that_hangs_does_not_keep_the_program():
    gate = threading.Event()
    job = Job(lambda *_: gate.wait(10))
    assert job._thread.daemon
    gate.set()
    assert job.wait(10)


def test_a_scan_that_was_cancelled_says_so(study_folder):
    gate = threading.Event()
    job = Job(lambda report, cancelled: gate.wait(10) and scan_job._scan([study_folder], report, cancelled))
    job.cancel()
    gate.set()
    assert job.wait(10)
    assert isinstance(job.result(), ScanResult)
    assert job.result().cancelled
