"""The keys as the reader wants them: the table of `keys`, with changes that a file in the settings keeps."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from psygnal import Signal

from fluoro_annotator import settings
from fluoro_annotator.errors import SettingsError
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.keys import (
    BINDINGS,
    FIXED,
    NAPARI_KEYS,
    SHOWN,
    Binding,
    can_be_used,
    shown_as,
)

_USUAL = {binding.name: binding for binding in BINDINGS}


class Keymap:
    """Which key does what, at present.

    Attributes
    ----------
    changed : psygnal.Signal
        Emitted with what was printed on each key that changed, and what is now.

    """

    changed = Signal(dict)

    def __init__(self) -> None:
        self._own: dict[str, str] = {}

    @property
    def bindings(self) -> tuple[Binding, ...]:
        """All bindings, in the order of the table."""
        return tuple(_with_key(binding, self._own.get(binding.name)) for binding in BINDINGS)

    @property
    def own(self) -> Mapping[str, str]:
        """Keys that the reader has changed, by the name of the binding."""
        return dict(self._own)

    # ------------------------------------------------------------------ changing

    def rebind(self, name: str, key: str) -> None:
        """Give an action another key, and keep it.

        Parameters
        ----------
        name : str
            `Binding.name`.
        key : str
            As napari writes it.

        Raises
        ------
        SettingsError
            If the key belongs to another action or to napari, cannot be used, or the action keeps its
            key; then nothing changes. Or if the change cannot be kept: then it holds until the end.

        """
        problem = self._problem(name, key)
        if problem is not None:
            raise problem
        own = {**self._own, name: key}
        if _USUAL[name].key == key:
            del own[name]
        self._use(own)
        self._save()

    def reset(self, name: str) -> None:
        """Give an action its usual key again; raises what `rebind` raises."""
        self.rebind(name, _USUAL[name].key)

    def reset_all(self) -> None:
        """Give every action its usual key; raises SettingsError if that cannot be kept."""
        self._use({})
        self._save()

    def _problem(self, name: str, key: str) -> SettingsError | None:
        shown = shown_as(key)
        if name in FIXED:
            return SettingsError(shown, texts.KEY_FIXED.format(does=does(name)), texts.KEY_FIXED_REMEDY)
        for binding in self.bindings:
            if binding.key == key and binding.name != name:
                taken = texts.KEY_TAKEN.format(does=does(binding.name))
                return SettingsError(shown, taken, texts.KEY_TAKEN_REMEDY)
        if key == _USUAL[name].key:
            return None
        wrong = _unusable(key)
        return SettingsError(shown, wrong, texts.KEY_REMEDY) if wrong else None

    def _use(self, own: dict[str, str]) -> None:
        before = {binding.name: binding.shown for binding in self.bindings}
        self._own = own
        differ = {}
        for binding in self.bindings:
            SHOWN[binding.action] = binding.shown
            if before[binding.name] != binding.shown:
                differ[before[binding.name]] = binding.shown
        if differ:
            self.changed.emit(differ)

    # ------------------------------------------------------------------ file

    def load(self) -> tuple[str, ...]:
        """Read the reader's own keys; return what is wrong with the file, in sentences."""
        try:
            wanted = _read(settings.keys_file())
        except SettingsError as error:
            self._use({})
            return (str(error),)
        own, problems = _usable(wanted)
        self._use(own)
        return problems

    def _save(self) -> None:
        path = settings.keys_file()
        new = path.with_name(path.name + ".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(json.dumps({"keys": self._own}, indent=1) + "\n", encoding="utf-8")
            new.replace(path)
        except OSError as error:
            raise SettingsError(
                str(path),
                f"{texts.KEYS_FILE_UNWRITABLE} ({error.strerror})",
                texts.KEYS_FILE_UNWRITABLE_REMEDY,
            ) from error


def does(name: str) -> str:
    """Return what a binding does, in words."""
    return texts.KEYS_DO.get(name, name.partition(".")[2].replace("_", " "))


def _with_key(binding: Binding, key: str | None) -> Binding:
    return binding if key is None else binding._replace(key=key, shown=shown_as(key))


def _unusable(key: str) -> str:
    """Return why a key can be given to no action, or an empty text."""
    if key in NAPARI_KEYS:
        return texts.KEY_OF_NAPARI
    return "" if can_be_used(key) else texts.KEY_UNUSABLE


def _read(path: Path) -> dict[str, str]:
    """Return what a file of keys says; raises SettingsError if it says something else."""
    if not path.exists():
        return {}
    try:
        keys = json.loads(path.read_text(encoding="utf-8"))["keys"]
        wanted = dict(keys.items())
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise SettingsError(str(path), texts.KEYS_FILE_UNREADABLE, texts.KEYS_FILE_REMEDY) from None
    if not all(isinstance(key, str) for key in wanted.values()):
        raise SettingsError(str(path), texts.KEYS_FILE_UNREADABLE, texts.KEYS_FILE_REMEDY)
    return wanted


def _usable(wanted: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return which of the wanted keys can be used, and why the others cannot."""
    own, problems = {}, []
    for name, key in wanted.items():
        wrong = _refusal(name, key)
        if wrong:
            problems.append(_line(name, key, wrong))
        elif key != _USUAL[name].key:
            own[name] = key
    while clashing := _clashing(own):
        name, key = clashing
        del own[name]
        problems.append(_line(name, key, texts.KEY_TAKEN.format(does=does(_owner(key, own)))))
    return own, tuple(problems)


def _refusal(name: str, key: str) -> str:
    if name not in _USUAL:
        return texts.KEYS_FILE_UNKNOWN
    if name in FIXED and key != _USUAL[name].key:
        return texts.KEY_FIXED.format(does=does(name))
    return "" if key == _USUAL[name].key else _unusable(key)


def _clashing(own: Mapping[str, str]) -> tuple[str, str] | None:
    """Return a changed key that another action has too."""
    counted = Counter(_keys(own))
    return next(((name, key) for name, key in own.items() if counted[key] > 1), None)


def _keys(own: Mapping[str, str]) -> Iterable[str]:
    return (own.get(name, binding.key) for name, binding in _USUAL.items())


def _owner(key: str, own: Mapping[str, str]) -> str:
    return next(name for name, binding in _USUAL.items() if own.get(name, binding.key) == key)


def _line(name: str, key: str, problem: str) -> str:
    return texts.KEYS_FILE_LINE.format(name=name, key=shown_as(key), problem=problem) + "."


KEYMAP = Keymap()
"""The keys of this program; every window follows it."""
