"""What a scan finds: studies, their series, and images described by their headers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from fluoro_annotator.dicom.acquisition import UNKNOWN_GEOMETRY, AcquisitionGeometry
from fluoro_annotator.dicom.clock import MS_PER_SECOND, FrameClock
from fluoro_annotator.dicom.functional_groups import at_frame
from fluoro_annotator.dicom.overlays import Overlay
from fluoro_annotator.dicom.rendering import Rendering
from fluoro_annotator.dicom.view_names import UNNAMED, ViewName
from fluoro_annotator.geometry import UNCALIBRATED, Calibration

PALETTE: Final = "PALETTE COLOR"
"""Photometric Interpretation of stored values that are places in a table of colours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One SOP instance with one or more frames, described by its header alone.

    Attributes
    ----------
    sop_instance_uid, sop_class_uid, study_uid, series_uid : str
        Identity. Marks belong to ``sop_instance_uid`` and a frame number, never to ``path``.
    path : pathlib.Path
        Where the file was when it was scanned.
    modality : str
        XA, RF, DX, CR, OT ...; ``""`` if not stated.
    series_number, instance_number : int or None
        Numbers within study and series.
    series_description : str
        As stated by the header, ``""`` if not.
    rows, columns, frames : int
        Size of a frame in pixels and the number of frames.
    samples : int
        1 (monochrome) or 3 (colour).
    bits_allocated, bits_stored, high_bit : int
        Size of a pixel in the file, and the bits of it that carry the value.
    signed : bool
        Whether stored values are two's complement.
    planar : bool
        Whether colour planes follow each other (native data only).
    photometric : str
        Photometric Interpretation.
    transfer_syntax_uid : str
        How the pixel data are encoded.
    view_label : str
        The view as a code or View Position of the header names it, ``""`` if neither does.
    view : ViewName
        Name of the view with the rule that produced it; see `view_names.name_view`.
    clock : FrameClock
        When the frames were taken, and which attribute says so.
    geometries : tuple of AcquisitionGeometry
        How C-arm, table and patient stood: one for all frames, or one for each.
    calibrations : tuple of Calibration
        Scale with its source: one for all frames, or one for each.
    acquisition : tuple of (str or None, str or None)
        Date (``YYYYMMDD``) and time (``HHMMSS.ffffff``) of acquisition or content.
    study_date : str or None
        ``YYYYMMDD``.
    study_description : str
        For display only.
    rendering : Rendering
        What the display pipeline needs.
    frame_renderings : tuple of Rendering
        The same for each frame, where frames differ; otherwise empty.
    overlays : tuple of Overlay
        Overlay planes that the file describes. They are not shown unless somebody asks for it.
    origin : str
        The archive and the name in it, if ``path`` is that of an unpacked copy.

    """

    sop_instance_uid: str
    sop_class_uid: str
    study_uid: str
    series_uid: str
    path: Path
    rows: int
    columns: int
    transfer_syntax_uid: str
    photometric: str
    bits_allocated: int
    bits_stored: int
    high_bit: int
    modality: str = ""
    series_number: int | None = None
    instance_number: int | None = None
    series_description: str = ""
    frames: int = 1
    samples: int = 1
    signed: bool = False
    planar: bool = False
    view_label: str = ""
    view: ViewName = UNNAMED
    clock: FrameClock = field(default_factory=FrameClock)
    geometries: tuple[AcquisitionGeometry, ...] = (UNKNOWN_GEOMETRY,)
    calibrations: tuple[Calibration, ...] = (UNCALIBRATED,)
    acquisition: tuple[str | None, str | None] = (None, None)
    study_date: str | None = None
    study_description: str = ""
    rendering: Rendering = field(default_factory=Rendering)
    frame_renderings: tuple[Rendering, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    origin: str = ""

    @property
    def where(self) -> str:
        """Where a person finds the file: its path, or an archive and the name in it."""
        return self.origin or str(self.path)

    @property
    def view_name(self) -> str:
        """Name of the view; never a side that only an angle suggests."""
        return self.view.name

    @property
    def geometry(self) -> AcquisitionGeometry:
        """The geometry of the first frame."""
        return self.geometries[0]

    def geometry_at(self, index: int) -> AcquisitionGeometry:
        """Return the geometry of a frame (0-based index)."""
        return at_frame(self.geometries, index, self.frames)

    @property
    def patient_position(self) -> str:
        """HFP, HFS, ...; ``""`` if not stated. Often left at the device's default."""
        return self.geometry.patient_position

    @property
    def patient_orientation(self) -> tuple[str, ...] | None:
        """Direction of the rows and of the columns as stated, for example ``("L", "F")``."""
        return self.geometry.patient_orientation

    @property
    def primary_angle(self) -> float | None:
        """Of the first frame, in degrees with the sign of PS3.3 C.8.7.5 (+ LAO)."""
        return self.geometry.primary_angle

    @property
    def secondary_angle(self) -> float | None:
        """Of the first frame, in degrees with the sign of PS3.3 C.8.7.5 (+ cranial)."""
        return self.geometry.secondary_angle

    @property
    def calibration(self) -> Calibration:
        """Scale of the first frame with its source."""
        return self.calibrations[0]

    def calibration_at(self, index: int) -> Calibration:
        """Return the scale of a frame (0-based index)."""
        return at_frame(self.calibrations, index, self.frames)

    @property
    def frame_time_ms(self) -> float | None:
        """Time between frames in ms, the mean where it varies; None where not known."""
        rate = self.clock.rate
        return MS_PER_SECOND / rate if self.clock.step_ms is None and rate else self.clock.step_ms

    @property
    def frame_offsets_ms(self) -> tuple[float, ...] | None:
        """Start of each frame in ms, only where the header gives individual times."""
        return self.clock.offsets_ms

    @property
    def title(self) -> str:
        """Short text for a layer: series number and description, and the view.

        The patient's name is never part of it.
        """
        number = "" if self.series_number is None else str(self.series_number)
        series = " ".join(part for part in (number, self.series_description) if part)
        return ", ".join(part for part in (series, self.view_name) if part) or "image"

    @property
    def frame_shape(self) -> tuple[int, ...]:
        """``(rows, columns)``, or ``(rows, columns, 3)`` for colour."""
        return (self.rows, self.columns) if self.samples == 1 else (self.rows, self.columns, 3)

    @property
    def colored(self) -> bool:
        """Whether frames are shown in colour."""
        return self.samples != 1 or self.photometric == PALETTE

    @property
    def shown_shape(self) -> tuple[int, ...]:
        """`frame_shape` as displayed: ``(rows, columns, 3)`` for a palette, too."""
        return (self.rows, self.columns, 3) if self.colored else self.frame_shape

    @property
    def has_overlays(self) -> bool:
        """Whether the file has overlay planes, which may show more than its header says."""
        return bool(self.overlays)

    def rendering_at(self, index: int) -> Rendering:
        """Return what the display pipeline needs for a frame (0-based index)."""
        return self.frame_renderings[index] if self.frame_renderings else self.rendering

    @property
    def frame_pixels(self) -> int:
        """Number of values of one frame."""
        return self.rows * self.columns * self.samples


@dataclass(frozen=True, kw_only=True)
class Series:
    """The images of one series, in the order of their instance numbers.

    Attributes
    ----------
    uid : str
        Series Instance UID.
    number : int or None
        As stated.
    modality, description : str
        Of the first image.
    images : tuple of Image
        At least one. They may be made only when somebody asks for them.

    """

    uid: str
    number: int | None
    modality: str
    description: str
    images: tuple[Image, ...]

    @classmethod
    def later(
        cls,
        *,
        uid: str,
        number: int | None,
        modality: str,
        description: str,
        count: int,
        make: Callable[[], tuple[Image, ...]],
    ) -> Series:
        """Return a series of `count` images that are made when somebody asks for the first of them."""
        series = object.__new__(cls)
        vars(series).update(
            uid=uid, number=number, modality=modality, description=description, _count=count, _make=make
        )
        return series

    def __getattr__(self, name: str) -> Any:
        make = vars(self).get("_make") if name == "images" else None
        if make is None:
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")
        return vars(self).setdefault("images", make())

    @property
    def image_count(self) -> int:
        """Number of images; does not make them."""
        return int(vars(self)["_count"]) if "_count" in vars(self) else len(self.images)


@dataclass(frozen=True, kw_only=True)
class Study:
    """The series of one study, in the order of their numbers.

    Attributes
    ----------
    uid : str
        Study Instance UID.
    series : tuple of Series
        At least one.
    date : str or None
        ``YYYYMMDD`` as stated.
    description : str
        For display only.

    """

    uid: str
    series: tuple[Series, ...]
    date: str | None
    description: str

    @property
    def image_count(self) -> int:
        """Number of images; does not make them."""
        return sum(series.image_count for series in self.series)

    @cached_property
    def images(self) -> tuple[Image, ...]:
        """All images, series by series."""
        return tuple(image for series in self.series for image in series.images)

    @cached_property
    def _by_uid(self) -> dict[str, Image]:
        return {image.sop_instance_uid: image for image in self.images}

    def image(self, sop_instance_uid: str) -> Image | None:
        """Return the image with this UID, or None if the study does not hold it."""
        return self._by_uid.get(sop_instance_uid)
