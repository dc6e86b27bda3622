from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluoro_annotator.anatomy import load_anatomy

CASES = {
    # a name or alias, however it is written
    "L4 MB": ["L4_MB"],
    "l4mb": ["L4_MB"],
    "L4_MB": ["L4_MB"],
    "L4 medial branch": ["L4_MB"],
    "  L4   Medial  Branch ": ["L4_MB"],
    "right L3 medial branch": ["L3_MB"],
    "T10 MB": ["T10_MB"],
    "TON": ["TON"],
    "third occipital nerve": ["TON"],
    "C3 deep MB": ["C3_DMB"],
    # names with a known hazard
    "L5 medial branch": ["L5_DR"],
    "L5 MB": ["L5_DR"],
    "L5 dorsal ramus": ["L5_DR"],
    "sacral ala": ["L5_DR"],
    "C3 medial branch": ["TON", "C3_DMB"],
    "left C3 MB": ["TON", "C3_DMB"],
    # a bare level: the nerve of that number, then the nerve on that vertebra
    "T4": ["T4_MB", "T3_MB"],
    "L4 block": ["L4_MB", "L3_MB"],
    "C5": ["C5_MB"],
    "S1": ["L5_DR"],
    "T1": ["T1_MB", "C8_MB"],
    # a place
    "medial branch at L4": ["L3_MB"],
    "needle on the L5": ["L4_MB"],
    "at C3": ["TON", "C3_DMB"],
    # joints
    "L4-5": ["L3_MB", "L4_MB"],
    "L4/5 right": ["L3_MB", "L4_MB"],
    "L4\u20135": ["L3_MB", "L4_MB"],
    "L4-L5 and L5-S1": ["L3_MB", "L4_MB", "L5_DR"],
    "C7/T1": ["C7_MB", "C8_MB"],
    # several nerves in one text
    "L3 MB, L4 MB": ["L3_MB", "L4_MB"],
    # nothing that fits
    "": [],
    "knee": [],
    "L6": [],
    "C1": [],
    "L14 MB": [],
    "XL4": [],
}


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_free_text_suggests_nerves(anatomy, text, expected):
    assert [nerve.id for nerve in anatomy.suggest(text)] == expected


def test_every_name_of_a_nerve_suggests_it(anatomy):
    for nerve in anatomy.nerves.values():
        for name in (nerve.id, nerve.name, nerve.short_name, *nerve.aliases):
            assert nerve in anatomy.suggest(name), name


def test_every_label_suggests_its_nerve(anatomy):
    for nerve in anatomy.nerves.values():
        assert nerve in anatomy.suggest(nerve.label), nerve.label


@given(st.text(alphabet="ctlsCTLS0123456789-/_ mbdrat\u2013\u0660", max_size=12))
def test_any_text_gives_nerves_of_the_table_each_once(text):
    anatomy = load_anatomy()
    found = [nerve.id for nerve in anatomy.suggest(text)]
    assert len(set(found)) == len(found)
    assert set(found) <= set(anatomy.nerves)
