from __future__ import annotations

import doctest
import json
import subprocess
import sys

import fluoro_annotator.anatomy

SCRIPT = """
import json, sys
import fluoro_annotator.anatomy as anatomy
anatomy.load_anatomy()
print(json.dumps(sorted(name.partition(".")[0] for name in sys.modules)))
"""


def test_the_room_needs_neither_arrays_nor_dicom_nor_a_window():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert "fluoro_annotator" in loaded
    assert not loaded & {"numpy", "pydicom", "napari", "qtpy", "PySide6", "sqlalchemy"}


def test_the_examples_run():
    assert doctest.testmod(fluoro_annotator.anatomy) == (0, 4)
