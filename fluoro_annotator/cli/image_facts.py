"""What ``inspect`` says of one image: as values for JSON, and as lines for a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from fluoro_annotator.dicom import AcquisitionGeometry, FrameClock, Image, Rendering, Shutter
from fluoro_annotator.dicom.refusals import syntax_name
from fluoro_annotator.dicom.syntaxes import SYNTAXES
from fluoro_annotator.dicom.voi import is_inverted
from fluoro_annotator.geometry import Calibration

OVERLAY_ADVICE = "Look at them before you pass the file on: they may carry the patient's name."
NOT_STATED = "not stated"


def encoding_of(image: Image) -> str:
    """Return the short name of the transfer syntax."""
    known = SYNTAXES.get(image.transfer_syntax_uid)
    return known.name if known else syntax_name(image.transfer_syntax_uid)


# ------------------------------------------------------------------ for JSON


def image_facts(image: Image) -> dict[str, Any]:
    """Return all that is known of an image, in values that JSON can hold; the first frame's where frames differ."""
    return {
        "sop_instance_uid": image.sop_instance_uid,
        "sop_class_uid": image.sop_class_uid,
        "path": str(image.path),
        "where": image.where,
        "instance_number": image.instance_number,
        "view": image.view_name,
        "view_rule": image.view.rule,
        "view_caution": image.view.caution,
        "rows": image.rows,
        "columns": image.columns,
        "frames": image.frames,
        "samples": image.samples,
        "bits_allocated": image.bits_allocated,
        "bits_stored": image.bits_stored,
        "signed": image.signed,
        "photometric": image.photometric,
        "transfer_syntax_uid": image.transfer_syntax_uid,
        "transfer_syntax": syntax_name(image.transfer_syntax_uid),
        "frames_per_second": image.clock.rate,
        "clock": _clock(image.clock),
        "primary_angle": image.primary_angle,
        "secondary_angle": image.secondary_angle,
        "patient_position": image.patient_position,
        "patient_orientation": image.patient_orientation,
        "geometry": _geometry(image.geometry),
        "geometry_varies": len(set(image.geometries)) > 1,
        "display": _display(image.rendering),
        "display_varies": len(set(map(id, image.frame_renderings))) > 1,
        "overlays": len(image.overlays),
        "overlay_planes": [
            {"group": f"{overlay.group:04X}", "kind": overlay.kind, "frames": overlay.frames}
            for overlay in image.overlays
        ],
        "calibration": _calibration(image.calibration),
        "calibration_varies": len(set(image.calibrations)) > 1,
    }


def _clock(clock: FrameClock) -> dict[str, Any]:
    return {
        "source": clock.source.value,
        "acquired": clock.acquired,
        "step_ms": clock.step_ms,
        "starts_ms": clock.offsets_ms,
        "contradictions": clock.contradictions,
    }


def _geometry(geometry: AcquisitionGeometry) -> dict[str, Any]:
    stated = {field.name: getattr(geometry, field.name) for field in fields(geometry)}
    return stated | {"magnification": geometry.magnification, "edge_letters": geometry.edge_letters}


def _display(rendering: Rendering) -> dict[str, Any]:
    return {
        "windows": [{"center": window.center, "width": window.width} for window in rendering.windows],
        "function": rendering.function,
        "voi_luts": len(rendering.voi_luts),
        "modality_lut": rendering.modality_lut is not None or rendering.rescale is not None,
        "presentation_lut_shape": rendering.presentation_shape,
        "palette": rendering.palette is not None,
        "padding": rendering.padding,
        "pixel_intensity_relationship": rendering.intensity,
        "shutter": _shapes(rendering.shutter),
        "masks": [
            {"operation": each.operation, "frames": each.mask_frames, "shift": each.shift}
            for each in rendering.subtractions
        ],
        "subtracted_by_default": rendering.subtracted_first,
    }


def _shapes(shutter: Shutter | None) -> list[str]:
    if shutter is None:
        return []
    found = {"rectangle": shutter.rectangle, "circle": shutter.circle, "polygon": shutter.polygon}
    return [name for name, shape in found.items() if shape]


def _calibration(calibration: Calibration) -> dict[str, Any]:
    return {
        "source": calibration.source.value,
        "description": calibration.description,
        "usable": calibration.usable,
        "row_mm_per_px": calibration.row_mm,
        "column_mm_per_px": calibration.column_mm,
        "relative_error": calibration.relative_error,
        "relative_error_is_default": calibration.error_is_default,
        "row_interval_mm": calibration.row_interval_mm,
        "column_interval_mm": calibration.column_interval_mm,
        "plane": calibration.plane,
        "reason": calibration.reason,
        "note": calibration.note,
    }


# ------------------------------------------------------------------ for a person


def image_lines(image: Image) -> list[tuple[str, str]]:
    """Return name and value of all that is known of an image; what is absent and says nothing is left out."""
    lines = ((name, shown(image)) for name, shown in LINES.items())
    return [(name, text) for name, text in lines if text]


def _pixels(image: Image) -> str:
    sign = "signed" if image.signed else "unsigned"
    bits = f"{image.bits_stored} of {image.bits_allocated} bits, {sign}"
    return f"{image.rows} x {image.columns}, {bits}, {image.photometric}"


def _times(image: Image) -> str:
    if image.frames == 1:
        return ""
    rate = "" if image.clock.rate is None else f"{image.clock.rate:.4g} frames/s, "
    return f"{rate}{image.clock.description}"


def _windows(image: Image) -> str:
    rendering = image.rendering
    windows = [f"center {window.center:g} width {window.width:g}" for window in rendering.windows]
    function = f" ({rendering.function})" if windows and rendering.function != "LINEAR" else ""
    luts = f"VOI LUT, the first of {len(rendering.voi_luts)}" if rendering.voi_luts else ""
    palette = "colour palette" if rendering.palette else ""
    inverted = "small values are bright" if not image.colored and is_inverted(image) else ""
    varying = "differs between frames" if len(image.frame_renderings) > 1 else ""
    return "; ".join(filter(None, (", ".join(windows) + function, luts, palette, inverted, varying)))


def _masks(image: Image) -> str:
    operations = ", ".join(each.operation for each in image.rendering.subtractions)
    if not operations:
        return ""
    return f"{operations}{', subtracted as the file recommends' if image.rendering.subtracted_first else ''}"


def _angles(image: Image) -> str:
    named = {"primary": image.primary_angle, "secondary": image.secondary_angle}
    parts = [f"{name} {angle:.1f}°" for name, angle in named.items() if angle is not None]
    turning = "changes during the run" if len(set(image.geometries)) > 1 else ""
    return ", ".join(filter(None, (*parts, turning))) or NOT_STATED


def _patient(image: Image) -> str:
    letters = image.geometry.edge_letters
    edges = "" if letters is None else "top {}, right {}, bottom {}, left {}".format(*letters)
    stated = (
        image.patient_position,
        edges,
        image.geometry.laterality and f"side {image.geometry.laterality}",
    )
    return ", ".join(filter(None, stated)) or NOT_STATED


def _flips(image: Image) -> str:
    turned, mirrored = image.geometry.view_rotation, image.geometry.mirrored
    parts = (f"turned by {turned:g}°" if turned else "", "flipped horizontally" if mirrored else "")
    return ", ".join(filter(None, parts))


def _distances(image: Image) -> str:
    geometry = image.geometry
    named = {
        "source to detector": geometry.source_detector_mm,
        "source to patient": geometry.source_patient_mm,
    }
    parts = [f"{name} {value:g} mm" for name, value in named.items() if value is not None]
    if geometry.magnification is not None:
        parts.append(f"magnification {geometry.magnification:.3g}")
    return ", ".join(parts)


def scale_of(calibration: Calibration) -> str:
    """Return mm per pixel with source, or the reason why there is no scale, in a few words."""
    if not calibration.usable:
        return calibration.description
    square = calibration.row_mm == calibration.column_mm
    spacing = f"{calibration.row_mm:.4f}" if square else spacing_of(calibration)
    return f"{spacing} mm, {calibration.description}"


def spacing_of(calibration: Calibration) -> str:
    """Return height and width of a pixel in mm, ``""`` without a scale for the patient."""
    if not calibration.usable:
        return ""
    return f"{calibration.row_mm:.4f} x {calibration.column_mm:.4f}"


def _scale(image: Image) -> str:
    calibration = image.calibration
    if not calibration.usable:
        return f"none: {calibration.reason}"
    varying = "; differs between frames" if len(set(image.calibrations)) > 1 else ""
    return f"{spacing_of(calibration)} mm, from {calibration.description}{varying}"


def _interval(image: Image) -> str:
    calibration = image.calibration
    interval = calibration.row_interval_mm
    if not calibration.usable or interval is None:
        return ""
    origin = " (an engineering default)" if calibration.error_is_default else ""
    return f"{interval[0]:.4f} to {interval[1]:.4f} mm per pixel{origin}"


def _overlays(image: Image) -> str:
    if not image.overlays:
        return ""
    groups = ", ".join(f"{overlay.group:04X}" for overlay in image.overlays)
    return f"{groups}, not shown. {OVERLAY_ADVICE}"


LINES: dict[str, Callable[[Image], str]] = {
    "file": lambda image: image.where,
    "pixels": _pixels,
    "transfer syntax": lambda image: syntax_name(image.transfer_syntax_uid),
    "frames": lambda image: str(image.frames),
    "times": _times,
    "times contradict": lambda image: "; ".join(image.clock.contradictions),
    "window": _windows,
    "shutter": lambda image: ", ".join(_shapes(image.rendering.shutter)),
    "mask": _masks,
    "overlays": _overlays,
    "view": lambda image: image.view_name,
    "view from": lambda image: image.view.rule,
    "view to confirm": lambda image: image.view.caution,
    "angles": _angles,
    "patient": _patient,
    "flips": _flips,
    "distances": _distances,
    "geometry notes": lambda image: "; ".join(image.geometry.notes),
    "scale": _scale,
    "scale valid in": lambda image: image.calibration.plane if image.calibration.usable else "",
    "scale interval": _interval,
    "scale note": lambda image: image.calibration.note if image.calibration.usable else "",
}
"""Names of lines in the block of an image, and what stands in them."""
