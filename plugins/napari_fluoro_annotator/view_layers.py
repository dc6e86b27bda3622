"""From what a scan found to napari layers: which views, whether they are open already, and how they look."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from napari.components import ViewerModel
from napari.layers import Image as ImageLayer

from fluoro_annotator.dicom import FrameStack, Image, ScanResult, SkippedFile, views
from fluoro_annotator.dicom.finding import SYSTEM_FILES
from fluoro_annotator.errors import FluoroAnnotatorError
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.shown_frames import ShownFrames
from napari_fluoro_annotator.studies import view_title

LayerData = tuple[Any, ...]
TAG = "fluoro_annotator"
AXES = ("frame", "row", "column")
NOTES = frozenset({".md", ".txt", ".json", ".csv"})
MANY_VIEWS = 30
"""Views beyond which a person is asked which to open; engineering default."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Views ready to be added to a window.

    Attributes
    ----------
    layers : sequence of tuple
        napari layer data.
    problems : sequence of str
        Why views are missing in it, a sentence each.
    already : int
        How many views are left out because all of their images are open already.
    reopened : frozenset of str
        SOP Instance UIDs of images that were open, but whose files have gone.

    """

    layers: Sequence[LayerData] = ()
    problems: Sequence[str] = ()
    already: int = 0
    reopened: frozenset[str] = frozenset()


def stacks_of(result: ScanResult) -> list[FrameStack]:
    """Return all views of all studies; nothing is read."""
    return [stack for study in result.studies for stack in views(study)]


def usual_stacks(result: ScanResult) -> list[FrameStack]:
    """Return the views that are opened when nobody can be asked: all, or those of the first study."""
    stacks = stacks_of(result)
    if len(stacks) <= MANY_VIEWS:
        return stacks
    return [stack for stack in stacks if stack.study_uid == stacks[0].study_uid]


def opened_images(viewer: ViewerModel | None) -> dict[str, Path]:
    """Return the images that a viewer shows: SOP Instance UID and file."""
    layers = [] if viewer is None else fluoroscopic_layers(viewer)
    return {image.sop_instance_uid: image.path for layer in layers for image in layer.data.images}


def fluoroscopic_layers(viewer: ViewerModel) -> list[ImageLayer]:
    """Return the layers of a viewer that were opened by this plugin."""
    return [
        layer
        for layer in viewer.layers
        if isinstance(layer, ImageLayer) and isinstance(layer.data, FrameStack)
    ]


def prepare(
    stacks: Sequence[FrameStack],
    opened: Mapping[str, Path],
    report: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Prepared:
    """Make layer data of views, except of images that are open already; may run in any thread.

    Parameters
    ----------
    stacks : sequence of FrameStack
        The views.
    opened : mapping of str to pathlib.Path
        Images that are open. One whose file has gone is opened anew.
    report : callable, optional
        Gets the number of views done and of all.
    cancelled : callable, optional
        Asked before each view; once it says True no more are made.

    """
    gone = _gone(stacks, opened)
    layers: list[LayerData] = []
    problems: list[str] = []
    already = 0
    for number, stack in enumerate(stacks, start=1):
        if cancelled is not None and cancelled():
            break
        images = [image for image in stack.images if _is_new(image, opened, gone)]
        already += not images
        try:
            if images:
                layers.append(layer_of(ShownFrames(images), visible=not layers))
        except FluoroAnnotatorError as error:
            problems.append(str(error))
        if report is not None:
            report(number, len(stacks))
    return Prepared(layers, problems, already, gone)


def close_reopened(layers: Sequence[ImageLayer], viewer: ViewerModel, reopened: frozenset[str]) -> None:
    """Take away layers all of whose images were opened anew, because their files had gone."""
    for layer in layers:
        if layer in viewer.layers and all(image.sop_instance_uid in reopened for image in layer.data.images):
            viewer.layers.remove(layer)


def layer_of(stack: FrameStack, *, visible: bool) -> LayerData:
    """Return napari layer data for one view; reads at most one frame.

    Parameters
    ----------
    stack : FrameStack
        The frames of the view.
    visible : bool
        Whether the layer is shown at once; views lie on top of each other.

    """
    display = stack.display
    options: dict[str, Any] = {
        "name": view_title(stack),
        "axis_labels": AXES,
        "visible": visible,
        "metadata": {TAG: {"study_instance_uid": stack.study_uid}},
        "cache": False,
    }
    aspect = stack.images[0].geometry_at(0).pixel_aspect
    if aspect != 1:
        options["scale"] = (1, aspect, 1)
    if display.rgb:
        options["rgb"] = True
    else:
        options["contrast_limits"] = display.contrast_limits
        options["colormap"] = "gray_r" if display.inverted else "gray"
    return stack, options, "image"


def worth_a_word(skipped: Sequence[SkippedFile]) -> list[SkippedFile]:
    """Return the files whose absence somebody may wonder about: not notes, not files of the system."""
    return [file for file in skipped if not _is_harmless(file)]


def overlays_text(result: ScanResult) -> str:
    """Return how many files have overlays, which nobody would look for otherwise; empty if none has."""
    count = sum(image.has_overlays for study in result.studies for image in study.images)
    return texts.plural(count, texts.OVERLAYS_ONE, texts.OVERLAYS_MANY) if count else ""


def _is_harmless(file: SkippedFile) -> bool:
    name = file.path.name.lower()
    if name in SYSTEM_FILES:
        return file.problem == SYSTEM_FILES[name]
    return file.path.suffix.lower() in NOTES or name.startswith(".")


def _is_new(image: Image, opened: Mapping[str, Path], gone: frozenset[str]) -> bool:
    return image.sop_instance_uid not in opened or image.sop_instance_uid in gone


def _gone(stacks: Sequence[FrameStack], opened: Mapping[str, Path]) -> frozenset[str]:
    """Return which of the images that are open have lost their file, and are now found elsewhere."""
    found = {image.sop_instance_uid for stack in stacks for image in stack.images}
    return frozenset(uid for uid in found & opened.keys() if not opened[uid].exists())
