"""The pass rule in protocol files: read, refused with line and reason, and handed to the statistics."""

import pytest

from fluoro_annotator.anatomy import Confidence
from fluoro_annotator.errors import ProtocolError, ProtocolFileError
from fluoro_annotator.protocols import Backing, Basis, PassCriteria, read_protocol

RULE = """\
pass_rule:
  last: 30
  on_target: 0.9
  critical_allowed: 1
  cusum: {p0: 0.1, p1: 0.3, alpha: 0.05, beta: 0.2}
  validated: true
  confidence: low
  sources: [OUR_MEETING]
"""


def test_a_protocol_without_a_rule_has_none(own):
    assert own.pass_rule is None


def test_a_rule_is_read_as_it_is_written(small, write):
    rule = read_protocol(write(small + RULE)).pass_rule
    assert (rule.last, rule.on_target, rule.critical_allowed) == (30, 0.9, 1)
    assert (rule.p0, rule.p1, rule.alpha, rule.beta) == (0.1, 0.3, 0.05, 0.2)
    assert (rule.validated, rule.backing.sources) == (True, ("OUR_MEETING",))
    assert rule.standing == "published, validated"


@pytest.mark.parametrize(
    ("changed", "number"),
    [("last: 30", "last: 31"), ("critical_allowed: 1", "critical_allowed: 0"), ("p1: 0.3", "p1: 0.31")],
)
def test_every_number_of_the_rule_is_part_of_the_content(small, write, changed, number):
    before = read_protocol(write(small + RULE)).content_hash
    assert read_protocol(write(small + RULE.replace(changed, number))).content_hash != before


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("last: 30", "last: 0", "last is 0"),
        ("last: 30", "last: 30.5", "whole number"),
        ("last: 30", "last: true", "true or false"),
        ("on_target: 0.9", "on_target: 80", "on_target is 80"),
        ("on_target: 0.9", "on_target: 0", "nothing has to be correct"),
        ("critical_allowed: 1", "critical_allowed: -1", "critical_allowed is -1"),
        ("critical_allowed: 1", "critical: 1", "critical_allowed is missing"),
        ("p0: 0.1", "p0: 0.3", "acceptable rate 0.3"),
        ("p0: 0.1", "p0: 0", "acceptable rate 0"),
        ("alpha: 0.05", "alpha: 0.9", "risks 0.9 and 0.2"),
        ("alpha: 0.05, ", "", "alpha is missing"),
        ("alpha: 0.05", "gamma: 1, alpha: 0.05", "gamma is not known"),
        ("  sources: [OUR_MEETING]", "  basis: engineering", "validated without a publication"),
        ("  confidence: low", "  confidence: low\n  first: 2", "first is not known"),
        ("cusum: {p0: 0.1, p1: 0.3, alpha: 0.05, beta: 0.2}", "cusum: [0.1, 0.3]", "named fields"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_with_its_line(small, write, good, bad, said):
    assert good in RULE
    with pytest.raises(ProtocolFileError, match=said) as refused:
        read_protocol(write(small + RULE.replace(good, bad)))
    line = int(str(refused.value.subject).rsplit("line ", 1)[1])
    assert line > small.count("\n")


def test_a_rule_made_in_a_program_is_checked_alike():
    backing = Backing(Basis.ENGINEERING, Confidence.LOW)
    numbers = {"last": 40, "on_target": 0.8, "critical_allowed": 0, "alpha": 0.1, "beta": 0.1}
    with pytest.raises(ProtocolError, match="last"):
        PassCriteria(**numbers | {"last": 4.5}, p0=0.2, p1=0.3, validated=False, backing=backing)
    with pytest.raises(ProtocolError, match="p0 < p1"):
        PassCriteria(**numbers, p0=0.3, p1=0.2, validated=False, backing=backing)
