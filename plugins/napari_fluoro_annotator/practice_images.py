"""Where the images of exercises are: folders that are remembered, looked through in the background; no Qt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from fluoro_annotator import settings
from fluoro_annotator.dicom import Image, ScanResult
from fluoro_annotator.errors import DicomError, FluoroAnnotatorError, MissingExtraError, SettingsError
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.scan_job import Job, scan_job
from napari_fluoro_annotator.shown_frames import ShownFrames


class PracticeImages:
    """Finds the image of an exercise, and reads it ahead.

    Parameters
    ----------
    folders : sequence of pathlib.Path, optional
        Where to look, beside the sample studies; those that are remembered by default.
    samples : bool
        Whether to look at the sample studies.

    """

    def __init__(self, folders: Sequence[Path] | None = None, *, samples: bool = True) -> None:
        self._remember = folders is None
        self.problem = ""
        self._folders = list(self._remembered() if folders is None else folders)
        self._samples = _sample_folder() if samples else None
        self._images: dict[str, Image] = {}
        self._job: Job[ScanResult] | None = None
        self._ahead: tuple[str, ShownFrames, Job[None]] | None = None
        self.look()

    # ------------------------------------------------------------------ folders

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that somebody has added."""
        return tuple(self._folders)

    @property
    def with_samples(self) -> bool:
        """Whether the sample studies are looked at, too."""
        return self._samples is not None

    def add(self, folder: Path) -> None:
        """Look into another folder, too, from now on and in later sittings."""
        if folder not in self._folders:
            self._folders.append(folder)
            self._keep()
        self.look()

    def forget(self) -> None:
        """Look at the sample studies only."""
        self._folders.clear()
        self._keep()
        self._images.clear()
        self.look()

    def _remembered(self) -> list[Path]:
        path = settings.practice_folders_file()
        if not path.exists():
            return []
        try:
            named = json.loads(path.read_text(encoding="utf-8"))["folders"]
            return [Path(str(folder)) for folder in named]
        except (OSError, ValueError, LookupError, TypeError):
            error = SettingsError(
                str(path), texts.PRACTICE_FOLDERS_UNREADABLE, texts.PRACTICE_FOLDERS_ADD_AGAIN
            )
            self.problem = str(error)
            return []

    def _keep(self) -> None:
        """Remember the folders; why that failed stands in `problem`."""
        self.problem = ""
        if not self._remember:
            return
        path = settings.practice_folders_file()
        new = path.with_name(path.name + ".new")
        text = json.dumps({"folders": [str(folder) for folder in self._folders]}, indent=1)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(text + "\n", encoding="utf-8")
            new.replace(path)
        except OSError as error:
            self.problem = str(
                SettingsError(
                    str(path),
                    f"{texts.PRACTICE_FOLDERS_UNWRITABLE} ({error.strerror})",
                    texts.PRACTICE_FOLDERS_REMEDY,
                )
            )

    # ------------------------------------------------------------------ looking

    def look(self) -> None:
        """Begin to look through the folders; what was found before stays."""
        self._end_job()
        # of the samples only the images: beside them lies what would be right
        samples = sorted(self._samples.rglob("*.dcm")) if self._samples else []
        paths = [*samples, *(folder for folder in self._folders if folder.exists())]
        self._job = scan_job(paths) if paths else None

    @property
    def looking(self) -> bool:
        """Whether folders are being looked through."""
        return self._job is not None

    @property
    def progress(self) -> tuple[int, int]:
        """How many files were looked at, and of how many; ``(0, 0)`` while that is not known."""
        return (0, 0) if self._job is None else self._job.progress

    def take_in(self) -> bool:
        """Take in what a search has found, if it is done; return whether it was."""
        job = self._job
        if job is None or not job.finished:
            return False
        self._job = None
        try:
            result = job.result()
        except FluoroAnnotatorError as error:
            self.problem = str(error)
            return True
        for study in result.studies:
            self._images.update((image.sop_instance_uid, image) for image in study.images)
        return True

    @property
    def count(self) -> int:
        """How many images are known."""
        return len(self._images)

    def __contains__(self, sop_instance_uid: object) -> bool:
        return sop_instance_uid in self._images

    def missing(self, uids: Iterable[str]) -> frozenset[str]:
        """Return which images were not found."""
        return frozenset(uids) - self._images.keys()

    # ------------------------------------------------------------------ frames

    def stack(self, sop_instance_uid: str) -> ShownFrames:
        """Return the frames of an image, and of no other one.

        Raises
        ------
        DicomError
            If it was not found.

        """
        if self._ahead is not None and self._ahead[0] == sop_instance_uid:
            stack = self._ahead[1]
            self._ahead = None
            return stack
        image = self._images.get(sop_instance_uid)
        if image is None:
            raise DicomError(
                texts.PRACTICE_IMAGE_WANTED, texts.PRACTICE_NOT_FOUND, texts.PRACTICE_NOT_FOUND_REMEDY
            )
        return ShownFrames([image])

    def read_ahead(self, sop_instance_uid: str, index: int) -> None:
        """Begin to read a frame (0-based) that is likely to be shown next."""
        if sop_instance_uid not in self._images or (self._ahead and self._ahead[0] == sop_instance_uid):
            return
        stack = self.stack(sop_instance_uid)

        def work(*_: object) -> None:
            stack.display_at(index)
            stack.frame(index)

        self._ahead = (sop_instance_uid, stack, Job(work))

    def close(self) -> None:
        """End what is under way; may be called more than once."""
        self._end_job()
        self._ahead = None

    def _end_job(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()


def _sample_folder() -> Path | None:
    """Return the folder of the sample studies, None where they are not installed."""
    try:
        return settings.sample_folder()
    except MissingExtraError:
        return None
