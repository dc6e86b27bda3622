"""napari's way in: folders and files of DICOM become one lazy image layer for each view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from napari.utils.notifications import show_error, show_warning

from fluoro_annotator.dicom import FrameStack, ScanResult, SkippedFile, default_index, scan, views
from fluoro_annotator.errors import FluoroAnnotatorError
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.shown_frames import ShownFrames
from napari_fluoro_annotator.studies import view_title

LayerData = tuple[Any, ...]
TAG = "fluoro_annotator"
AXES = ("frame", "row", "column")
NO_LAYERS: list[LayerData] = [(None,)]


def get_reader(path: str | Sequence[str]) -> Callable[[str | Sequence[str]], list[LayerData]]:  # noqa: ARG001 - any path
    """Return the reader, whatever the path.

    Fluoroscopic images have any ending or none. napari asks the user where another reader claims a path
    too, and answers a refusal with a traceback; `read` names what is wrong with a file in a sentence.

    Parameters
    ----------
    path : str or sequence of str
        What was dropped or opened.

    Returns
    -------
    callable
        `read`.

    """
    return read


def read(path: str | Sequence[str]) -> list[LayerData]:
    """Read files and folders into image layers, one for each view.

    Files that cannot be used are named in a notification; the rest still opens.

    Parameters
    ----------
    path : str or sequence of str
        Files and folders.

    Returns
    -------
    list of tuple
        napari layer data, or napari's sign for "nothing to add".

    """
    paths = [path] if isinstance(path, str) else list(path)
    try:
        result = scan(paths, index=default_index()).require()
    except FluoroAnnotatorError as error:
        show_error(str(error))
        return NO_LAYERS
    report_skipped(result)
    report_overlays(result)
    return layers_of(result)


def layers_of(result: ScanResult) -> list[LayerData]:
    """Return napari layer data for all views of all studies; the first one is visible."""
    stacks = [ShownFrames(stack.images) for study in result.studies for stack in views(study)]
    layers: list[LayerData] = []
    for stack in stacks:
        stack.unreadable.connect(show_error)
        try:
            layers.append(layer_of(stack, visible=not layers))
        except FluoroAnnotatorError as error:
            show_error(str(error))
    return layers or NO_LAYERS


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


def report_skipped(result: ScanResult) -> None:
    """Name the files that were not opened in a notification."""
    skipped = [file for file in result.skipped if not _is_harmless(file)]
    if not skipped:
        return
    first = f"{skipped[0].path.name}: {skipped[0].problem.rstrip('.')}. {skipped[0].remedy}".strip()
    if len(skipped) == 1:
        show_warning(texts.SKIPPED_ONE.format(first=first))
    else:
        show_warning(texts.SKIPPED_MANY.format(count=len(skipped), first=first, more=len(skipped) - 1))


def report_overlays(result: ScanResult) -> None:
    """Say in a notification how many files have overlays, which nobody would look for otherwise."""
    images = [image for study in result.studies for image in study.images]
    count = sum(image.has_overlays for image in images)
    if count:
        show_warning(texts.plural(count, texts.OVERLAYS_ONE, texts.OVERLAYS_MANY))


def _is_harmless(file: SkippedFile) -> bool:
    return file.path.suffix.lower() in {".md", ".txt", ".json", ".csv"} or file.path.name.startswith(".")
