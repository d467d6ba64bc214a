"""Rules written for tests in the register's markup, and their rows of ``fr_documents``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from assets.controls.events import restriction_events
from assets.controls.named_documents import KnownDocuments
from assets.federal_register.document import document_row
from resources.documents import Parsed, Row

HELD: tuple[tuple[str, date, str, str, str | None], ...] = (
    (
        "2022-21658",
        date(2022, 10, 13),
        "Implementation of Additional Export Controls: Certain Advanced Computing and "
        "Semiconductor Manufacturing Items; "
        "Supercomputer and Semiconductor End Use; Entity List Modification",
        "87 FR 62186",
        "2022-10-07",
    ),
    (
        "2023-23049",
        date(2023, 10, 25),
        "Export Controls on Semiconductor Manufacturing Items",
        "88 FR 73424",
        "2023-11-17",
    ),
    (
        "2023-23055",
        date(2023, 10, 25),
        "Implementation of Additional Export Controls: Certain Advanced Computing Items; "
        "Supercomputer and Semiconductor "
        "End Use; Updates and Corrections",
        "88 FR 73458",
        "2023-11-17",
    ),
    ("2024-28267", date(2024, 12, 5), "Additions and Modifications to the Entity List", "89 FR 96830", "2024-12-02"),
    (
        "2024-28270",
        date(2024, 12, 5),
        "Foreign-Produced Direct Product Rule Additions, and Refinements to Controls for Advanced Computing and "
        "Semiconductor Manufacturing Items",
        "89 FR 96790",
        "2024-12-02",
    ),
    (
        "2025-00711",
        date(2025, 1, 16),
        "Implementation of Additional Due Diligence Measures for Advanced Computing Integrated "
        "Circuits; Amendments and "
        "Clarifications; and Extension of Comment Period",
        "90 FR 5298",
        "2025-01-16",
    ),
    (
        "2025-19001",
        date(2025, 9, 30),
        "Expansion of End-User Controls To Cover Affiliates of Certain Listed Entities",
        "90 FR 47201",
        "2025-09-29",
    ),
)
"""Number, publication, title, citation and date of effect of documents that others correct or suspend."""


def held() -> list[Row]:
    """Rows of the documents that tests refer to."""
    return [
        document_row(
            {
                "document_number": number,
                "publication_date": published.isoformat(),
                "title": title,
                "citation": citation,
                "effective_on": effective,
                "type": "Rule",
                "action": "Final rule." if number == "2024-28267" else "Interim final rule; request for comments.",
            },
            None,
            None,
        ).rows[0]
        for number, published, title, citation, effective in HELD
    ]


def rule_xml(
    amendments: Sequence[tuple[str, Sequence[str]]],
    *,
    number: str,
    title: str,
    action: str,
    summary: str,
    dates: str | None,
    background: Sequence[str],
    filed: str,
    root: str = "RULE",
) -> bytes:
    """A rule; amendments are CFR parts with their lines: ``§ n`` opens a section, ``: text`` is text set out."""
    out = [
        f"<{root}><PREAMB><SUBJECT>{escape(title)}</SUBJECT><ACT><HD>ACTION:</HD><P>{escape(action)}</P></ACT>",
        f"<SUM><HD>SUMMARY:</HD><P>{escape(summary)}</P></SUM>",
    ]
    if dates is not None:
        out.append(f"<EFFDATE><HD>DATES:</HD><P>{escape(dates)}</P></EFFDATE>")
    out.append("</PREAMB><SUPLINF>" + "".join(f"<P>{escape(one)}</P>" for one in background))
    for part, lines in amendments:
        out.append(f'<REGTEXT TITLE="15" PART="{part}">')
        section = False
        for line in lines:
            if line.startswith("§ "):
                out.append(
                    ("</SECTION>" if section else "") + f"<SECTION><SECTNO>{line}</SECTNO><SUBJECT>Heading.</SUBJECT>"
                )
                section = True
            elif line.startswith(": "):
                out.append(f"<P>{escape(line[2:])}</P>")
            else:
                out.append(("</SECTION>" if section else "") + f"<AMDPAR>{escape(line)}</AMDPAR>")
                section = False
        out.append(("</SECTION>" if section else "") + "</REGTEXT>")
    out.append(f"</SUPLINF><FRDOC>[FR Doc. {number}{filed}]</FRDOC></{root}>")
    return "\n".join(out).encode()


def events(
    *amendments: tuple[str, Sequence[str]],
    number: str = "2026-00001",
    published: date = date(2026, 1, 5),
    title: str = "Amendments to the Export Administration Regulations",
    action: str = "Final rule.",
    summary: str = "This rule amends the regulations.",
    dates: str | None = "This rule is effective January 5, 2026.",
    background: Sequence[str] = (),
    filed: str = "",
    root: str = "RULE",
    **api: Any,
) -> Parsed:
    """Read a rule written for a test, with the documents of :data:`HELD` beside it."""
    body = rule_xml(
        amendments,
        number=number,
        title=title,
        action=action,
        summary=summary,
        dates=dates,
        background=background,
        filed=filed,
        root=root,
    )
    entry = {
        "document_number": number,
        "publication_date": published.isoformat(),
        "html_url": "https://example.org/d",
        **api,
    }
    row = document_row(entry, body, "0" * 64).rows[0]
    return restriction_events(body, row, KnownDocuments([*held(), row]))


def short(row: Row, *columns: str) -> tuple[Any, ...]:
    """Some columns of a row."""
    return tuple(row[column] for column in columns)
