"""Silent damage of an official text: each kind is reported or refused, and the texts as published have none."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from official_lists import BASE, LATER, official

from assets.entity_list.ecfr import losses, snapshot
from resources.documents import Parsed, Row, SourceError


@pytest.fixture(scope="module")
def body(real_documents: Path) -> str:
    path = real_documents / f"mirror/www.ecfr.gov/api/versioner/v1/full/{BASE}/title-15.xml?part=744"
    return path.read_text("utf-8")


@pytest.fixture(scope="module")
def whole(real_documents: Path) -> Parsed:
    return official(real_documents, BASE)


def read(text: str) -> Parsed:
    return snapshot(text.encode(), snapshot_date=BASE, source_sha256="1" * 64)


def new(parsed: Parsed, whole: Parsed) -> list[str]:
    """What is reported of a damaged text and not of the whole one."""
    known = {problem.reason for problem in whole.problems}
    return [problem.reason for problem in parsed.problems if problem.reason not in known]


def rows_of(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"<TR>.*?</TR>\n?", text[: text.index("Supplement No. 6 to Part 744")], re.DOTALL))


def test_the_official_texts_are_whole(real_documents: Path) -> None:
    earlier, later = official(real_documents, BASE), official(real_documents, LATER)
    assert losses([], earlier.rows, floor=True) == losses(earlier.rows, later.rows, floor=True) == []
    marks = ("breaks off", "stand under", "stands at", "is cut")
    assert not [one for one in (*earlier.problems, *later.problems) if any(mark in one.reason for mark in marks)]


def test_a_list_without_the_heading_of_china_is_refused(body: str) -> None:
    heading = ">CHINA, PEOPLE'S REPUBLIC OF</TD>"
    assert body.index(heading) < body.index("Supplement No. 6 to Part 744")
    with pytest.raises(
        SourceError, match=r"Entity List of 2026-03-25: \d+ entries .* under Chile, .* in China"
    ) as raised:
        read(body.replace(heading, "> </TD>", 1))
    assert raised.value.place == "TR line 1842"


def test_half_a_list_is_refused_against_an_earlier_text_and_reported_without_one(whole: Parsed) -> None:
    entries = [row for row in whole.rows if row["list_name"] == "Entity List" and row["kind"] == "entry"]
    half = entries[: len(entries) // 2]
    with pytest.raises(SourceError, match=r"1705 entries, of 3411 on 2026-03-25"):
        losses(whole.rows, half, floor=True)
    (alone,) = losses([], half, floor=True)
    assert "1705 entries under 60 destinations" in alone.reason
    assert losses([], half, floor=False) == []
    without = [row for row in entries if row["country"] != "Iran"]
    with pytest.raises(SourceError, match="no entry under Iran, of "):
        losses(whole.rows, without, floor=True)


def test_neighbours_that_are_gone_together_are_refused_and_a_few_are_not(whole: Parsed) -> None:
    entries = [row for row in whole.rows if row["list_name"] == "Entity List" and row["kind"] == "entry"]
    at = next(at for at, row in enumerate(entries) if row["country"] == "China") + 300
    assert losses(whole.rows, entries[:at] + entries[at + 24 :], floor=True) == []
    with pytest.raises(SourceError, match="25 entries in a row of 2026-03-25 under China are gone"):
        losses(whole.rows, entries[:at] + entries[at + 25 :], floor=True)
    # 87 FR 13048 took all of Russia off the Military End-User List.
    end_users = [row for row in whole.rows if row["list_name"] == "Military End-User List" and row["kind"] == "entry"]
    russian = [row | {"country": "Russia", "entry_name": f"Zavod {at}"} for at, row in enumerate(end_users[:30])]
    assert losses([*end_users, *russian], end_users, floor=True) == []


def test_an_earlier_text_that_lacks_entries_of_old_is_reported(whole: Parsed) -> None:
    entries = [row for row in whole.rows if row["list_name"] == "Entity List" and row["kind"] == "entry"]
    at = next(at for at, row in enumerate(entries) if row["entry_name"] == "AOOK Technology Limited")
    (problem,) = losses(entries[:at] + entries[at + 3 :], entries, floor=True)
    assert "cite nothing since 2026-03-25, and the text of that day lacks them: 3 (AOOK Technology" in problem.reason
    moved = [row | {"country": "Hong Kong"} if row is entries[at] else row for row in entries]
    assert losses(moved, entries, floor=True) == []


def test_a_row_printed_twice_is_taken_once_and_reported(body: str, whole: Parsed) -> None:
    row = rows_of(body)[200]
    parsed = read(body[: row.end()] + row[0] + body[row.end() :])
    assert len(parsed.rows) == len(whole.rows)
    assert [" too, the same again" in reason for reason in new(parsed, whole)] == [True]


CUTS: dict[str, Callable[[str], str]] = {
    "federal_register_citation": lambda cell: cell.rpartition(",")[0],
    "license_requirement": lambda cell: cell[: cell.index("EAR") + 2],
    "license_review_policy": lambda cell: cell[:17],
}


@pytest.mark.parametrize("column", CUTS)
def test_a_cut_cell_is_reported_with_its_row(body: str, whole: Parsed, column: str) -> None:
    row = rows_of(body)[1700]
    cells = re.findall(r"<TD[^>]*>(.*?)</TD>", row[0], re.DOTALL)
    at = {"license_requirement": 2, "license_review_policy": 3, "federal_register_citation": 4}[column]
    damaged = row[0].replace(f">{cells[at]}</TD>", f">{CUTS[column](cells[at])}</TD>")
    assert damaged != row[0]
    parsed = read(body[: row.start()] + damaged + body[row.end() :])
    reasons = new(parsed, whole)
    assert any(f"{column} of " in reason and "breaks off" in reason for reason in reasons), reasons
    (since,) = [problem for problem in losses(whole.rows, parsed.rows, floor=True) if f"{column} of " in problem.reason]
    assert "is cut: …" in since.reason
    assert "on 2026-03-25 it went on: " in since.reason
    assert since.place.startswith("TR line ")


def test_an_address_cut_in_its_destination_is_reported_alone_and_anywhere_against_an_earlier_text(
    body: str, whole: Parsed
) -> None:
    cell = "Huawei Cloud Chile, Santiago, Chile."
    assert cell in body
    (reason,) = new(read(body.replace(cell, "Huawei Cloud Chile, Santiago, Chil")), whole)
    assert "breaks off, it ends within the name of Chile: …Huawei Cloud Chile, Santiago, Chil" in reason
    parsed = read(body.replace(cell, "Huawei Cloud Chile, Santiago"))
    assert new(parsed, whole) == []
    (since,) = losses(whole.rows, parsed.rows, floor=True)
    assert "entry_text of Huawei Cloud Chile is cut" in since.reason


def test_a_row_that_lacks_a_cell_is_reported_with_its_words(body: str, whole: Parsed) -> None:
    row = rows_of(body)[300]
    damaged = re.sub(r"<TD[^>]*>[^<]*</TD>\s*</TR>", "</TR>", row[0])
    parsed = read(body[: row.start()] + damaged + body[row.end() :])
    assert len(parsed.rows) == len(whole.rows) - 1
    assert ["4 cells instead of 5" in reason for reason in new(parsed, whole)] == [True]


def test_a_revision_that_shortens_a_cell_is_no_damage(whole: Parsed) -> None:
    """It cites its rule."""
    entries: list[Row] = [dict(row) for row in whole.rows if row["kind"] == "entry"]
    row = next(row for row in entries if len(row["addresses"]) > 3)
    row["entry_text"] = row["entry_text"].rpartition(";")[0]
    assert len(losses(whole.rows, entries, floor=True)) == 1
    row["citations"] = [*row["citations"], "91 FR 1, 4/1/26"]
    assert losses(whole.rows, entries, floor=True) == []
