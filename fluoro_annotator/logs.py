"""A log of what went wrong, without anything that could identify a patient.

Only records of this package are kept. File paths, DICOM identifiers, person names in DICOM
notation and quoted values are taken out of every message. Of an exception the log keeps its
type and the places in the program, never its text, because that often quotes what was read.
"""

from __future__ import annotations

import logging
import os
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path, PurePath

from platformdirs import user_log_path

from fluoro_annotator.settings import APPLICATION

LOG_VARIABLE = "FLUORO_ANNOTATOR_LOGS"
PACKAGES = ("fluoro_annotator", "napari_fluoro_annotator")
BYTES_PER_FILE = 500_000
OLD_FILES = 3

REMOVALS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\"[^\"\n]*\"|'[^'\n]*'"), "<value>"),
    (re.compile(r"(?<![\w.])\d+(?:\.\d+){3,}"), "<uid>"),
    (re.compile(r"\S*\^.*"), "<name>"),
    (re.compile(r"\S*[\\/].*"), "<path>"),
)
"""What is taken out of messages, and what stands there instead. A path may hold blanks, so all
that follows it on its line goes with it."""


def log_folder() -> Path:
    """Return the folder of the log.

    Returns
    -------
    pathlib.Path
        The value of ``FLUORO_ANNOTATOR_LOGS`` if it is set, otherwise the platform's folder.

    """
    configured = os.environ.get(LOG_VARIABLE, "").strip()
    return Path(configured).expanduser() if configured else user_log_path(APPLICATION, appauthor=False)


def log_file() -> Path:
    """Return the file that is written at present; older ones have a number at their end."""
    return log_folder() / "fluoro_annotator.log"


@contextmanager
def kept() -> Iterator[Path | None]:
    """Keep the log in its file for as long as the context lasts.

    Yields
    ------
    pathlib.Path or None
        The file; None if it cannot be written, in which case nothing is kept.

    """
    handler, path = _opened()
    handler.setFormatter(AnonymousFormatter())
    loggers = [logging.getLogger(name) for name in PACKAGES]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield path
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
        handler.close()


def _opened() -> tuple[logging.Handler, Path | None]:
    path = log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=BYTES_PER_FILE, backupCount=OLD_FILES, encoding="utf-8")
    except OSError:
        return logging.NullHandler(), None
    return handler, path


class AnonymousFormatter(logging.Formatter):
    """Writes a record without anything that could identify a patient."""

    def format(self, record: logging.LogRecord) -> str:
        """Return time, level, place in the program and the message without identifiers."""
        time = self.formatTime(record)
        lines = [f"{time} {record.levelname} {record.name}:{record.lineno} {_message(record)}"]
        error = record.exc_info[1] if record.exc_info else None
        while error is not None:
            lines.extend(_places(error))
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


def anonymous(text: str) -> str:
    """Return a text without paths, DICOM identifiers, DICOM names and quoted values."""
    for pattern, replacement in REMOVALS:
        text = pattern.sub(replacement, text)
    return text


def _message(record: logging.LogRecord) -> str:
    arguments = record.args
    if not isinstance(arguments, tuple) or not arguments:
        return anonymous(record.getMessage())
    return anonymous(str(record.msg) % tuple(_harmless(value) for value in arguments))


def _harmless(value: object) -> object:
    if isinstance(value, PurePath):
        return "<path>"
    return type(value).__name__ if isinstance(value, BaseException) else value


def _places(error: BaseException) -> Iterator[str]:
    """Yield the type of an exception and the places it came through, without its text."""
    yield f"  {type(error).__module__}.{type(error).__qualname__}"
    for frame, line in traceback.walk_tb(error.__traceback__):
        yield f"    {frame.f_globals.get('__name__', '?')}:{line} in {frame.f_code.co_name}"
