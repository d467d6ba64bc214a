"""Rules on the Entity List as the Federal Register marks them up, written for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

REQUIREMENT = "For all items subject to the EAR. (See § 744.11 of the EAR)"
POLICY = "Presumption of denial."
CITATION = "89 FR [INSERT FR PAGE NUMBER AND 1/2/2024]."

Table = Sequence[tuple[str, Sequence[str]]]
"""Countries, each with the entity cells under it; a cell's lines are separated by a line break."""


def entry_row(cell: str, *, requirement: str = REQUIREMENT, policy: str = POLICY, citation: str = CITATION) -> str:
    first, *others = cell.split("\n")
    entity = escape(first) + "".join(f"<LI>{escape(line)}</LI>" for line in others)
    cells = "".join(f"<ENT>{words}</ENT>" for words in (entity, requirement, policy, citation))
    return f'<ROW><ENT I="22"> </ENT>{cells}</ROW>'


def table_xml(table: Table) -> str:
    stars = '<ROW><ENT I="22"> </ENT><ENT A="03">  *         *         *</ENT></ROW>'
    rows = ['<ROW RUL="s"><ENT I="25">Country</ENT><ENT>Entity</ENT><ENT>License<LI>requirement</LI></ENT></ROW>']
    for country, cells in table:
        rows.append(f'<ROW><ENT I="01">{escape(country)}</ENT><ENT A="03">  *     *     *</ENT></ROW>')
        for cell in cells:
            rows += [cell if cell.startswith("<ROW") else entry_row(cell), stars]
    rows.append('<ROW><ENT I="28">*         *         *</ENT></ROW>')
    return f'<GPOTABLE COLS="5"><BOXHD><CHED H="1"> </CHED></BOXHD>{"".join(rows)}</GPOTABLE>'


def rule_xml(
    instructions: Sequence[str],
    table: Table = (),
    *,
    dates: str = "This rule is effective January 3, 2024.",
    summary: str = "",
) -> bytes:
    amended = "".join(f"<AMDPAR>{words}</AMDPAR>" for words in instructions)
    return (
        f"<RULE><PREAMB><SUM><HD>SUMMARY:</HD><P>{summary}</P></SUM><EFFDATE><HD>DATES:</HD><P>{dates}</P></EFFDATE></PREAMB><SUPLINF>"
        f'<REGTEXT TITLE="15" PART="744">{amended}<HD>Supplement No. 4 to Part 744—Entity List</HD>'
        f"{table_xml(table) if table else ''}</REGTEXT></SUPLINF></RULE>"
    ).encode()
