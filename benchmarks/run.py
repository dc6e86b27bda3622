"""Time to the first frame, memory and durable saving, side by side with plain pydicom and sqlite3.

Usage: python benchmarks/run.py [--files NAME ...] [--runs N] [--saves N] [--side PIXELS] [--frames N]
[--long-frames N] [--long-files NAME ...] [--long-runs N] [--scanned-files N] [--window-frames N]
[--imported N] [--stored N] [--practised N] [--flat N] [--reported N] [--exercises N] [--folder DIR] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import machine
import practice
import practice_report
import practice_window
import reading
import saving
import storing
import targets
import window
from cines import ENCODINGS, make_cine

from fluoro_annotator.settings import sample_folder

SAMPLE = "sample"
FILES = (SAMPLE, *ENCODINGS)
USUAL_FILES = (SAMPLE, "native", "JPEG-LS")
SAMPLE_FILE = "lumbar/05_needle_advance.dcm"
MB = 1e6
MS = 1e3
HEADINGS = ("file", "reader", "decoder", "first frame", "memory", "imports", "time ratio", "memory ratio")


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", nargs="+", choices=FILES, default=USUAL_FILES, help="what to read")
    parser.add_argument("--runs", type=int, default=5, help="turns of each contender on each file")
    parser.add_argument("--saves", type=int, default=200, help="pairs of durable saves")
    parser.add_argument(
        "--side", type=int, default=1024, help="rows and columns of the cines made on the fly"
    )
    parser.add_argument("--frames", type=int, default=30, help="frames of the cines made on the fly")
    parser.add_argument(
        "--long-frames", type=int, default=500, help="frames of the cines of the table; 0 leaves them out"
    )
    parser.add_argument(
        "--long-files", nargs="+", choices=[*ENCODINGS], default=[*ENCODINGS], help="cines of the table"
    )
    parser.add_argument("--long-runs", type=int, default=3, help="turns of the table")
    parser.add_argument(
        "--scanned-files", type=int, default=5000, help="files of the scans of the table; 0 leaves them out"
    )
    parser.add_argument(
        "--window-frames",
        type=int,
        default=300,
        help="frames of the cine played in windows; 0 leaves them out",
    )
    parser.add_argument(
        "--imported", type=int, default=100_000, help="revisions that are imported; 0 leaves stores out"
    )
    parser.add_argument(
        "--stored", type=int, default=1_000_000, help="revisions of a store that has grown; 0 leaves it out"
    )
    parser.add_argument(
        "--practised", type=int, default=2000, help="earlier answers of a trainee; 0 leaves practice out"
    )
    parser.add_argument(
        "--exercises",
        type=int,
        default=20,
        help="exercises that are answered in a window; 0 leaves it out",
    )
    parser.add_argument(
        "--flat", type=int, default=100_000, help="scored answers that are read for statistics"
    )
    parser.add_argument(
        "--reported", type=int, default=100_000, help="answers of a report of practice; 0 leaves it out"
    )
    parser.add_argument("--folder", type=Path, help="where to write (default: the system's temporary folder)")
    parser.add_argument("--json", type=Path, help="write the results to this file, too")
    return parser.parse_args()


def read_all(options: argparse.Namespace, folder: Path) -> list[reading.ReadingResult]:
    """Return the comparison of reading for each file that was asked for."""
    results = []
    for name in options.files:
        if name == SAMPLE:
            title, path = "sample cine, 30 x 512 x 512, JPEG 2000", sample_folder() / SAMPLE_FILE
        else:
            title = f"{options.frames} x {options.side} x {options.side}, {name}"
            path = make_cine(folder, name, options.frames, options.side)
        results += reading.compare(title, path, options.runs)
    return results


def measure_targets(options: argparse.Namespace, folder: Path) -> list[targets.Line]:
    """Return the table of speed and memory."""
    lines: list[targets.Line] = []
    for encoding in options.long_files if options.long_frames else ():
        lines += targets.cine_lines(folder, encoding, options.long_frames, options.side, options.long_runs)
    if options.scanned_files:
        lines += targets.scan_lines(folder, options.scanned_files, options.long_runs)
    if options.window_frames:
        lines += window.window_lines(folder, options.window_frames, options.long_runs)
    if options.imported:
        lines += storing.storing_lines(folder, options.imported, options.stored)
    if options.practised:
        lines += practice.practice_lines(folder, options.practised, options.flat)
    if options.exercises:
        lines += practice_window.practice_window_lines(folder, options.exercises)
    if options.reported:
        lines.append(practice_report.report_line(folder, options.reported))
    return lines


def reading_row(result: reading.ReadingResult) -> tuple[str, ...]:
    """Return one line of the table as texts."""
    return (
        result.file,
        reading.SHOWN[result.contender],
        result.decoder,
        f"{result.seconds * MS:.1f} ms",
        "" if result.extra_bytes is None else f"{result.extra_bytes / MB:.1f} MB",
        f"{result.import_seconds * MS:.0f} ms",
        _times(result.time_ratio),
        _times(result.memory_ratio),
    )


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f} x"


def show_table(rows: list[tuple[str, ...]]) -> None:
    """Print rows below each other; what is the same as in the row above is left out of the first column."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    above = ""
    for row in rows:
        first = "" if row[0] == above else row[0]
        above = row[0]
        print(
            "  ".join(
                cell.ljust(width) for cell, width in zip((first, *row[1:]), widths, strict=True)
            ).rstrip()
        )


def show_saving(result: saving.SavingResult) -> None:
    """Print the comparison of durable saves."""
    print(f"\nOne mark until it is on disk, median of {result.saves} pairs in turn:")
    print(f"  fluoro_annotator, add_target to SQLite   {result.seconds * MS:.2f} ms")
    print(f"  sqlite3, one insert, WAL, FULL           {result.bare_seconds * MS:.2f} ms")
    met = "met" if result.ratio <= saving.WANTED else "MISSED"
    print(
        f"  ratio, pair by pair                      {result.ratio:.2f} x (wanted: at most {saving.WANTED:g} x, {met})"
    )


def main() -> int:
    """Run everything and print it; return the exit code."""
    options, started = arguments(), time.monotonic()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        results = read_all(options, Path(folder))
        saved = saving.compare(Path(folder), options.saves)
        lines = measure_targets(options, Path(folder))
    about: dict[str, Any] = machine.describe()
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    print(
        f"\nTo the first frame, median of {options.runs} turns, each in a fresh process, files in the system's cache."
    )
    print("Memory is the peak above that after the imports. Ratios are pair by pair, to fluoro_annotator.\n")
    show_table([HEADINGS, *map(reading_row, results)])
    show_saving(saved)
    if lines:
        print(f"\n{targets.about(options.long_frames, options.side)}\n")
        show_table([targets.HEADINGS, *map(targets.row_of, lines)])
    print(f"\n{time.monotonic() - started:.0f} s in all")
    if options.json:
        report = {
            "machine": about,
            "reading": [each.as_dict() for each in results],
            "saving": saved.as_dict(),
            "targets": [line.as_dict() for line in lines],
        }
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
