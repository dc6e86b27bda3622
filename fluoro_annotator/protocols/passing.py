"""When practice under a protocol counts as passed: numbers that a site sets, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fluoro_annotator.errors import ProtocolError
from fluoro_annotator.protocols.fields import check_number
from fluoro_annotator.protocols.values import Backing
from fluoro_annotator.protocols.words import Basis

MOST_ANSWERS: Final = 10_000
"""No rule looks at more answers than this, or allows more critical faults."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassCriteria:
    """A rule for passing; a proposal of a site, never a finding about a person.

    Parameters
    ----------
    last : int
        How many answers that count are looked at, the latest.
    on_target : float
        Least share of them that is correct.
    critical_allowed : int
        How many critical faults among them are still accepted.
    p0, p1 : float
        Acceptable and unacceptable rate of failure of the control chart, which has to reach its lower boundary.
    alpha, beta : float
        Its risks of calling an acceptable rate unacceptable, and the reverse.
    validated : bool
        Whether the rule has been shown to tell who can do it from who cannot. None that comes with the package has.
    backing : Backing
        What the numbers rest on.

    Raises
    ------
    ProtocolError
        If a number cannot be used, the rates of the chart do not go together, or the rule is called validated
        without a publication.

    """

    last: int
    on_target: float
    critical_allowed: int
    p0: float
    p1: float
    alpha: float
    beta: float
    validated: bool
    backing: Backing

    def __post_init__(self) -> None:
        subject = "pass rule"
        for name, least in (("last", 1), ("critical_allowed", 0)):
            number = getattr(self, name)
            if not isinstance(number, int):
                raise ProtocolError(subject, f"{name} is {number!r:.60}", "Use a whole number.")
            check_number(subject, least, MOST_ANSWERS, **{name: number})
        check_number(subject, 0, 1, on_target=self.on_target, p0=self.p0, p1=self.p1)
        check_number(subject, 0, 1, alpha=self.alpha, beta=self.beta)
        if self.on_target == 0:
            raise ProtocolError(subject, "nothing has to be correct", "Choose a share above 0.")
        if not 0 < self.p0 < self.p1 < 1:
            raise ProtocolError(
                subject,
                f"the chart has the acceptable rate {self.p0:g} and the unacceptable rate {self.p1:g}",
                "Choose 0 < p0 < p1 < 1.",
            )
        if not (self.alpha > 0 and self.beta > 0 and self.alpha + self.beta < 1):
            raise ProtocolError(
                subject, f"the chart has the risks {self.alpha:g} and {self.beta:g}", "Choose 0.1 for both."
            )
        if self.validated and self.backing.basis is not Basis.PUBLISHED:
            raise ProtocolError(
                subject, "it is called validated without a publication", "Name it, or leave validated out."
            )

    @property
    def standing(self) -> str:
        """What a reader has to know of it, for example "engineering default, not validated"."""
        return f"{_BASES[self.backing.basis]}, {'validated' if self.validated else 'not validated'}"


_BASES: Final = {
    Basis.PUBLISHED: "published",
    Basis.TAUGHT: "taught",
    Basis.ENGINEERING: "engineering default",
}
