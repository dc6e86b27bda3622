"""The sample study as napari's sample data."""

from __future__ import annotations

from fluoro_annotator import settings
from fluoro_annotator.dicom import scan
from napari_fluoro_annotator.opening import calling_viewer
from napari_fluoro_annotator.reader import LayerData, layers_of


def lumbar_phantom() -> list[LayerData]:
    """Return the layers of the lumbar sample study, except those that are open already.

    Raises
    ------
    MissingExtraError
        If the sample study is not installed.

    """
    return layers_of(scan([settings.sample_folder() / "lumbar"]).require(), calling_viewer())
