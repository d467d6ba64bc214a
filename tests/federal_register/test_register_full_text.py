"""The full text: what is refused, and how words are taken out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from assets.federal_register.full_text import footnote_marks, lines, parse, text
from resources.documents import SourceError

RULE = (
    "<RULE><PREAMB><SUBJECT>Additions</SUBJECT></PREAMB>\n<SUPLINF><P>Words.</P></SUPLINF>\n"
    "<FRDOC>[FR Doc. 2024\u201302930 Filed 2\u20139\u201324; 8:45 am]</FRDOC></RULE>"
).encode()

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE RULE [
 <!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]>
<RULE><P>&c;</P></RULE>"""


def element(xml: str) -> etree._Element:
    return etree.fromstring(xml)


def test_a_document_is_parsed_whatever_dash_its_number_has() -> None:
    assert parse(RULE, document="2024-02930").tag == "RULE"  # the register changed dashes in 2024


@pytest.mark.parametrize(
    ("body", "place", "reason"),
    [
        (b"", "", "empty"),
        (b"\n \n", "", "empty"),
        (b"<!DOCTYPE html>\n<html><body>Service unavailable</body></html>", "line 1", "HTML"),
        (b"\xef\xbb\xbf<html><head/></html>", "line 1", "HTML"),
        (b"not xml", "line 1", "not well-formed"),
        (b"<RULE>\n<P>one</P>\n<P>two", "line 3", "not well-formed"),
        (b"<RULE>\n<P>a &nbsp; b</P></RULE>", "line 2", "not well-formed"),
        (b"<FEDREG><RULE/></FEDREG>", "line 1", "the root is FEDREG"),
        (BOMB, "line 3", "declares entities"),
        (
            b'<!DOCTYPE RULE [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<RULE>&x;</RULE>',
            "line 1",
            "declares entities",
        ),
        (b'<!DOCTYPE RULE SYSTEM "http://example.org/x.dtd">\n<RULE>\n&x;</RULE>', "line 3", "entity"),
        (RULE, "FRDOC", "is document 2024-02930"),
        (RULE[: len(RULE) // 2], "line", "not well-formed"),
    ],
)
def test_what_is_refused_names_document_place_and_reason(body: bytes, place: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        parse(body, document="2023-03929")

    assert caught.value.document == "2023-03929"
    assert caught.value.place.startswith(place)
    assert caught.value.remedy


def test_a_file_that_a_document_names_as_its_dtd_is_not_read(tmp_path: Path) -> None:
    named = tmp_path / "named.dtd"
    named.write_text('<!ATTLIST RULE leaked CDATA "yes">', encoding="utf-8")

    root = parse(f'<!DOCTYPE RULE SYSTEM "{named.as_uri()}"><RULE/>'.encode(), document="2023-03929")

    assert root.getroottree().docinfo.externalDTD is None
    assert root.attrib == {}


def test_entities_in_another_encoding_are_refused_too() -> None:
    body = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE RULE [<!ENTITY x "y">]><RULE/>'.encode("utf-16")

    with pytest.raises(SourceError, match="entities"):
        parse(body, document="x")


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_parsed_or_refused(body: bytes) -> None:
    outcome: object
    try:
        outcome = parse(body, document="x").tag
    except SourceError as error:
        outcome = error
    assert isinstance(outcome, SourceError) or outcome in {"RULE", "PRORULE", "NOTICE", "PRESDOCU", "CORRECT"}


@given(cut=st.integers(min_value=1, max_value=len(RULE) - 1))
@settings(deadline=None)
def test_a_truncated_body_is_refused_wherever_it_ends(cut: int) -> None:
    with pytest.raises(SourceError):
        parse(RULE[:cut], document="2024-02930")


def test_a_real_document_cut_anywhere_is_refused(real_documents: Path) -> None:
    path = "mirror/www.federalregister.gov/documents/full_text/xml/2023/02/27/2023-03929.xml"
    body = (real_documents / path).read_bytes().rstrip()
    for cut in range(1, len(body), 997):
        with pytest.raises(SourceError):
            parse(body[:cut], document="2023-03929")


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        # Pretty-printing around inline elements (2023-03929, FURINF and AMDPAR of instruction f).
        ("<P>\n  Email: \n  <E T='03'>ERC@bis.doc.gov</E>\n  .\n</P>", "Email: ERC@bis.doc.gov."),
        (
            "<AMDPAR>“Innovation LLC”; \n <E T='03'>and “</E>\n Promtekhkomplekt JSC”.</AMDPAR>",
            "“Innovation LLC”; and “Promtekhkomplekt JSC”.",
        ),
        ("<P>Spacety Co., \n<PRTPAGE P='12171'/>\nLtd., under</P>", "Spacety Co., Ltd., under"),
        # Emphasis printed against the words before and after it (2013-00740, instruction 9.A).
        ("<P>A. Under<E T='03'>Section 1026.31</E>paragraph</P>", "A. Under Section 1026.31 paragraph"),
        # Lowered signs are part of their word.
        ("<P>H<E T='52'>2</E>O</P>", "H2O"),
        # An ordinal's letters (2023-03929, row of China HEAD) and footnote marks (its license requirement).
        ("<ENT>west 3\n<SU>rd</SU>\n ring r.</ENT>", "west 3rd ring r."),
        ("<ENT>§§ 734.9(g),\n<SU>3</SU>\n 744.21(b)</ENT>", "§§ 734.9(g), 744.21(b)"),
        ("<ENT>License<LI>requirement</LI></ENT>", "License requirement"),
        ("<P>a<!-- no --><?usgpo end?>b</P>", "ab"),
    ],
)
def test_words_are_taken_out_as_a_reader_reads_them(xml: str, expected: str) -> None:
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)

    assert text(etree.fromstring(xml, parser)) == expected


def test_a_cell_is_read_line_by_line() -> None:
    cell = element(
        "<ENT>\n AOOK Ltd., a.k.a., the following:\n <LI>—AOOK;\n <E T='03'>and</E>\n </LI>\n<LI> </LI>tail</ENT>"
    )

    assert lines(cell) == ["AOOK Ltd., a.k.a., the following:", "—AOOK; and", "tail"]


@pytest.mark.parametrize(
    ("raised", "marks"),
    [("3", ["3"]), ("1 4", ["1", "4"]), ("1, 3, 5", ["1", "3", "5"]), ("rd", []), ("th", []), ("®", []), ("", [])],
)
def test_footnote_marks_are_numbers(raised: str, marks: list[str]) -> None:
    assert footnote_marks(element(f"<SU>{raised}</SU>")) == marks
