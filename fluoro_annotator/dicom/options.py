"""What a viewer may choose about the display of frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fluoro_annotator.dicom.rendering import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayOptions:
    """How frames are to be shown; the default is what the file prescribes.

    Attributes
    ----------
    window : int, Window or None
        One of the file's windows by its 0-based place in `Rendering.windows`, or a window of one's own.
    voi_lut : int or None
        One of the file's VOI look-up tables by its 0-based place. With neither, the file's first
        table is used, or else its first window.
    overlays : bool
        Whether overlay planes are drawn in white. They may show a patient's name.
    shutter : bool
        Whether what the display shutter covers is hidden.
    subtraction : bool or None
        Whether masks are subtracted; None as the file recommends.

    Raises
    ------
    ValueError
        If a window and a table are chosen at once, or a place is negative.

    """

    window: int | Window | None = None
    voi_lut: int | None = None
    overlays: bool = False
    shutter: bool = True
    subtraction: bool | None = None

    def __post_init__(self) -> None:
        if self.window is not None and self.voi_lut is not None:
            raise ValueError("a window and a VOI LUT cannot be used at once")
        if any(isinstance(place, int) and place < 0 for place in (self.window, self.voi_lut)):
            raise ValueError("places of windows and tables begin at 0")


AS_PRESCRIBED: Final = DisplayOptions()
"""What the file prescribes."""
