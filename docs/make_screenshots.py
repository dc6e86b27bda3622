"""Take the pictures of the documentation from the program itself.

Usage: python docs/make_screenshots.py [--output DIR]

Goes through the steps of docs/user/getting-started.md in a real window on the sample study, with a
store and napari settings of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from fluoro_annotator import settings
from fluoro_annotator.anatomy import Side
from fluoro_annotator.dicom import scan
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Adequacy, Change, Purpose, ViewAssignment, ViewJudgement
from fluoro_annotator.store import Store, open_store
from fluoro_annotator.training import install, read_set_file

if TYPE_CHECKING:
    from qtpy.QtWidgets import QWidget

    from napari_fluoro_annotator.dock import AnnotateDock

IMAGES = Path(__file__).parent / "images"
READER = "Reader A"
TRAINEE = "Trainee A"
PRACTISED = "phantom-lumbar-targets"
SETTLE_ROUNDS = 40
STUDY = "lumbar"
COLOURS = 256
LARGEST_BYTES = 400_000
AP, NEEDLE_ADVANCE = 0, 4
PATIENCE = 60.0
"""Seconds for which a window is waited for."""
LEARNING_POINT = "On bone in the angle between superior articular and transverse process."
Truth = dict[str, dict[str, Any]]
Picture = Callable[[str], None]


class TooLargeError(Exception):
    """A picture that is too large for the repository."""


def truth_by_series() -> Truth:
    """Return the ground truth of the sample study by series."""
    content = json.loads((settings.sample_folder() / "truth.json").read_text(encoding="utf-8"))
    return {image["series"]: image for image in content["images"].values()}


@contextmanager
def window(store: Store, folder: Path) -> Iterator[tuple[AnnotateDock, Picture]]:
    """Open the sample study; gives the dock and a function that takes a picture."""
    from napari_fluoro_annotator.demo import photograph  # noqa: PLC0415 - after napari's settings are set
    from napari_fluoro_annotator.launch import make_window  # noqa: PLC0415 - the same

    study = scan([settings.sample_folder() / STUDY]).require()
    viewer, dock = make_window(study, store=store, reader=READER)

    def picture(name: str) -> None:
        path = folder / f"{name}.png"
        photograph(viewer, dock, path)
        compress(path)
        print(f"{path.name}: {path.stat().st_size // 1000} kB")

    try:
        yield dock, picture
    finally:
        viewer.close()


def compress(path: Path) -> None:
    """Reduce a picture to a palette.

    Raises
    ------
    TooLargeError
        If it is too large all the same.

    """
    with Image.open(path) as picture:
        reduced = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    reduced.save(path, optimize=True)
    if path.stat().st_size > LARGEST_BYTES:
        raise TooLargeError(f"{path.name} has {path.stat().st_size} bytes, more than {LARGEST_BYTES}.")


def first_reading(dock: AnnotateDock, picture: Picture, truth: Truth) -> None:
    """Go through the steps of the first reading, with a picture after each."""
    picture("open")
    mark_target(dock, "L3_MB", truth["ap"], before_press=lambda: picture("choose"))
    picture("target")
    dock.controller.choose_view(NEEDLE_ADVANCE)
    go_to_last_frame(dock, truth["needle_advance"])
    mark_target(dock, "L4_MB", truth["needle_advance"])
    mark_needle(dock, truth["needle_advance"])
    picture("needle")
    dock.controller.choose_view(AP)
    label_levels(dock, truth["ap"], ("L3", "L4", "L5"))
    picture("level")
    delete_and_undo(dock)
    picture("undo")


def reference(dock: AnnotateDock, picture: Picture, truth: Truth) -> None:
    """Begin a reference reading."""
    dock.view.purpose_chosen.emit(Purpose.REFERENCE.value)
    mark_target(dock, "L3_MB", truth["ap"])
    mark_target(dock, "L4_MB", truth["ap"])
    picture("reference")


def teaching_set(dock: AnnotateDock, folder: Path, truth: Truth) -> None:
    """Submit the reference and make a teaching set of it, with a picture of each window."""
    session = dock.controller.session
    if session is None:
        raise LookupError("no reading is open")
    go_to_needle(dock, truth)
    frame = session.marks[0].frame
    session.edit([Change(None, ViewJudgement(frame=frame, view="AP_TRUE", adequate=Adequacy.YES))])
    session.edit([Change(None, ViewAssignment(sop_instance_uid=frame.sop_instance_uid, view="AP_TRUE"))])
    session.submit()
    windows = dock.show_teaching_sets()
    editor, sets = windows.editor_view, windows.list_view
    wait_for(lambda: bool(sets.message))
    sets.new_requested.emit()
    wait_for(lambda: editor.isVisible() and not editor.message)
    form = editor.about.form
    editor.about.set_form(replace(form, title="Lumbar targets, right", protocol="lumbar_mbb"))
    editor.about.changed.emit(editor.about.form)
    editor.references.tick_all()
    wait_for(editor.references.can_be_taken)
    editor.show_page(editor.references)
    dialog_picture(editor, folder, "set_references")
    editor.take_requested.emit()
    editor.show_page(editor.exercises)
    first = windows.editor.exercise_ids[0]
    editor.points_changed.emit(first, ((LEARNING_POINT, "protocol lumbar_mbb"),))
    editor.exercises.choose(first)
    dialog_picture(editor, folder, "set_exercises")
    editor.show_page(editor.publishing)
    wait_for(lambda: editor.publishable)
    dialog_picture(editor, folder, "set_check")
    editor.publish_requested.emit()
    wait_for(lambda: not editor.isVisible() and bool(sets.rows))
    session.reopen()
    sets.refresh_requested.emit()
    wait_for(lambda: bool(sets.message) is False)
    sets.choose(sets.rows[0])
    dialog_picture(sets, folder, "teaching_sets")


def go_to_needle(dock: AnnotateDock, truth: Truth) -> None:
    """Mark the needle of the needle view, and its target."""
    dock.controller.choose_view(NEEDLE_ADVANCE)
    go_to_last_frame(dock, truth["needle_advance"])
    mark_target(dock, "L4_MB", truth["needle_advance"])
    mark_needle(dock, truth["needle_advance"])


def wait_for(condition: Callable[[], bool]) -> None:
    """Let the window work until something is so."""
    from qtpy.QtWidgets import QApplication  # noqa: PLC0415 - after napari's settings are set

    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("the window does not come to an end")
        QApplication.processEvents()
        time.sleep(0.01)


def dialog_picture(widget: QWidget, folder: Path, name: str) -> None:
    """Take a picture of a window beside the main one."""
    path = folder / f"{name}.png"
    wait_for(widget.isVisible)
    widget.repaint()
    widget.grab().save(str(path))
    compress(path)
    print(f"{path.name}: {path.stat().st_size // 1000} kB")


def choose(dock: AnnotateDock, nerve: str) -> None:
    """Choose a nerve on the right."""
    dock.view.set_nerve(nerve)
    dock.view.set_side(Side.RIGHT)


def press(dock: AnnotateDock, place: dict[str, Any]) -> None:
    """Press on a place of the ground truth."""
    point = Point(place["row"], place["column"])
    dock.pointer.press(point, None)
    dock.pointer.release(point)


def mark_target(
    dock: AnnotateDock, nerve: str, image: dict[str, Any], before_press: Callable[[], None] | None = None
) -> None:
    """Mark the target of a nerve on the right where it is."""
    choose(dock, nerve)
    dock.controller.arm_target()
    if before_press is not None:
        before_press()
    press(
        dock, next(each for each in image["targets"] if (each["nerve"], each["side"]) == (nerve, Side.RIGHT))
    )


def go_to_last_frame(dock: AnnotateDock, image: dict[str, Any]) -> None:
    """Show the last frame of the view that is shown."""
    stack = dock.binding.current
    if stack is None:
        raise LookupError("no view is shown")
    dock.binding.show(stack, len(image["frames"]) - 1)


def mark_needle(dock: AnnotateDock, image: dict[str, Any]) -> None:
    """Mark the needle of the last frame where it is."""
    needle = image["frames"][-1]["needle"]
    choose(dock, image["needle"]["nerve"])
    dock.controller.arm_needle()
    press(dock, needle["tip"])
    press(dock, needle["hub"])


def label_levels(dock: AnnotateDock, image: dict[str, Any], names: tuple[str, ...]) -> None:
    """Label vertebrae where their bodies are."""
    places = {each["vertebra"]: each for each in image["vertebrae"]}
    for name in names:
        dock.view.set_vertebra(name)
        dock.controller.arm_level()
        press(dock, places[name])


def delete_and_undo(dock: AnnotateDock) -> None:
    """Delete the first mark and take that back."""
    session = dock.controller.session
    if session is None:
        raise LookupError("no reading is open")
    dock.controller.choose_mark(session.marks[0].mark_id)
    dock.controller.delete_selected()
    dock.controller.undo()


def practice(store: Store, folder: Path) -> None:
    """Practise a set of the samples: choose it, answer one exercise, commit."""
    from napari_fluoro_annotator.demo import WINDOW  # noqa: PLC0415 - after napari's settings are set
    from napari_fluoro_annotator.practice_images import PracticeImages  # noqa: PLC0415 - the same
    from napari_fluoro_annotator.practice_launch import make_practice_window  # noqa: PLC0415 - the same

    for file in sorted((settings.sample_folder() / "practice").glob("*.set.json")):
        install(read_set_file(file), store, by=READER)
    images = PracticeImages([])
    viewer, dock = make_practice_window(store=store, reader=TRAINEE, images=images)
    viewer.window.resize(*WINDOW)

    def picture(name: str) -> None:
        path = folder / f"{name}.png"
        settle()
        viewer.window.screenshot(str(path), flash=False, canvas_only=False)
        compress(path)
        print(f"{path.name}: {path.stat().st_size // 1000} kB")

    wait_for(lambda: not images.looking)
    dock.sets.choose_at_first(PRACTISED)
    picture("practice_sets")
    dock.sets.start()
    sheet = dock.exercise.sheet
    while sheet.question is not None and (sheet.question.site is None or sheet.question.needle):
        dock.exercise.give_up_twice()
        dock.exercise.give_up_twice()
        dock.exercise.go_on()
    settle()
    if sheet.question is None or dock.binding.current is None:
        raise LookupError("no exercise is asked")
    rows, columns = dock.binding.current.shape[1:3]
    dock.exercise.hand.press(Point(rows * 0.5, columns * 0.55), None)
    dock.exercise.probable()
    picture("practice_exercise")
    dock.exercise.commit()
    picture("practice_answered")
    viewer.close()


def settle() -> None:
    """Let the window draw everything."""
    from qtpy.QtWidgets import QApplication  # noqa: PLC0415 - after napari's settings are set

    for _ in range(SETTLE_ROUNDS):
        QApplication.processEvents()
        time.sleep(0.01)


def take_all(folder: Path, scratch: Path) -> None:
    """Take every picture."""
    from napari_fluoro_annotator.demo import begin_reading  # noqa: PLC0415 - after napari's settings are set

    with open_store(scratch / "first.sqlite") as store:
        with window(store, folder) as (dock, picture):
            first_reading(dock, picture, truth_by_series())
        with window(store, folder) as (_, picture):
            picture("reopened")
    with open_store(scratch / "reference.sqlite") as store, window(store, folder) as (dock, picture):
        reference(dock, picture, truth_by_series())
        teaching_set(dock, folder, truth_by_series())
    with open_store(scratch / "second.sqlite") as store, window(store, folder) as (dock, picture):
        content = json.loads((settings.sample_folder() / "truth.json").read_text(encoding="utf-8"))
        begin_reading(dock, content)
        picture("annotate")
    with open_store(scratch / "practice.sqlite") as store:
        practice(store, folder)


def main() -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(description="Take the pictures of the documentation.")
    parser.add_argument("--output", type=Path, default=IMAGES, help="folder to write to")
    folder = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["NAPARI_CONFIG"] = str(Path(scratch) / "napari.yaml")
        os.environ["XDG_STATE_HOME"] = scratch
        take_all(folder, Path(scratch))
    return 0


if __name__ == "__main__":
    sys.exit(main())
