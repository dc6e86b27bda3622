"""Make the lumbar sample study: images, ground truth and checksums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from fluoro_annotator.errors import SimulationError
from fluoro_annotator.simulation.dicom_writer import write_image
from fluoro_annotator.simulation.phantom import Phantom
from fluoro_annotator.simulation.render import Renderer, display_window
from fluoro_annotator.simulation.scene import Scene, bone_bodies, disc_bodies
from fluoro_annotator.simulation.soft_tissue import skin, soft_tissue
from fluoro_annotator.simulation.truth import study_truth
from fluoro_annotator.simulation.views import Size, View, lumbar_views

IMAGE_FOLDER = "lumbar"
TRUTH_NAME = "truth.json"
CHECKSUM_NAME = "SHA256SUMS"

Images = Sequence[tuple[str, View]]


def make_lumbar_study(
    phantom: Phantom,
    folder: Path,
    size: Size | None = None,
    progress: Callable[[str], None] | None = None,
) -> tuple[Path, ...]:
    """Render the lumbar sample study into a folder.

    Parameters
    ----------
    phantom : Phantom
        Bones and landmarks.
    folder : pathlib.Path
        Takes ``lumbar/*.dcm``, ``truth.json`` and ``SHA256SUMS``; created if missing.
    size : Size, optional
        Image sizes; by default those of the published samples.
    progress : callable, optional
        Called with the name of each file when it is written.

    Returns
    -------
    tuple of pathlib.Path
        The files written.

    Raises
    ------
    SimulationError
        If the phantom does not fit the study or the folder cannot be written.

    """
    size = size or Size()
    images = [(file_name(view), view) for view in lumbar_views(phantom, skin(), size)]
    try:
        _write_images(phantom, folder, images, size, progress)
        return _write_companions(phantom, folder, images)
    except OSError as error:
        remedy = "Choose a folder that exists on a disk with free space and that you may write to."
        raise SimulationError(
            str(folder), f"the samples cannot be written here ({error.strerror})", remedy
        ) from error


def _write_images(
    phantom: Phantom,
    folder: Path,
    images: Images,
    size: Size,
    progress: Callable[[str], None] | None,
) -> None:
    (folder / IMAGE_FOLDER).mkdir(parents=True, exist_ok=True)
    scene = Scene(bone_bodies(phantom) + disc_bodies(phantom) + soft_tissue())
    renderer = Renderer(phantom, scene, size.oversampling)
    for name, view in images:
        frames = renderer.frames(view)
        write_image(folder / name, view, frames, display_window(frames))
        if progress:
            progress(name)


def _write_companions(phantom: Phantom, folder: Path, images: Images) -> tuple[Path, ...]:
    truth = json.dumps(study_truth(phantom, images), indent=1) + "\n"
    (folder / TRUTH_NAME).write_text(truth, encoding="utf-8")
    names = [*(name for name, _ in images), TRUTH_NAME]
    (folder / CHECKSUM_NAME).write_text(checksums(folder, names), encoding="utf-8")
    return tuple(folder / name for name in [*names, CHECKSUM_NAME])


def file_name(view: View) -> str:
    """Return the path of a view's image below the study's folder, with forward slashes."""
    return f"{IMAGE_FOLDER}/{view.number:02d}_{view.key}.dcm"


def checksums(folder: Path, names: list[str]) -> str:
    """Return SHA-256 lines of files in the form that ``sha256sum --check`` reads."""
    return "".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
