"""Which signals call which methods, connected together and let go of together."""

from collections.abc import Callable, Iterable
from weakref import WeakMethod

from psygnal import SignalInstance

Wires = tuple[tuple[SignalInstance, Callable[..., object]], ...]
"""Signals, each with the bound method that it calls."""


class Wiring:
    """Signals that are connected to methods until this is closed.

    The methods are held weakly, as the signals hold them: a wiring keeps nobody alive. A function that is
    no bound method is refused, because a signal would hold it, and whatever it sees, for ever.

    Parameters
    ----------
    wires : iterable of (SignalInstance, callable), optional
        Signals, each with the bound method that it calls.

    Raises
    ------
    TypeError
        If something is to be called that is no bound method.

    """

    def __init__(self, wires: Iterable[tuple[SignalInstance, Callable[..., object]]] = ()) -> None:
        self._wires = [(signal, WeakMethod(slot)) for signal, slot in wires]
        for signal, held in self._wires:
            slot = held()
            if slot is not None:
                signal.connect(slot)

    def close(self) -> None:
        """Disconnect everything; may be called more than once, and when the widgets are gone."""
        while self._wires:
            signal, held = self._wires.pop()
            slot = held()
            if slot is not None:
                signal.disconnect(slot, missing_ok=True)
