"""What the viewer does with overlays and masks: it tells of the former and subtracts no mask."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fluoro_annotator.dicom import (
    FrameStack,
    Image,
    MaskSubtraction,
    Overlay,
    Rendering,
    ScanResult,
    Series,
    Study,
)
from napari_fluoro_annotator import reader, texts
from napari_fluoro_annotator.shown_frames import ShownFrames

PLAIN = Image(
    sop_instance_uid="1.2.3.4",
    sop_class_uid="1.2.840.10008.5.1.4.1.1.12.1",
    study_uid="1.2.3",
    series_uid="1.2.3.1",
    path=Path("image"),
    rows=8,
    columns=6,
    transfer_syntax_uid="1.2.840.10008.1.2.1",
    photometric="MONOCHROME2",
    bits_allocated=16,
    bits_stored=12,
    high_bit=11,
)
COVERED = replace(PLAIN, overlays=(Overlay(group=0x6000, rows=8, columns=6),))


@pytest.mark.parametrize(
    ("images", "notices"),
    [
        ((PLAIN,), []),
        ((PLAIN, COVERED), [texts.OVERLAYS_ONE]),
        ((COVERED, COVERED), [texts.OVERLAYS_MANY.format(count=2)]),
    ],
)
def test_files_with_overlays_are_counted(monkeypatch, images, notices):
    series = Series(uid="1.2.3.1", number=1, modality="XA", description="", images=images)
    study = Study(uid="1.2.3", series=(series,), date=None, description="")
    told = []
    monkeypatch.setattr(reader, "show_warning", told.append)
    reader.report_overlays(ScanResult((study,), ()))
    assert told == notices


def test_no_mask_is_subtracted_even_where_the_file_recommends_it():
    masks = (MaskSubtraction(operation="AVG_SUB", mask_frames=(1,)),)
    image = replace(PLAIN, frames=3, rendering=Rendering(subtractions=masks, subtracted_first=True))
    assert FrameStack([image]).dtype == np.float32
    assert ShownFrames([image]).dtype == np.uint16
