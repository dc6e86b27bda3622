"""Groups images into series and studies."""

from __future__ import annotations

from collections.abc import Iterable

from fluoro_annotator.dicom.models import Image, Series, Study


def studies_of(images: Iterable[Image]) -> tuple[Study, ...]:
    """Return the studies of images, by date; their series by number, their images by number and time."""
    grouped: dict[str, dict[str, list[Image]]] = {}
    for image in images:
        grouped.setdefault(image.study_uid, {}).setdefault(image.series_uid, []).append(image)
    studies = (_study(uid, by_series) for uid, by_series in grouped.items())
    return tuple(sorted(studies, key=lambda study: (study.date or "", study.uid)))


def _study(uid: str, by_series: dict[str, list[Image]]) -> Study:
    series = sorted((_series(key, images) for key, images in by_series.items()), key=_series_order)
    first = series[0].images[0]
    return Study(uid=uid, series=tuple(series), date=first.study_date, description=first.study_description)


def _series(uid: str, images: list[Image]) -> Series:
    ordered = tuple(sorted(images, key=_image_order))
    first = ordered[0]
    return Series(
        uid=uid,
        number=first.series_number,
        modality=first.modality,
        description=first.series_description,
        images=ordered,
    )


def _series_order(series: Series) -> tuple[bool, int, str]:
    return series.number is None, series.number or 0, series.uid


def _image_order(image: Image) -> tuple[bool, int, str, str, str]:
    date, time = image.acquisition
    number = image.instance_number
    return number is None, number or 0, date or "", time or "", image.sop_instance_uid
