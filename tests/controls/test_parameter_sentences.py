"""Thresholds read from sentences and outlines in the forms of the rules (15 CFR parts 740, 742, 772, 774)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import orjson
import pytest
from lxml import etree

from assets.controls.parameters_read import Condition, read
from assets.controls.parameters_text import (
    Line,
    Provision,
    lines_of_elements,
    lines_of_markdown,
    provisions,
    text_sha256,
)

TPP = "total processing performance"
DENSITY = "performance density"
DATACENTER = "designed or marketed for use in datacenters"
Short = tuple[str, str, str, str]


def short(conditions: Iterable[Condition]) -> set[Short]:
    return {(one.paragraph, one.parameter, f"{one.comparison} {one.value}", one.effect) for one in conditions}


def printed(body: str) -> list[Provision]:
    return provisions(lines_of_elements(etree.fromstring(f"<REGTEXT>{body}</REGTEXT>")))


# Items of 3A090 since November 17, 2023 (88 FR 73458), and its Note 2.
ITEMS_OF_2023: set[Short] = {
    ("3A090.a.1", TPP, ">= 4800", "includes"),
    ("3A090.a.2", TPP, ">= 1600", "includes"),
    ("3A090.a.2", DENSITY, ">= 5.92", "includes"),
    ("3A090.b.1", TPP, ">= 2400", "includes"),
    ("3A090.b.1", TPP, "< 4800", "includes"),
    ("3A090.b.1", DENSITY, ">= 1.6", "includes"),
    ("3A090.b.1", DENSITY, "< 5.92", "includes"),
    ("3A090.b.2", TPP, ">= 1600", "includes"),
    ("3A090.b.2", DENSITY, ">= 3.2", "includes"),
    ("3A090.b.2", DENSITY, "< 5.92", "includes"),
}
HBM: Short = ("3A090.c", "memory bandwidth density", "> 2", "includes")


@pytest.mark.parametrize(("date_held", "note"), [(0, "Note 2 to 3A090.a and 3A090.b"), (1, "Note")])
def test_the_official_list_on_two_dates(real_documents, date_held: int, note: str) -> None:
    """The CCL of July 2025 in Markdown, and of July 2026 item by item, where the names of the notes are lost."""
    held = orjson.loads((real_documents / "extra/controls/eccn_3A090_4A090_two_dates.json").read_bytes())
    entries = list(held.values())[date_held]
    read_of = {}
    for eccn in ("3A090", "4A090"):
        entry = entries[eccn]
        if isinstance(entry, str):
            lines = lines_of_markdown(entry, eccn)
        else:
            lines = (
                Line(f"{item['paragraph']}. {item['text']}" if item["paragraph"] else item["text"], f"items[{number}]")
                for number, item in enumerate(entry["items"])
            )
        (provision,) = provisions(lines, default=eccn)
        read_of[eccn] = read(provision)
    assert short(read_of["3A090"][0]) == ITEMS_OF_2023 | {
        HBM,
        (f"3A090 {note}", DATACENTER, "= 0", "excludes"),
        (f"3A090 {note}", TPP, "< 4800", "excludes"),
    }
    assert short(read_of["4A090"][0]) == {
        ("4A090.a", "limits of 3A090.a", "= 1", "includes"),
        ("4A090.b", "limits of 3A090.b", "= 1", "includes"),
    }
    assert [one.reason for one in (*read_of["3A090"][1], *read_of["4A090"][1])] == []


OF_2022 = """
<P><E T="04">3A090 Integrated circuits as follows (see List of Items Controlled).</E></P>
<P><E T="03">Items:</E></P>
<P>a. Integrated circuits that have or are programmable to have an aggregate bidirectional transfer rate over
    all inputs
 and outputs of 600 Gbyte/s or more to or from integrated circuits other than volatile memories, and any of the
    following:</P>
<P>a.1. One or more digital processor units executing machine instructions having a bit length per operation
    multiplied by
 processing performance measured in TOPS, aggregated over all processor units, of 4800 or more;</P>
<P>a.3. One or more analog ‘primitive computational units’ having a processing performance measured in TOPS
    multiplied by
 8, aggregated over all computational units, of 4800 or more; <E T="03">or</E></P>
<P><E T="04">Technical Notes:</E></P>
<P>1. The threshold of 4800 bits x TOPS can be met with 600 tera integer operations at 8 bits.</P>
<P>b. [Reserved]</P>"""


def test_october_2022_asks_for_the_transfer_rate_and_one_of_the_rest() -> None:
    """87 FR 62186: both the transfer rate of .a and one of .a.1 to .a.4; an example in a note is no threshold."""
    (entry,) = printed(OF_2022)
    conditions, unread = read(entry)
    assert [(one.paragraph, one.clause_path, one.comparison, one.value, one.unit) for one in conditions] == [
        ("3A090.a", "3A090.a (all)", ">=", 600, "GB/s"),
        ("3A090.a.1", "3A090.a (all) > 3A090.a.* (any) > 3A090.a.1 (all)", ">=", 4800, "TOPS × bits"),
        ("3A090.a.3", "3A090.a (all) > 3A090.a.* (any) > 3A090.a.3 (all)", ">=", 4800, "TOPS × bits"),
    ]
    assert not unread


@pytest.mark.parametrize(
    ("sentence", "parameter", "comparison", "value", "unit"),
    [
        ("HBM having a 'memory bandwidth density' greater than 2 gigabytes per second per square millimeter.",
         "memory bandwidth density", ">", "2", "GB/s/mm²"),
        ("HBM having a ‘memory bandwidth density’ greater than 2 GB/s/mm<SU>2</SU>.",
         "memory bandwidth density", ">", "2", "GB/s/mm²"),
        ("A “total processing performance” exceeding 2,400.50.", TPP, ">", "2400.50", "TOPS × bits"),
        ("A 'TPP' of at least 4800.", TPP, ">=", "4800", "TOPS × bits"),
        ("A 'TPP' that is less than or equal to 4,800.", TPP, "<=", "4800", "TOPS × bits"),
        ("A 'TPP' of 4800 or less.", TPP, "<=", "4800", "TOPS × bits"),
        ("A 'total DRAM bandwidth' less than 6.5 TB/s.", "total DRAM bandwidth", "<", "6500", "GB/s"),
        ("A bidirectional transfer rate equal to or greater than 600 gigabytes per second.", "aggregate "
                                                                                             "bidirectional "
         "transfer rate", ">=", "600", "GB/s"),
        ("Model weights trained on more than 10<SU>26</SU> computational operations.", "training operations",
         ">", "1E26", "operations"),
    ],
)  # fmt: skip
def test_one_sentence(sentence: str, parameter: str, comparison: str, value: str, unit: str) -> None:
    (entry,) = printed(f"<P>3A090 Integrated circuits as follows.</P><P>a. {sentence}</P>")
    (one,), unread = read(entry)
    assert (one.parameter, one.comparison, one.value, one.unit) == (parameter, comparison, Decimal(value), unit)
    assert not unread


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("A 'TPP' between 1600 and 2400.", "follows total processing performance"),
        ("A 'total DRAM bandwidth' of 6,500 or more.", "the unit is missing"),
        ("A 'TPP' of 4800.", "no comparison"),
        ("A 'TPP' less than 4800 or more.", "no comparison"),
        ("A 'memory bandwidth density' greater than 2 GB/s.", "the unit GB/s, not GB/s/mm²"),
        ("Up to 790,000,000 TPP.", "a number without a parameter"),
        (
            "A 'TPP' of 1600 or more and a 'performance density' of 3.2 or more, or a 'TPP' of 4800 or more.",
            "«and» and «or»",
        ),
    ],
)
def test_what_is_not_read_safely_is_said(sentence: str, reason: str) -> None:
    (entry,) = printed(f"<P>3A090 Integrated circuits as follows.</P><P>a. {sentence}</P>")
    _, unread = read(entry)
    assert [reason in one.reason for one in unread] == [True]


def test_definitions_of_section_772_1() -> None:
    """The supercomputer, and the advanced nodes as of December 2, 2024 (89 FR 96790)."""
    (section,) = printed("""<SECTION><SECTNO>§ 772.1</SECTNO><SUBJECT>Definitions.</SUBJECT><STARS/>
    <P><E T="03">“Supercomputer.”</E> A computing “system” having a collective maximum theoretical compute
    capacity of 100 or
    more double-precision (64-bit) petaflops or 200 or more single-precision (32-bit) petaflops of processing
    power within a
    41,600 ft<SU>3</SU> or smaller envelope.</P>
    <P>“Advanced-node integrated circuits.” Integrated circuits that meet any of the following criteria:</P>
    <P>(1) Logic integrated circuits using a non-planar transistor architecture or with a “production”
    ‘technology node’ of
    16/14 nanometers or less;</P>
    <P>(2) NOT AND (NAND) memory integrated circuits with 128 layers or more; or</P>
    <P>(3) DRAM integrated circuits having:</P><P>(i) A memory cell area of less than 0.0019 µm<SU>2</SU>;</P>
    <P>(ii) A memory density greater than 0.288 gigabits per square millimeter; or</P>
    <P>(iii) More than 3000 through-silicon vias per die.</P></SECTION>""")
    conditions, unread = read(section)
    node = "§ 772.1 “Advanced-node integrated circuits”"
    computer = "§ 772.1 “Supercomputer”"
    assert short(conditions) == {
        (computer, "double-precision performance", ">= 100", "defines"),
        (computer, "single-precision performance", ">= 200", "defines"),
        (computer, "volume", "<= 41600", "defines"),
        (f"{node}(1)", "non-planar transistor architecture", "= 1", "defines"),
        (f"{node}(1)", "technology node", "<= 16", "defines"),
        (f"{node}(2)", "NAND memory layers", ">= 128", "defines"),
        (f"{node}(3)(i)", "memory cell area", "< 0.0019", "defines"),
        (f"{node}(3)(ii)", "memory density", "> 0.288", "defines"),
        (f"{node}(3)(iii)", "through-silicon vias per die", "> 3000", "defines"),
    }
    assert {one.clause_path for one in conditions if one.paragraph == computer} == {
        f"{computer} (any, within the last)"
    }
    assert not unread


def test_outline_of_a_section_with_italic_numbers_and_headings() -> None:
    """§ 742.6(b)(10) in the layout of the rules: a heading may be followed by the first marker below it."""
    (section,) = printed("""<SECTION><SECTNO>§ 742.6</SECTNO><SUBJECT>Regional stability.</SUBJECT><P>(b) * * *</P>
    <P>(10) <E T="03">Advanced computing items</E>—(i) <E T="03">Policy for paragraph (a)(6)(i).</E> As in §
    744.23(d).</P><STARS/>
    <P>(iii) <E T="03">Policy for paragraph (a)(6)(iii)(A)</E>—(A)(<E T="03">1</E>) <E T="03">Policy for
    D:5.</E> Case by case where
    the TPP is less than 21,000 and the ‘total DRAM bandwidth’ is less than 6,500 GB/s.</P>
    <P>(<E T="03">2</E>) <E T="03">Others.</E> Approval.</P><P>(B) Allocations.</P><P>(11) Pakistan.</P></SECTION>""")
    assert section.labels == (
        "(b)(10)", "(b)(10)(i)", "(b)(10)(iii)", "(b)(10)(iii)(A)(1)", "(b)(10)(iii)(A)(2)", "(b)(10)(iii)(B)",
        "(b)(11)",
    )  # fmt: skip
    assert section.kept == {"(b)"}
    assert section.kept_after == {"(b)(10)(i)"}
    assert short(read(section)[0]) == {
        ("§ 742.6(b)(10)(iii)(A)(1)", TPP, "< 21000", "review_policy"),
        ("§ 742.6(b)(10)(iii)(A)(1)", "total DRAM bandwidth", "< 6500", "review_policy"),
    }


def test_a_list_in_a_note_is_not_the_entrys_own() -> None:
    """Technical Note 2 has paragraphs a. to d. of its own; c. after its 4. is the entry's."""
    (entry,) = printed("""<P>3A090 Integrated circuits as follows.</P><P>a. A ‘TPP’ of 4800 or more.</P><P>b. A ‘TPP’
    of 2400 or more.</P>
    <P>Technical Note 2 to 3A090.a and 3A090.b:</P><P>1. ‘TPP’ is a product.</P><P>a. One term.</P><P>b. Another.</P>
    <P>c. The third, of which 4800 is an example.</P><P>4. ‘Performance density’ is a quotient.</P>
    <P>c. HBM having a ‘memory bandwidth density’ greater than 2 GB/s/mm2.</P>""")
    assert entry.labels == ("a", "b", "c")
    assert {one.paragraph for one in read(entry)[0]} == {"3A090.a", "3A090.b", "3A090.c"}


def test_marks_and_dashes_do_not_change_the_digest() -> None:
    assert text_sha256("A ‘TPP’  of 4800—or more") == text_sha256("A 'TPP' of 4800-or more")
    assert text_sha256("A TPP of 4800") != text_sha256("A TPP of 4801")
