"""napari's way in: folders and files of DICOM become one lazy image layer for each view."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from napari.components import ViewerModel
from napari.utils.notifications import show_error, show_info, show_warning

from fluoro_annotator.dicom import ScanResult, default_index, scan
from fluoro_annotator.errors import FluoroAnnotatorError
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.opening import calling_viewer, open_later
from napari_fluoro_annotator.view_layers import (
    TAG,
    LayerData,
    close_reopened,
    fluoroscopic_layers,
    layer_of,
    opened_images,
    overlays_text,
    prepare,
    stacks_of,
    usual_stacks,
    worth_a_word,
)

__all__ = ["NO_LAYERS", "TAG", "LayerData", "get_reader", "layer_of", "layers_of", "read"]

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

    What a person dropped on a window or chose in a dialog is looked through in the background, and its
    layers appear in that window when they are ready: napari expects a reader to return them at once,
    and would stand still. A program that calls ``viewer.open`` waits and gets the layers returned.

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
    if open_later(paths):
        return NO_LAYERS
    try:
        result = scan(paths, index=default_index()).require()
    except FluoroAnnotatorError as error:
        show_error(str(error))
        return NO_LAYERS
    report_skipped(result)
    report_overlays(result)
    return layers_of(result, calling_viewer())


def layers_of(result: ScanResult, viewer: ViewerModel | None = None) -> list[LayerData]:
    """Return napari layer data for the views of a scan; the first one is visible.

    Parameters
    ----------
    result : ScanResult
        What was found. Of very many views only those of the first study are returned, which is said.
    viewer : ViewerModel, optional
        Where they will be added; what it shows already is left out, which is said, too.

    """
    stacks = usual_stacks(result)
    left = len(stacks_of(result)) - len(stacks)
    if left:
        show_warning(texts.FIRST_STUDY_ONLY.format(count=left))
    prepared = prepare(stacks, opened_images(viewer))
    for problem in prepared.problems:
        show_error(problem)
    for stack, _, _ in prepared.layers:
        stack.unreadable.connect(show_error)
    if prepared.already:
        show_info(texts.plural(prepared.already, texts.ALREADY_ONE, texts.ALREADY_MANY))
    if viewer is not None and prepared.layers:
        close_reopened(fluoroscopic_layers(viewer), viewer, prepared.reopened)
    return list(prepared.layers) or NO_LAYERS


def report_skipped(result: ScanResult) -> None:
    """Name the files that were not opened in a notification."""
    skipped = worth_a_word(result.skipped)
    if not skipped:
        return
    first = f"{skipped[0].path.name}: {skipped[0].problem.rstrip('.')}. {skipped[0].remedy}".strip()
    if len(skipped) == 1:
        show_warning(texts.SKIPPED_ONE.format(first=first))
    else:
        show_warning(texts.SKIPPED_MANY.format(count=len(skipped), first=first, more=len(skipped) - 1))


def report_overlays(result: ScanResult) -> None:
    """Say in a notification how many files have overlays."""
    text = overlays_text(result)
    if text:
        show_warning(text)
