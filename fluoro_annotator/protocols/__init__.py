"""Procedure plans: what is to be marked at which nerve, in which view, and what it is judged by.

Plans are YAML files with a version. Those of the package lie in ``data``; a site adds or overrides
one with a file in `fluoro_annotator.settings.protocols_folder`.

Examples
--------
>>> from fluoro_annotator.protocols import load_protocols, parse_request, plan
>>> block = load_protocols(folders=()).get("lumbar_mbb")
>>> request = parse_request("L4-5 and L5/S1, right")
>>> planned = plan(block, request.joints, request.sides)
>>> planned.slot("L3_MB:R:AP_TRUE:target").label
'L3 medial branch, at L4, right'

"""

from __future__ import annotations

from fluoro_annotator.protocols.comparison import Agreement, Choice, Comparison
from fluoro_annotator.protocols.judging import Band, Event, Fault, NeedleDefaults, Note, RubricItem
from fluoro_annotator.protocols.library import Installed, ProtocolLibrary, Refused, load_protocols
from fluoro_annotator.protocols.passing import PassCriteria
from fluoro_annotator.protocols.planning import DISPUTED, Plan, PlannedNerve, Slot, plan
from fluoro_annotator.protocols.protocol import NerveGroup, Protocol, SlotTemplate
from fluoro_annotator.protocols.reading import read_protocol
from fluoro_annotator.protocols.request import Request, parse_request
from fluoro_annotator.protocols.suitable import suitable_views
from fluoro_annotator.protocols.values import Backing, Construction, Landmark, SafetyLine, ViewSpec
from fluoro_annotator.protocols.words import (
    ANY_VIEW,
    Answers,
    Basis,
    ConstructionKind,
    EventKind,
    Measure,
    Procedure,
    Sense,
    Severity,
    SlotKind,
    TipSide,
    Unit,
    Use,
    ViewFamily,
    WorkingOrder,
)

__all__ = [
    "ANY_VIEW",
    "DISPUTED",
    "Agreement",
    "Answers",
    "Backing",
    "Band",
    "Basis",
    "Choice",
    "Comparison",
    "Construction",
    "ConstructionKind",
    "Event",
    "EventKind",
    "Fault",
    "Installed",
    "Landmark",
    "Measure",
    "NeedleDefaults",
    "NerveGroup",
    "Note",
    "PassCriteria",
    "Plan",
    "PlannedNerve",
    "Procedure",
    "Protocol",
    "ProtocolLibrary",
    "Refused",
    "Request",
    "RubricItem",
    "SafetyLine",
    "Sense",
    "Severity",
    "Slot",
    "SlotKind",
    "SlotTemplate",
    "TipSide",
    "Unit",
    "Use",
    "ViewFamily",
    "ViewSpec",
    "WorkingOrder",
    "load_protocols",
    "parse_request",
    "plan",
    "read_protocol",
    "suitable_views",
]
