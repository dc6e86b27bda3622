"""Looking for garbage seldom while many objects are made, and as before afterwards."""

import gc
from threading import Event, Thread

import pytest

from fluoro_annotator.dicom.collecting import COLLECT_AFTER, seldom_collecting


@pytest.fixture(autouse=True)
def thresholds():
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def test_the_threshold_is_high_meanwhile_and_as_before_afterwards():
    with seldom_collecting():
        assert gc.get_threshold() == (COLLECT_AFTER, 10, 10)
    assert gc.get_threshold() == (700, 10, 10)


def test_it_is_put_back_after_an_error():
    with pytest.raises(ValueError, match="broken"), seldom_collecting():
        raise ValueError("broken")
    assert gc.get_threshold() == (700, 10, 10)


def test_a_collector_that_is_switched_off_stays_off():
    gc.set_threshold(0, 10, 10)
    with seldom_collecting():
        assert gc.get_threshold()[0] == 0
    assert gc.get_threshold()[0] == 0


def test_a_scan_that_hangs_while_others_come_and_go_leaves_nothing_behind():
    begun, go_on = Event(), Event()

    def hang():
        with seldom_collecting():
            begun.set()
            go_on.wait(10)

    first = seldom_collecting()
    first.__enter__()
    thread = Thread(target=hang)
    thread.start()
    assert begun.wait(10)
    first.__exit__(None, None, None)
    assert gc.get_threshold()[0] == COLLECT_AFTER
    go_on.set()
    thread.join(10)
    assert gc.get_threshold() == (700, 10, 10)
