"""Reports as HTML and PDF: everything is in them, nothing comes from elsewhere, and no text is taken for markup."""

import re
import sys
from html.parser import HTMLParser

import pytest

from fluoro_annotator.errors import MissingExtraError, ReportError
from fluoro_annotator.reporting import (
    Bullets,
    ControlChart,
    Document,
    Heading,
    Paragraph,
    RateBars,
    RateCurve,
    Table,
    Tone,
    html_text,
    pdf_bytes,
)
from fluoro_annotator.statistics import CusumPlan, cusum, moving_rate, wilson

WILD = "Reader <b>A</b> & \"B\" {{ 7 * 7 }} 'O' Ž λ я"
RESULTS = [True, False, True, True] * 10


@pytest.fixture
def document():
    return Document(
        title=f"Report of {WILD}",
        facts=(("Who", WILD),),
        blocks=(
            Paragraph("To be known first.", Tone.NOTICE),
            Heading("Rates"),
            RateBars("By nerve", ((WILD, wilson(8, 10)),)),
            Table("Rates by nerve", ("nerve", "rate"), ((WILD, "8 of 10"), ("L4", "0 of 0"))),
            Heading("Progress"),
            RateCurve("On target", moving_rate(RESULTS, 10), wanted=0.8, wanted_label=WILD),
            ControlChart("Failures", cusum(RESULTS, CusumPlan(0.2, 0.35))),
            Bullets((WILD, "second")),
            Paragraph("How it was made.", Tone.SMALL),
        ),
        footer=f"Footer {WILD}",
    )


class Page(HTMLParser):
    """Tags with their attributes, and the text of the page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.open = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.texts.append(data)

    def count(self, tag):
        return sum(one == tag for one, _ in self.tags)


def test_a_page_holds_every_part_and_every_text_as_text(document):
    page = Page(html_text(document))
    text = "".join(page.texts)
    assert text.count(WILD) >= 7  # title twice, fact, chart, cell, bullet, footer
    assert page.count("b") == 0
    assert [page.count(tag) for tag in ("h1", "h2", "table", "figure", "svg", "li")] == [1, 2, 1, 3, 3, 2]
    assert {attributes.get("class") for tag, attributes in page.tags if tag == "p"} == {"notice", "small"}


def test_a_number_and_its_sign_stay_on_one_line_and_short_cells_whole():
    long = "248 of 290, 86 % (81 to 89 %)"
    page = html_text(Document(title="T", blocks=(Table("R", ("a", "b", "c"), (("x", "8 of 10", long),)),)))
    assert '<td class="short">8 of 10</td>' in page
    assert "<td>248 of 290, 86\N{NO-BREAK SPACE}% (81 to 89\N{NO-BREAK SPACE}%)</td>" in page


def test_a_page_needs_nothing_from_elsewhere(document):
    text = html_text(document)
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _ in page.tags}
    for _, attributes in page.tags:
        for name, value in attributes.items():
            assert not name.startswith("on"), name
            if name in {"src", "href", "xlink:href", "action"}:
                assert value.startswith("#"), value
    assert not re.search(r"@import|url\((?!#)", text)
    policy = next(a["content"] for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_a_page_can_be_read_aloud_in_both_themes_and_on_paper(document):
    text = html_text(document)
    page = Page(text)
    assert ("html", {"lang": "en"}) in page.tags
    heads = [attributes.get("scope") for tag, attributes in page.tags if tag == "th"]
    assert heads == ["col", "col", "row", "row"]
    assert page.count("caption") == page.count("table")
    drawn = [attributes for tag, attributes in page.tags if tag == "svg"]
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for one in drawn:
        assert one["role"] == "img"
        assert set(one["aria-labelledby"].split()) <= set(ids)
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_the_theme_has_enough_contrast():
    from fluoro_annotator.reporting.html_file import TEMPLATE

    themes = re.findall(r":root \{([^}]*)\}", TEMPLATE.read_text(encoding="utf-8"))
    assert len(themes) == 3
    for theme in themes:
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", theme))
        for paper in ("paper", "notice"):
            assert contrast(colours["ink"], colours[paper]) >= 7
        assert contrast(colours["soft"], colours["paper"]) >= 4.5
        for line in ("#3a83c4", "#c8602a"):  # graphics of charts
            assert contrast(line, colours["paper"]) >= 3


def contrast(first, second):
    """Return the contrast of two colours (WCAG 2.2)."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_pdf_has_pages_letters_of_its_own_and_the_charts(document):
    made = pdf_bytes(document)
    assert made.startswith(b"%PDF-")
    assert made.rstrip().endswith(b"%%EOF")
    assert pages_of(made) >= 2
    assert len(re.findall(rb"/Subtype\s*/Image", made)) >= 3
    assert b"DejaVuSans" in made
    assert b"Helvetica" not in made.replace(b"/BaseFont /Helvetica /Encoding", b"")
    assert b"/Lang (en)" in made


def pages_of(made):
    return max(int(count) for count in re.findall(rb"/Count (\d+)", made))


def test_a_long_table_goes_on_on_further_pages():
    rows = tuple((f"row {number}", "a long text " * 6) for number in range(300))
    long = pdf_bytes(Document(title="Long", blocks=(Table("Rows", ("name", "text"), rows),)))
    short = pdf_bytes(Document(title="Short", blocks=(Table("Rows", ("name", "text"), rows[:3]),)))
    assert pages_of(short) == 1
    assert pages_of(long) > 5


@pytest.mark.parametrize(
    "table",
    [
        Table("No rows", ("a", "b"), ()),
        Table("Empty cells", ("", ""), (("", ""),)),
        Table("One long word", ("a", "b"), (("x" * 400, "y" * 400),)),
        Table("Many columns", tuple("abcdefghijkl"), (("some words in each",) * 12,)),
    ],
    ids=lambda one: one.title,
)
def test_odd_tables_fit_on_a_page(table):
    assert pages_of(pdf_bytes(Document(title="Odd", blocks=(table,)))) >= 1
    assert table.title in html_text(Document(title="Odd", blocks=(table,)))


def test_a_document_of_nothing_can_be_written():
    empty = Document(title="Empty")
    assert "<h1>Empty</h1>" in html_text(empty)
    assert pages_of(pdf_bytes(empty)) == 1


def test_a_table_whose_rows_do_not_fit_is_refused():
    with pytest.raises(ReportError, match="does not fit"):
        Table("Rates", ("a", "b"), (("only one",),))
    with pytest.raises(ReportError, match="no title"):
        Document(title=" ")


@pytest.mark.parametrize(("missing", "write"), [("jinja2", html_text), ("reportlab.platypus", pdf_bytes)])
def test_without_its_library_it_is_said_what_to_install(document, monkeypatch, missing, write):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtraError, match=r"fluoro-annotator\[reports\]"):
        write(document)
