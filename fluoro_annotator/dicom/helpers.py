"""Skims many files with all cores, by helper processes that start within milliseconds.

Each helper is a bare interpreter that runs `dicom.skimming` as a script. It does not import
the program that started it, so that it works from any script, and nothing is forked.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Final

from fluoro_annotator.dicom import skimming
from fluoro_annotator.dicom.skimming import Skimmed, packed, received, skim

CHUNK: Final = 64
WORTHWHILE: Final = 400
MOST: Final = 8
PATIENCE: Final = 0.05
"""Files of one message, files that are worth helpers, helpers at most, seconds between looks at `cancelled`."""

Findings = list[Skimmed | None]


def useful_helpers(files: int, workers: int | None) -> int:
    """Return how many helpers to start: none for few files, or where no interpreter is at hand."""
    if not Path(sys.executable or "").name.lower().startswith("python") or getattr(sys, "frozen", False):
        return 0
    if workers is None:
        workers = min(os.cpu_count() or 1, MOST) if files >= WORTHWHILE else 1
    return workers if workers > 1 else 0


def skim_all(
    paths: Sequence[str], wanted: frozenset[int], helpers: int, cancelled: Callable[[], bool]
) -> Generator[Skimmed | None, None, None]:
    """Yield what is found in each file, in the order of the files.

    Parameters
    ----------
    paths : sequence of str
        The files.
    wanted : frozenset of int
        Tags whose values are wanted.
    helpers : int
        Number of processes; with 0 this process does everything.
    cancelled : callable
        Asked again and again; the iterator ends once it says True.

    """
    chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    running = [_Helper(chunks[place::helpers], wanted) for place in range(min(helpers, len(chunks)))]
    try:
        for number, chunk in enumerate(chunks):
            found = running[number % helpers].next(cancelled) if running else None
            if cancelled():
                return
            yield from found or (skim(path, wanted) for path in chunk)
    finally:
        for helper in running:
            helper.stop()


class _Helper:
    """One process, a thread that feeds it, and a thread that takes what it says."""

    def __init__(self, chunks: Sequence[Sequence[str]], wanted: frozenset[int]) -> None:
        self._answers: queue.SimpleQueue[Findings | None] = queue.SimpleQueue()
        self._ended = False
        self._process: subprocess.Popen[bytes] | None = None
        self._threads: tuple[threading.Thread, ...] = ()
        messages = [packed(list(wanted)), *(packed(list(chunk)) for chunk in chunks)]
        try:
            self._process = _started()
        except OSError:
            self._answers.put(None)
            return
        self._threads = (
            threading.Thread(target=self._feed, args=(self._process, messages), daemon=True),
            threading.Thread(target=self._take, args=(self._process,), daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def _feed(self, process: subprocess.Popen[bytes], messages: list[bytes]) -> None:
        assert process.stdin is not None  # noqa: S101 - started with a pipe
        try:
            for message in messages:
                process.stdin.write(message)
            process.stdin.close()
        except (OSError, ValueError):
            return  # it has ended; what is missing is skimmed here

    def _take(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101 - started with a pipe
        try:
            while (answer := received(process.stdout)) is not None:
                self._answers.put([None if each is None else Skimmed(*each) for each in answer])
        except (OSError, ValueError, EOFError, TypeError):
            pass  # it has ended in the middle of a message
        self._answers.put(None)

    def next(self, cancelled: Callable[[], bool]) -> Findings | None:
        """Return what was found in the next files; None once the helper has ended, or when cancelled."""
        while not self._ended and not cancelled():
            try:
                answer = self._answers.get(timeout=PATIENCE)
            except queue.Empty:
                continue
            self._ended = answer is None
            return answer
        return None

    def stop(self) -> None:
        """End the process; nothing is waited for that could take long."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None and not pipe.closed:
                try:
                    pipe.close()
                except OSError:
                    continue  # what was not sent any more cannot be sent now


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - this interpreter with a file of this package
        [sys.executable, "-I", "-S", skimming.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
