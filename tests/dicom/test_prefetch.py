"""Frames read by threads."""

import threading
import time

import numpy as np
import pytest

from fluoro_annotator.dicom import prefetch
from fluoro_annotator.dicom.prefetch import FrameLoader
from fluoro_annotator.errors import DamagedFileError


class Source:
    """Frames that say which they are, kept once read; reading can be held up or fail."""

    def __init__(self, count=20, broken=()):
        self.count, self.broken = count, set(broken)
        self.kept, self.reads, self.threads = {}, [], set()
        self.gate = threading.Event()
        self.gate.set()

    def read(self, index):
        if index in self.kept:
            return self.kept[index]
        self.threads.add(threading.current_thread())
        assert self.gate.wait(10)
        self.reads.append(index)
        if index in self.broken:
            raise DamagedFileError("file.dcm", "ends in the middle of a frame")
        self.kept[index] = np.full((2, 2), index)
        return self.kept[index]

    def loader(self, **options):
        return FrameLoader(self.read, self.kept.__contains__, self.count, **options)


def wait_until(condition, seconds=5):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.005)


@pytest.fixture
def source():
    return Source()


def test_the_wanted_frame_is_returned(source):
    loader = source.loader()
    assert [int(loader.get(index, 5)[0, 0]) for index in (3, 19, 0)] == [3, 19, 0]
    loader.close()


def test_frames_ahead_are_read_in_the_direction_of_play(source):
    loader = source.loader(ahead=3)
    loader.get(4, 5)
    loader.get(5, 5)
    wait_until(lambda: {6, 7, 8} <= set(source.kept))
    loader.get(4, 5)
    wait_until(lambda: {1, 2, 3} <= set(source.kept))
    time.sleep(0.05)
    assert set(source.kept) == set(range(1, 9))
    loader.close()


def test_a_single_frame_is_no_play(source):
    loader = source.loader(ahead=3)
    loader.get(5, 5)
    loader.get(5, 5)
    time.sleep(0.05)
    assert source.reads == [5]
    loader.close()


def test_play_is_expected_to_start_again(source):
    loader = source.loader(ahead=2)
    loader.get(18, 5)
    loader.get(19, 5)
    wait_until(lambda: {0, 1} <= set(source.kept))
    loader.close()


def test_no_frame_is_read_twice(source):
    loader = source.loader(ahead=4)
    for index in range(20):
        loader.get(index, 5)
    wait_until(lambda: len(source.kept) == 20)
    assert sorted(source.reads) == list(range(20))
    loader.close()


def test_a_slow_frame_is_a_timeout_and_there_later(source):
    source.gate.clear()
    loader = source.loader(ahead=0)
    with pytest.raises(TimeoutError):
        loader.get(3, 0.02)
    assert loader.busy(3)
    source.gate.set()
    wait_until(lambda: not loader.busy(3))
    assert loader.get(3, 5)[0, 0] == 3
    assert source.reads == [3]
    loader.close()


def test_the_wanted_frame_goes_before_those_ahead(source):
    source.gate.clear()
    loader = source.loader(ahead=10, workers=1)
    with pytest.raises(TimeoutError):
        loader.get(0, 0.02)
    with pytest.raises(TimeoutError):
        loader.get(15, 0.02)
    source.gate.set()
    loader.get(15, 5)
    assert source.reads[:2] == [0, 15]
    loader.close()


def test_an_error_reaches_whoever_asked_and_not_who_did_not():
    source = Source(broken={4, 5})
    loader = source.loader(ahead=3)
    assert loader.get(2, 5)[0, 0] == 2
    assert loader.get(3, 5)[0, 0] == 3
    with pytest.raises(DamagedFileError, match="middle of a frame"):
        loader.get(4, 5)
    assert loader.get(6, 5)[0, 0] == 6
    loader.close()


def test_reading_is_done_by_others_and_by_no_more_than_allowed(source):
    loader = source.loader(ahead=8, workers=2)
    for index in range(20):
        loader.get(index, 5)
    assert threading.current_thread() not in source.threads
    alive_at_once = sum(thread.is_alive() for thread in source.threads)
    assert alive_at_once <= 2
    assert all(thread.daemon for thread in source.threads)
    loader.close()


def test_threads_end_when_there_is_no_work(source, monkeypatch):
    monkeypatch.setattr(prefetch, "IDLE_SECONDS", 0.05)
    loader = source.loader(ahead=2)
    loader.get(0, 5)
    wait_until(lambda: not any(thread.is_alive() for thread in source.threads))
    assert loader.get(10, 5)[0, 0] == 10
    loader.close()


def test_closing_ends_the_threads_and_the_waiting(source):
    source.gate.clear()
    loader = source.loader(ahead=0, workers=1)
    waiting = []

    def wait_for(index):
        try:
            loader.get(index)
        except TimeoutError as error:
            waiting.append(str(error))

    first = threading.Thread(target=wait_for, args=(0,))
    first.start()
    wait_until(lambda: source.threads)
    second = threading.Thread(target=wait_for, args=(1,))
    second.start()
    wait_until(lambda: loader.busy(1))
    loader.close()
    second.join(5)
    source.gate.set()
    first.join(5)
    assert waiting == ["frame index 1 is no longer read"]
    with pytest.raises(TimeoutError):
        loader.get(7)
    wait_until(lambda: not any(thread.is_alive() for thread in source.threads))


def test_many_threads_may_ask(source):
    loader = source.loader(ahead=4)
    wrong = []

    def ask(seed):
        wanted = np.random.default_rng(seed).integers(0, 20, 200)
        wrong.extend(index for index in wanted if loader.get(int(index), 5)[0, 0] != index)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not wrong
    assert sorted(source.reads) == sorted(set(source.reads))
    loader.close()
