"""What the windows of teaching sets ask of the store and of training; no window, no layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fluoro_annotator import settings
from fluoro_annotator.dicom import default_index, scan
from fluoro_annotator.errors import KeyWithheldError, MissingExtraError
from fluoro_annotator.marks import Purpose, Role, StudyRecord, utc_now
from fluoro_annotator.protocols import Protocol, ProtocolLibrary, load_protocols
from fluoro_annotator.store import (
    Assignment,
    ListedReading,
    ListedStudy,
    ReadingStatus,
    SetVersion,
    Store,
    StudyFilter,
)
from fluoro_annotator.store.values import LONGEST_PAGE
from fluoro_annotator.training import (
    DraftExercise,
    ImageFacts,
    ReferenceChange,
    ReferenceFate,
    SetDraft,
    SetFinding,
    SetShelf,
    TeachingSet,
    check,
    draft_from,
    install,
    load_sets,
    offered_exercises,
    problems_of,
    publish,
    read_set_file,
    reference_changes,
    set_file_of,
    taken_anew,
    withdraw,
    write_set_file,
)
from fluoro_annotator.training.publishing import person
from napari_fluoro_annotator import texts

SUBMITTED = StudyFilter(state=ReadingStatus.SUBMITTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOverview:
    """A teaching set of the store, with what is to be known of it.

    Attributes
    ----------
    kept : SetVersion
        The newest version as the store has it, perhaps a withdrawal.
    teaching_set : TeachingSet or None
        What it holds; of a set that is withdrawn the last version before. None if it cannot be read.
    answers : int
        Number of answers given to all versions.
    assignments : tuple of Assignment
        Who is asked to practise it.
    problems : tuple of str
        What is wrong, as sentences for the screen.
    notes : tuple of str
        What is to be known besides.
    looked_at_references : bool
        Whether the reader may know if references have changed: only the author, on a server any attending.

    """

    kept: SetVersion
    teaching_set: TeachingSet | None
    answers: int
    assignments: tuple[Assignment, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()
    looked_at_references: bool = True


@dataclass(frozen=True, slots=True)
class ReferenceStudy:
    """A study with the submitted references of its experts.

    Attributes
    ----------
    listed : ListedStudy
        The study.
    views : tuple of str
        Which views it has, as far as headers say.
    experts : tuple of ListedReading
        The references.

    """

    listed: ListedStudy
    views: tuple[str, ...]
    experts: tuple[ListedReading, ...]


@dataclass(frozen=True, slots=True)
class NextDraft:
    """What the next version of a set begins with.

    Attributes
    ----------
    draft : SetDraft
        Its exercises.
    changed : int
        How many exercises are scored by other references than in the published version.
    other_protocol : str
        What is to be said if another protocol was taken.

    """

    draft: SetDraft
    changed: int
    other_protocol: str = ""

    def said_of_it(self) -> str:
        """Return what is not as it was published."""
        changed = texts.SET_RENEWED.format(count=self.changed) if self.changed else ""
        return " ".join(filter(None, (changed, self.other_protocol)))


class SetWork:
    """The teaching sets of a store, in the name of one attending.

    Everything here may take long, and may be called on any thread.

    Parameters
    ----------
    store : callable
        Returns the store.
    reader : callable
        Returns who works on the sets.
    library : callable
        Returns the protocols.

    """

    def __init__(
        self,
        store: Callable[[], Store],
        reader: Callable[[], str],
        *,
        library: Callable[[], ProtocolLibrary] = load_protocols,
    ) -> None:
        self._store, self._reader, self._library = store, reader, library

    @property
    def library(self) -> ProtocolLibrary:
        """The protocols that are installed."""
        return self._library()

    def overviews(self) -> tuple[SetOverview, ...]:
        """Return every set of the store, the one published last coming first."""
        store = self._store()
        shelf, library = load_sets(store.practice), self._library()
        answers = Counter(kept.answer.set_id for kept in store.practice.answers())
        assignments = store.practice.assignments()
        wanted = {study for taught in shelf.current for study in taught.studies}
        at_hand = _at_hand(store, wanted)
        found = []
        for set_id, newest in shelf.newest.items():
            taught = _last_readable(shelf, newest)
            in_use = None if newest.withdrawn else taught
            changes = () if in_use is None else self._reference_changes(store, in_use)
            said = () if in_use is None else problems_of(in_use, protocols=library, studies=at_hand)
            found.append(
                SetOverview(
                    kept=newest,
                    teaching_set=taught,
                    answers=answers[set_id],
                    assignments=tuple(one for one in assignments if one.set_id == set_id),
                    problems=(*_refusals(shelf, newest), *said, *_sentences(changes, gone=False)),
                    notes=_sentences(changes, gone=True),
                    looked_at_references=changes is not None,
                )
            )
        return tuple(sorted(found, key=lambda one: one.kept.published_at, reverse=True))

    def _reference_changes(self, store: Store, taught: TeachingSet) -> tuple[ReferenceChange, ...] | None:
        """Return which references are not what they were; None for those who may not look into the keys."""
        try:
            return reference_changes(taught, store, reader=self._reader())
        except KeyWithheldError:
            return None

    def hindrance(self) -> str:
        """Return why whoever works here may not teach; empty if a server does not say so."""
        identity = self._store().identity()
        if identity is None or identity.role is Role.ATTENDING:
            return ""
        if identity.role is Role.TRAINEE:
            return texts.SETS_OF_ATTENDINGS.format(login=identity.reader)
        return texts.SETS_NOT_OF_THIS_ROLE.format(login=identity.reader)

    def trainees(self) -> tuple[str, ...]:
        """Return the names of those who have answered or were asked to, sorted."""
        practice = self._store().practice
        answered = {kept.answer.trainee for kept in practice.answers()}
        return tuple(sorted(answered | {one.trainee for one in practice.all_assignments()}))

    def withdraw(self, set_id: str) -> SetVersion:
        """Withdraw a set."""
        return withdraw(self._store(), set_id, by=self._reader())

    def assign(self, set_id: str, trainee: str, due: date | None) -> None:
        """Ask a trainee to practise a set."""
        self._assign(set_id, trainee, due, withdrawn=False)

    def unassign(self, set_id: str, trainee: str) -> None:
        """Ask a trainee no longer to practise a set."""
        self._assign(set_id, trainee, None, withdrawn=True)

    def _assign(self, set_id: str, trainee: str, due: date | None, *, withdrawn: bool) -> None:
        store = self._store()
        store.practice.assign(
            Assignment(
                set_id=set_id,
                trainee=trainee,
                assigned_by=person(store, self._reader()),
                assigned_at=utc_now(),
                due=due,
                withdrawn=withdrawn,
            )
        )

    def export(self, set_id: str, path: str) -> TeachingSet:
        """Write the newest version of a set with its keys to a file, which may replace another one."""
        store = self._store()
        teaching_set = load_sets(store.practice).get(set_id)
        write_set_file(set_file_of(store, teaching_set, reader=self._reader()), Path(path), overwrite=True)
        return teaching_set

    def install(self, path: str) -> SetVersion:
        """Put the set of a file into the store."""
        return install(read_set_file(path), self._store(), by=self._reader())

    # ------------------------------------------------------------------ editing

    def references(self) -> tuple[ReferenceStudy, ...]:
        """Return the studies that have a submitted reference, in the order in which they were first opened."""
        store = self._store()
        return tuple(
            ReferenceStudy(study, _views(store.study(study.uid)), experts)
            for study in _all_studies(store)
            if (experts := tuple(reading for reading in study.readings if is_reference(reading)))
        )

    def offers(
        self, chosen: Mapping[str, Sequence[str]], protocol: Protocol, images: Mapping[str, ImageFacts]
    ) -> tuple[DraftExercise, ...]:
        """Return the exercises that the chosen experts' references of studies give.

        Parameters
        ----------
        chosen : mapping of str to sequence of str
            The experts of each study, by Study Instance UID.
        protocol : Protocol
            The protocol of the set.
        images : mapping of str to ImageFacts
            What is known of the images that are open, by SOP Instance UID.

        """
        store = self._store()
        return tuple(
            exercise
            for study, readers in chosen.items()
            for exercise in offered_exercises(store, study, protocol, images=images, readers=readers)
        )

    def next_draft(self, set_id: str, images: Mapping[str, ImageFacts]) -> NextDraft:
        """Return what the next version of a set begins with: its exercises, with the references as they are now."""
        store, library = self._store(), self._library()
        before = draft_from(store, set_id, library, reader=self._reader())
        after, changed = self.renewed(before, images)
        return NextDraft(after, changed, _other_protocol(store, before))

    def renewed(self, draft: SetDraft, images: Mapping[str, ImageFacts]) -> tuple[SetDraft, int]:
        """Return a draft with the references as they are now, and how many exercises are scored by others then."""
        after = taken_anew(draft, self._store(), images=images)
        pairs = zip(draft.exercises, after.exercises, strict=True)
        return after, sum(old.key.references != new.key.references for old, new in pairs)

    def check(self, draft: SetDraft) -> tuple[SetFinding, ...]:
        """Return what stands against publishing a draft, and what is to be known of it."""
        return check(draft, self._store(), self._library())

    def publish(self, draft: SetDraft) -> TeachingSet:
        """Publish a draft as the next version of its set."""
        return publish(draft, self._store(), self._reader(), self._library())


def is_reference(listed: ListedReading) -> bool:
    """Return whether a reading is a reference that is submitted."""
    return listed.head.submitted and listed.reading.purpose is Purpose.REFERENCE


def _other_protocol(store: Store, draft: SetDraft) -> str:
    """Return what is to be said if the protocol of the published version is not installed as it was."""
    published = (one for one in load_sets(store.practice).sets if one.set_id == draft.set_id)
    newest = max(published, key=lambda one: one.version)
    if newest.protocol_hash == draft.protocol.content_hash:
        return ""
    name = f"{newest.protocol_id} {newest.protocol_version}"
    return texts.SET_OTHER_PROTOCOL.format(protocol=name)


def _at_hand(store: Store, wanted: Collection[str]) -> frozenset[str]:
    """Return the studies whose images have been opened from this store, and those that come with the package."""
    known = frozenset(store.studies())
    if known.issuperset(wanted):
        return known
    try:
        samples = scan([settings.sample_folder()], index=default_index()).studies
    except MissingExtraError:
        return known
    return known | {study.uid for study in samples}


def _all_studies(store: Store) -> Iterator[ListedStudy]:
    offset, total = 0, 1
    while offset < total:
        page = store.index(SUBMITTED, limit=LONGEST_PAGE, offset=offset)
        yield from page.studies
        offset, total = offset + LONGEST_PAGE, page.total


def _views(study: StudyRecord) -> tuple[str, ...]:
    """Return what headers say of the views of a study; a number for those of which nothing is said."""
    named = tuple(dict.fromkeys(image.view.partition(",")[0] for image in study.images if image.view))
    unnamed = sum(not image.view for image in study.images)
    return (*named, texts.plural(unnamed, texts.SET_IMAGE, texts.SET_IMAGES)) if unnamed else named


def _last_readable(shelf: SetShelf, newest: SetVersion) -> TeachingSet | None:
    """Return the newest version, or of a set that is withdrawn the one before; None if it cannot be read."""
    if not newest.withdrawn:
        return next((one for one in shelf.current if one.set_id == newest.set_id), None)
    before = [one for one in shelf.sets if one.set_id == newest.set_id]
    return max(before, key=lambda one: one.version, default=None)


def _sentences(changes: Sequence[ReferenceChange] | None, *, gone: bool) -> tuple[str, ...]:
    """Return what has become of references; those that are gone were never here if the set was installed."""
    said = (one.sentence for one in changes or () if (one.fate is ReferenceFate.GONE) is gone)
    return tuple(dict.fromkeys(said))  # several readings of one expert, one sentence


def _refusals(shelf: SetShelf, newest: SetVersion) -> tuple[str, ...]:
    return tuple(str(refused.error) for refused in shelf.refused if refused.kept == newest)
