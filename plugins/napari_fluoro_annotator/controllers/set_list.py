"""The list of teaching sets: what is there, what is wrong with it, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, Protocol

from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.store import Assignment
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.errands import Errands
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.controllers.set_rows import SetListViewProtocol, SetRow
from napari_fluoro_annotator.controllers.watching import TickerProtocol
from napari_fluoro_annotator.set_work import SetOverview, SetWork
from napari_fluoro_annotator.wiring import Wires, Wiring


class EditorProtocol(Protocol):
    """Who edits sets."""

    def begin(self, set_id: str) -> None:
        """Edit the next version of a set, or a new one if the identifier is empty."""


class SetListController:
    """What the list of teaching sets does.

    Parameters
    ----------
    work : SetWork
        The sets of the store.
    view : SetListViewProtocol
        The window.
    ticker : TickerProtocol
        The clock.
    editor : EditorProtocol
        Who edits sets.

    """

    def __init__(
        self, work: SetWork, view: SetListViewProtocol, ticker: TickerProtocol, editor: EditorProtocol
    ) -> None:
        self._work, self._view, self._editor = work, view, editor
        self._errands = Errands(ticker)
        self._found: dict[str, SetOverview] = {}
        self._chosen = ""
        self._after = ""
        self._wiring = Wiring(self._wires())

    def _wires(self) -> Wires:
        view = self._view
        return (
            (view.open_requested, self.open),
            (view.refresh_requested, self.refresh),
            (view.chosen, self._on_chosen),
            (view.new_requested, self._on_new),
            (view.edit_requested, self._on_edit),
            (view.withdraw_requested, self._on_withdraw),
            (view.withdraw_confirmed, self._on_withdraw_confirmed),
            (view.assign_requested, self._on_assign),
            (view.assigned, self._on_assigned),
            (view.unassigned, self._on_unassigned),
            (view.export_requested, self._on_export),
            (view.install_requested, self._on_install),
        )

    def close(self) -> None:
        """Let go of window and store; may be called more than once."""
        self._wiring.close()
        self._errands.close()

    # ------------------------------------------------------------------ what the attending does

    def open(self) -> None:
        """Show the list, with what is in the store now."""
        self._view.set_shown()
        self.refresh()

    def refresh(self, after: str = "") -> None:
        """Look into the store again; then say what was done before."""
        self._after = after
        self._view.set_message(texts.SETS_LOOKING)
        self._send(self._look, self._take)

    def _look(self) -> tuple[tuple[SetOverview, ...], str]:
        """Return what is in the store, and why nothing may be done with it; on another thread."""
        return self._work.overviews(), self._work.hindrance()

    def _on_chosen(self, set_id: str) -> None:
        self._chosen = set_id
        self._tell()

    def _on_new(self) -> None:
        self._editor.begin("")

    def _on_edit(self, set_id: str) -> None:
        if self._overview(set_id) is not None:
            self._editor.begin(set_id)

    def _on_withdraw(self, set_id: str) -> None:
        found = self._overview(set_id)
        if found is not None:
            self._view.set_question(texts.SETS_WITHDRAW_ASKED.format(title=found.kept.title))

    def _on_withdraw_confirmed(self, set_id: str) -> None:
        found = self._overview(set_id)
        if found is not None:
            said = texts.SETS_WITHDREW.format(title=found.kept.title)
            self._send(partial(self._work.withdraw, set_id), partial(self._done, said))

    def _on_assign(self, set_id: str) -> None:
        if self._overview(set_id) is not None:
            self._send(self._work.trainees, self._ask_whom)

    def _ask_whom(self, trainees: Sequence[str]) -> None:
        found = self._overview(self._chosen)
        if found is not None:
            heading = texts.SETS_ASSIGN_HEADING.format(title=found.kept.title)
            self._view.set_message("")
            self._view.set_assigning(heading, trainees, [_assigned(one) for one in found.assignments])

    def _on_assigned(self, set_id: str, trainee: str, due: date | None) -> None:
        found, name = self._overview(set_id), trainee.strip()
        if found is not None and not name:
            self._view.set_message(texts.SETS_NEED_TRAINEE, warning=True)
        elif found is not None:
            said = texts.SETS_ASSIGNED.format(title=found.kept.title, trainee=name)
            self._send(partial(self._work.assign, set_id, name, due), partial(self._done, said))

    def _on_unassigned(self, set_id: str, trainee: str) -> None:
        found = self._overview(set_id)
        if found is not None and not trainee:
            self._view.set_message(texts.SETS_NEED_ASSIGNED, warning=True)
        elif found is not None:
            said = texts.SETS_UNASSIGNED.format(title=found.kept.title, trainee=trainee)
            self._send(partial(self._work.unassign, set_id, trainee), partial(self._done, said))

    def _on_export(self, set_id: str, path: str) -> None:
        if self._overview(set_id) is not None:
            self._send(partial(self._work.export, set_id, path), partial(self._exported, path))

    def _exported(self, path: str, written: Any) -> None:
        said = texts.SETS_EXPORTED.format(title=written.title, version=written.version, path=path)
        self._view.set_message(said)

    def _on_install(self, path: str) -> None:
        self._send(partial(self._work.install, path), self._installed)

    def _installed(self, kept: Any) -> None:
        self.refresh(texts.SETS_INSTALLED.format(title=kept.title, version=kept.version))

    # ------------------------------------------------------------------ errands

    def _send(self, work: Callable[[], Any], take: Callable[[Any], None]) -> None:
        if self._errands.busy:
            self._view.set_message(texts.SETS_BUSY, warning=True)
            return
        self._view.set_busy(True)
        self._errands.send(work, partial(self._taken, take), self._failed)

    def _taken(self, take: Callable[[Any], None], result: Any) -> None:
        self._view.set_busy(False)
        take(result)

    def _failed(self, error: FluoroAnnotatorError) -> None:
        self._view.set_busy(False)
        self._view.set_message(str(error), warning=True)

    def _done(self, said: str, _result: object) -> None:
        self._view.set_details()
        self.refresh(said)

    # ------------------------------------------------------------------ showing

    def _take(self, looked: tuple[Sequence[SetOverview], str]) -> None:
        found, hindrance = looked
        self._view.set_hindrance(hindrance)
        self._found = {one.kept.set_id: one for one in found}
        self._view.set_rows([_row(one) for one in found])
        self._view.set_message(self._after or ("" if found else texts.SETS_NONE))
        self._after = ""
        self._tell()

    def _tell(self) -> None:
        found = self._found.get(self._chosen)
        self._view.set_told(() if found is None else _told(found))

    def _overview(self, set_id: str) -> SetOverview | None:
        """Return the set of an identifier, or say that none is chosen."""
        found = self._found.get(set_id)
        if found is None:
            self._view.set_message(texts.SETS_NEED_ONE, warning=True)
        return found


def _row(found: SetOverview) -> SetRow:
    kept, taught = found.kept, found.teaching_set
    return SetRow(
        kept.set_id,
        (
            kept.title,
            str(kept.version),
            kept.author,
            "" if taught is None else str(len(taught.questions)),
            str(found.answers),
            str(len(found.assignments)),
            texts.SETS_WITHDRAWN if kept.withdrawn else _look_at(found.problems),
        ),
        careful=bool(found.problems),
        withdrawn=kept.withdrawn,
    )


def _look_at(problems: Sequence[str]) -> str:
    return texts.plural(len(problems), texts.SETS_LOOK_ONE, texts.SETS_LOOK) if problems else ""


def _told(found: SetOverview) -> tuple[str, ...]:
    kept, taught = found.kept, found.teaching_set
    lines = [*found.problems, *found.notes]
    if kept.withdrawn:
        lines.append(texts.SETS_WITHDRAWN_LINE)
    elif not lines:
        fine = texts.SETS_FINE if found.looked_at_references else texts.SETS_FINE_BUT
        lines.append(fine.format(author=kept.author))
    lines.append(
        texts.SETS_PUBLISHED.format(
            version=kept.version,
            time=kept.published_at.astimezone().strftime("%Y-%m-%d %H:%M"),
            author=kept.author,
            protocol=texts.SETS_PROTOCOL_UNKNOWN if taught is None else taught.protocol_id,
        )
    )
    lines.append(texts.SETS_IDENTIFIER.format(set_id=kept.set_id))
    if found.assignments:
        names = ", ".join(_assigned(one).text for one in found.assignments)
        lines.append(texts.SETS_ASSIGNED_LINE.format(names=names))
    return tuple(lines)


def _assigned(one: Assignment) -> Choice:
    if one.due is None:
        return Choice(one.trainee, texts.SETS_ASSIGNED_WITHOUT_DUE.format(trainee=one.trainee))
    return Choice(one.trainee, texts.SETS_ASSIGNED_TO.format(trainee=one.trainee, due=one.due.isoformat()))
