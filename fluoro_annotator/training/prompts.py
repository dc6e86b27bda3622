"""What a trainee is asked, in words: the same for an exercise that is scored and a question that is shown."""

from __future__ import annotations

from collections.abc import Iterable

from fluoro_annotator.anatomy import Site, load_anatomy


def place_target(site: Site, *, needle: bool = False) -> str:
    """Return for example "Place the target: L3 medial branch, at L4, right."."""
    what = "needle" if needle else "target"
    return f"Place the {what}: {load_anatomy().site_label(site)}."


def place_by_name(site: Site, *, needle: bool = False) -> str:
    """Return for example "Mark the L3 medial branch on the right."; the vertebra is not said."""
    what = "Place the needle for" if needle else "Mark"
    return f"{what} the {load_anatomy().nerve(site.nerve).name} on the {site.side.value}."


def name_marked(parts: Iterable[str]) -> str:
    """Return for example "Name what is marked: nerve, vertebra, side."."""
    return f"Name what is marked: {', '.join(parts)}."


def judge_view(title: str) -> str:
    """Return for example "Is this a True AP? If not: oblique or tilt, and which way?"."""
    return f"Is this a {title}? If not: oblique or tilt, and which way?"


def judge_needle(site: Site) -> str:
    """Return the question about a needle that is meant for a nerve."""
    return f"Is this needle acceptable for the {load_anatomy().site_label(site)}? If not, what is wrong?"
