"""Simulated fluoroscopy: C-arm images of closed meshes with exact ground truth.

The images are for software, demonstration and practice. They are rendered, no patient was
imaged, and the ground truth is geometry and not a physician's reading.
"""

# ruff: noqa: E402  # the optional packages are checked before anything that needs them is imported

from __future__ import annotations

from fluoro_annotator.simulation.requirements import require_packages

require_packages()

from fluoro_annotator.simulation.phantom import Phantom, load_phantom
from fluoro_annotator.simulation.practice import make_practice_studies, practice_images
from fluoro_annotator.simulation.projector import path_lengths
from fluoro_annotator.simulation.scene import Scene
from fluoro_annotator.simulation.study import make_lumbar_study
from fluoro_annotator.simulation.views import Size

__all__ = [
    "Phantom",
    "Scene",
    "Size",
    "load_phantom",
    "make_lumbar_study",
    "make_practice_studies",
    "path_lengths",
    "practice_images",
]
