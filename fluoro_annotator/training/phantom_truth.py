"""Ground truth of the phantom's images as marks of a reference: the one expert is geometry, and is called so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

import pydicom

from fluoro_annotator.anatomy import Side, Site, load_anatomy
from fluoro_annotator.dicom.calibration import read_calibration
from fluoro_annotator.errors import TrainingFormatError
from fluoro_annotator.geometry import Calibration, CalibrationSource, Point, Ruler
from fluoro_annotator.marks import (
    Adequacy,
    Correction,
    FrameRef,
    Landmark,
    LevelLabel,
    Record,
    Target,
    TargetZone,
    ViewJudgement,
    ZoneForm,
)
from fluoro_annotator.training.keys import Outline, ReferenceReading
from fluoro_annotator.training.material import ImageFacts, Marking
from fluoro_annotator.training.references import Asked

EXPERT: Final = "Phantom geometry"
TRUTH_FORMAT, TRUTH_VERSION = "fluoro_annotator.truth", 2
VIEWS: Final = {"AP": "AP_TRUE", "oblique": "IPSI_OBLIQUE", "lateral": "LATERAL_TRUE"}
RULE_MM: Final = 30.0
RULE_ERROR: Final = 0.10
"""The wire lies on the skin, some 70 mm nearer to the detector than the targets: about 9 % too long."""

ZONE_MM: Final = 3.0
"""Radius of the zone on an image without a scale: that of the protocol's band, known from the geometry of the phantom."""


@dataclass(frozen=True, slots=True)
class TrueImage:
    """One image with its truth.

    Parameters
    ----------
    uid : str
        SOP Instance UID.
    facts : mapping
        Its entry in the file of truths.
    calibration : Calibration
        Scale of the header, or of the wire on the skin.
    orientation : tuple of (str, str)
        Patient Orientation.

    """

    uid: str
    facts: Mapping[str, Any]
    calibration: Calibration
    orientation: tuple[str, str]

    @property
    def frame(self) -> FrameRef:
        """Its only frame."""
        return FrameRef(self.uid, 1)

    @property
    def family(self) -> str:
        """AP, oblique or lateral."""
        return str(self.facts["family"])

    @property
    def turned_to(self) -> Side | None:
        """Towards which side an oblique is turned."""
        if self.family != "oblique":
            return None
        return Side.LEFT if self.facts["seen"][self.facts["aimed_at"]]["turn_deg"] > 0 else Side.RIGHT

    def image(self) -> ImageFacts:
        """Return what a score may know of the image."""
        return ImageFacts(
            view=VIEWS[self.family],
            ruler=Ruler(self.calibration),
            orientation=self.orientation,
            turned_to=self.turned_to,
        )

    def sites(self) -> Iterator[tuple[Site, Point]]:
        """Yield every target in the field and where it is."""
        for target in self.facts["targets"]:
            if target["in_field"]:
                yield load_anatomy().site(target["nerve"], Side(target["side"])), point_of(target)

    def records(self) -> tuple[Record, ...]:
        """Everything that the geometry says of the image, as marks."""
        return (*self._targets(), *self._landmarks(), *self._levels(), *self._judgements())

    def reference(self, asked: Asked, whole: Marking) -> ReferenceReading:
        """Return what one exercise is scored by.

        Parameters
        ----------
        asked : Asked
            What is asked for.
        whole : Marking
            Everything that is known of the study.

        """
        taken = tuple(record for record in whole.records if asked.takes(record))
        return ReferenceReading(
            reading_id=stable_id(EXPERT, self.facts["study_instance_uid"]),
            marking=Marking(EXPERT, taken),
            reading_fingerprint=whole.fingerprint,
        )

    def outlines(self, vertebrae: tuple[str, ...]) -> tuple[Outline, ...]:
        """Return the outlines of some vertebrae, those that are in the image."""
        found = self.facts["outlines"]
        return tuple(
            Outline(name, tuple(Point(*corner) for corner in found[name]))
            for name in vertebrae
            if name in found
        )

    def _targets(self) -> Iterator[Record]:
        for site, place in self.sites():
            name = stable_id("target", self.uid, site.nerve, site.side.value)
            yield Target(frame=self.frame, mark_id=name, site=site, position=place)
            if not self.calibration.usable:
                yield self._zone(site, place)

    def _zone(self, site: Site, place: Point) -> Record:
        pose = self.facts["pose"]
        radius = (
            ZONE_MM * pose["source_to_detector_mm"] / pose["source_to_isocentre_mm"] / pose["pixel_pitch_mm"]
        )
        ends = tuple(
            Point(place.row + rows * radius, place.column + columns * radius)
            for rows, columns in ((-1, 0), (1, 0), (0, -1), (0, 1))
        )
        name = stable_id("zone", self.uid, site.nerve, site.side.value)
        return TargetZone(frame=self.frame, mark_id=name, site=site, form=ZoneForm.ELLIPSE, vertices=ends)

    def _landmarks(self) -> Iterator[Record]:
        for one in self.facts["landmarks"]:
            side = None if one["side"] is None else Side(one["side"])
            yield Landmark(
                frame=self.frame,
                mark_id=stable_id("landmark", self.uid, one["name"], one["vertebra"], str(one["side"])),
                name=one["name"],
                vertebra=one["vertebra"],
                side=side,
                position=point_of(one),
            )

    def _levels(self) -> Iterator[Record]:
        for one in self.facts["vertebrae"]:
            if one["in_field"]:
                name = stable_id("level", self.uid, one["vertebra"])
                yield LevelLabel(
                    frame=self.frame, mark_id=name, vertebra=one["vertebra"], position=point_of(one)
                )

    def _judgements(self) -> Iterator[Record]:
        seen = self.facts["seen"][self.facts["aimed_at"]]
        if "true" in seen:
            yield ViewJudgement(
                frame=self.frame,
                mark_id=stable_id("view", self.uid),
                view=VIEWS[self.family],
                adequate=Adequacy.YES if seen["true"] else Adequacy.NO,
                corrections=tuple(Correction(one) for one in seen["corrections"]),
            )


def true_images(folder: Path) -> tuple[TrueImage, ...]:
    """Read the truth of the studies for practice, and what the headers say of scale and orientation.

    Parameters
    ----------
    folder : pathlib.Path
        Holds the images and ``truth.json``.

    Raises
    ------
    TrainingFormatError
        If the file of truths is missing or of another format.

    """
    path = folder / "truth.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingFormatError(path.name, "cannot be read", "Render the samples again.") from error
    if (content.get("format"), content.get("version")) != (TRUTH_FORMAT, TRUTH_VERSION):
        raise TrainingFormatError(path.name, "is of another format", "Render the samples again.")
    return tuple(_read(folder, uid, facts) for uid, facts in content["images"].items())


def _read(folder: Path, uid: str, facts: Mapping[str, Any]) -> TrueImage:
    header = pydicom.dcmread(folder / facts["file"], stop_before_pixels=True)
    right, down = header.PatientOrientation
    scale = _scale_of_wire(facts) if facts["rule"] else read_calibration(header)
    return TrueImage(uid, facts, scale, (str(right), str(down)))


def _scale_of_wire(facts: Mapping[str, Any]) -> Calibration:
    first, second = (point_of(end) for end in facts["rule"])
    scale = RULE_MM / first.distance(second)
    note = "lead wire of 30 mm on the skin of the back; targets lie deeper"
    return Calibration(CalibrationSource.KNOWN_LENGTH, scale, scale, RULE_ERROR, note)


def point_of(place: Mapping[str, Any]) -> Point:
    """Return where something of the truth is in the image."""
    return Point(place["row"], place["column"])


def stable_id(*names: str) -> str:
    """Return the identifier that belongs to names: always the same."""
    return str(uuid5(NAMESPACE_OID, "/".join(["fluoro_annotator phantom", *names])))
