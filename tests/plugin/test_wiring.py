"""Signals and the methods that they call, let go of together."""

import gc
import weakref

import pytest
from psygnal import Signal

from napari_fluoro_annotator.wiring import Wiring


class Bell:
    rung = Signal(int)
    cracked = Signal()


class Listener:
    def __init__(self, bell=None):
        self.heard = []
        self.wiring = (
            Wiring() if bell is None else Wiring(((bell.rung, self.on_ring), (bell.cracked, self.on_crack)))
        )

    def on_ring(self, times):
        self.heard.append(times)

    def on_crack(self):
        self.heard.append("crack")


def test_each_signal_calls_its_own_method_until_the_wiring_is_closed():
    bell = Bell()
    listener, other = Listener(bell), Listener(bell)
    bell.rung.emit(2)
    bell.cracked.emit()
    listener.wiring.close()
    bell.rung.emit(3)
    assert listener.heard == [2, "crack"]
    assert other.heard == [2, "crack", 3]


def test_it_can_be_closed_again_and_with_nothing_connected():
    bell = Bell()
    listener = Listener(bell)
    bell.rung.disconnect()
    listener.wiring.close()
    listener.wiring.close()
    Listener().wiring.close()
    assert len(bell.rung) == len(bell.cracked) == 0


def test_a_second_connection_to_the_same_method_stays():
    bell = Bell()
    listener = Listener(bell)
    again = Wiring(((bell.rung, listener.on_ring),))
    listener.wiring.close()
    bell.rung.emit(1)
    assert listener.heard == [1]
    again.close()
    assert len(bell.rung) == 0


def test_it_keeps_nobody_alive_and_the_dead_are_no_trouble():
    bell = Bell()
    listener = Listener(bell)
    wiring, seen = listener.wiring, weakref.ref(listener)
    gc.disable()
    try:
        del listener
        assert seen() is None
    finally:
        gc.enable()
    bell.rung.emit(1)
    wiring.close()


def test_what_is_no_bound_method_is_refused_before_anything_is_connected():
    bell = Bell()
    listener = Listener()
    with pytest.raises(TypeError):
        Wiring(((bell.cracked, listener.on_crack), (bell.rung, listener.heard.append)))
    assert len(bell.cracked) == len(bell.rung) == 0
