"""The error tree: every error says what it concerns, what is wrong and what to do."""

from __future__ import annotations


class FluoroAnnotatorError(Exception):
    """Base of all errors that the package raises on purpose.

    Parameters
    ----------
    subject : str
        The file, mark, store or value the error is about.
    problem : str
        What is wrong, as one clause without a final full stop.
    remedy : str, optional
        What the reader can do next, as one sentence.

    """

    def __init__(self, subject: str, problem: str, remedy: str = "") -> None:
        super().__init__(subject, problem, remedy)
        self.subject = subject
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        text = f"{self.subject}: {self.problem.rstrip('.')}."
        return f"{text} {self.remedy}" if self.remedy else text


class AnatomyError(FluoroAnnotatorError):
    """An anatomical name or combination that does not exist."""


class UnknownNerveError(AnatomyError):
    """A nerve identifier that the anatomy table does not hold."""


class UnknownVertebraError(AnatomyError):
    """A vertebra identifier that the anatomy table does not hold."""


class UnknownJointError(AnatomyError):
    """A joint identifier that the anatomy table does not hold."""


class SideNotAllowedError(AnatomyError):
    """A side that the structure cannot have."""


class WrongVertebraError(AnatomyError):
    """A vertebra on which the nerve is not targeted."""


class WrongJointError(AnatomyError):
    """Joints that the nerve does not supply, or none at all."""


class AnatomyDataError(AnatomyError):
    """The anatomy data file is malformed or contradicts itself."""


class ProtocolError(FluoroAnnotatorError):
    """A protocol, or a file of one, that cannot be used."""


class ProtocolFileError(ProtocolError):
    """A place in a protocol file that is wrong; the subject names file and line."""


class UnknownProtocolError(ProtocolError):
    """A protocol, or a version of one, that is not installed."""


class GeometryError(FluoroAnnotatorError):
    """A geometric value that cannot be used (spacing, angle, distance)."""


class MarkError(FluoroAnnotatorError):
    """A mark that cannot be made, changed or found."""


class MarkOutsideImageError(MarkError):
    """A mark whose position or frame lies outside its image."""


class UnknownImageError(MarkError):
    """A mark on an image that is not part of the study."""


class UnknownMarkError(MarkError):
    """A mark identifier that the reading does not hold."""


class UnknownKindError(MarkError):
    """A record or a change of a kind that this version of the program does not know."""


class ReadingSubmittedError(MarkError):
    """A change to a reading whose reader has said that it is finished."""


class ChainError(MarkError):
    """A stream of revisions whose numbers or hashes do not fit together."""


class DicomError(FluoroAnnotatorError):
    """A DICOM file or study that cannot be used."""


class UnreadableFileError(DicomError):
    """A file that is missing, empty or not permitted to be read."""


class NotDicomError(DicomError):
    """A file that is not DICOM."""


class NotAnXrayImageError(DicomError):
    """A DICOM object that is not a fluoroscopic or radiographic image."""


class DamagedFileError(DicomError):
    """A DICOM file whose content contradicts itself or ends too early."""


class UnsupportedTransferSyntaxError(DicomError):
    """A transfer syntax that cannot be decoded here."""


class DisplayChoiceError(DicomError):
    """A window, table or subtraction that an image does not offer."""


class NothingToOpenError(DicomError):
    """A selection of files that holds no fluoroscopic study."""


class StoreError(FluoroAnnotatorError):
    """A store of readings that cannot do what was asked."""


class StoreUnavailableError(StoreError):
    """A store that cannot be opened, read or written at the moment."""


class StoreDamagedError(StoreUnavailableError):
    """A store, or something in it, that is not as it was written."""


class StoreVersionError(StoreError):
    """A store written by another version of the package."""


class StoreConflictError(StoreError):
    """A reading that was changed by somebody else in the meantime."""


class StorePermissionError(StoreError):
    """A right that the account has not been given on the server."""


class ReadingClosedError(StoreError):
    """A reading that was submitted and takes no more changes."""


class UnknownStudyError(StoreError):
    """A Study Instance UID that the store does not hold."""


class UnknownReadingError(StoreError):
    """A reading identifier that the store does not hold."""


class UnknownExerciseError(StoreError):
    """A teaching set, a version or an exercise that the store does not hold, or a key that was purged."""


class UnknownAnswerError(StoreError):
    """An answer that the store does not hold."""


class KeyWithheldError(StoreError):
    """The key of an exercise that the reader has not answered yet."""


class StatisticsError(FluoroAnnotatorError):
    """Numbers from which a statistic cannot be computed."""


class MixedMeasuresError(StatisticsError):
    """Measures that must not be put together: of different units, or with and without a scale."""


class TrainingError(FluoroAnnotatorError):
    """An exercise, an answer or a reference that cannot be scored."""


class TrainingFormatError(TrainingError):
    """A text of a question, a key, a teaching set or an answer that cannot be read."""


class TeachingSetError(TrainingError):
    """A teaching set that cannot be published, installed or practised as it is."""


class AnswerNotKeptError(TrainingError):
    """An answer that neither the store nor the disk takes; it is not committed."""


class ExchangeError(FluoroAnnotatorError):
    """A file of marks that cannot be written or read."""


class ReportError(FluoroAnnotatorError):
    """A chart or report that cannot be made or written."""


class SimulationError(FluoroAnnotatorError):
    """A phantom or scene that cannot be rendered."""


class SettingsError(FluoroAnnotatorError):
    """A setting with a value that cannot be used."""


class MissingExtraError(FluoroAnnotatorError):
    """A feature whose optional packages are not installed."""
