"""Mark medial branch targets and needles on fluoroscopic DICOM series.

The package itself imports nothing heavy; import the room you need, for example
``fluoro_annotator.dicom`` or ``fluoro_annotator.marks``.
"""

__version__ = "0.1.0"
