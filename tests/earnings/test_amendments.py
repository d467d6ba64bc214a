"""What an amendment amends."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from assets.earnings import amendments, submissions
from assets.earnings.vendors import Vendor
from expectations import contract
from resources.documents import Row


def filing(number: int, form: str, filed: date, period: date | None, **other: Any) -> Row:
    return {
        "accession_number": f"0000002488-26-{number:06}",
        "vendor": "amd",
        "form": form,
        "filing_date": filed,
        "month": f"{filed:%Y-%m}",
        "report_date": period,
        "accepted_at": None,
        "items": [],
        "amends_form": form.removesuffix("/A") if form.endswith("/A") else None,
        "amends_accession_number": None,
    } | other


def links(*filings: Row) -> tuple[dict[str, str | None], list[str]]:
    """Accession numbers' last digits of amendments and of what they amend, and what could not be linked."""
    made = amendments.linked(filings).values()
    found = {
        row["accession_number"][-2:]: row["amends_accession_number"] and row["amends_accession_number"][-2:]
        for month in made
        for row in month.rows
        if row["amends_form"]
    }
    return found, [problem.reason for month in made for problem in month.problems]


YEAR = date(2025, 12, 27)
DAY = date(2026, 2, 4)


def test_a_10_k_and_its_10_k_a_on_one_day() -> None:
    at = [datetime(2026, 2, 4, hour, tzinfo=UTC) for hour in (21, 23)]
    original, amendment = (
        filing(18, "10-K", DAY, YEAR, accepted_at=at[0]),
        filing(21, "10-K/A", DAY, YEAR, accepted_at=at[1]),
    )
    assert links(amendment, original) == ({"21": "18"}, [])
    # Without times of acceptance the day has to do.
    assert links({**amendment, "accepted_at": None}, original) == ({"21": "18"}, [])


def test_a_later_original_of_the_day_is_not_amended() -> None:
    at = [datetime(2026, 2, 4, hour, tzinfo=UTC) for hour in (21, 23)]
    found, problems = links(
        filing(18, "10-K", DAY, YEAR, accepted_at=at[1]), filing(21, "10-K/A", DAY, YEAR, accepted_at=at[0])
    )
    assert found == {"21": None}
    assert problems == [f"no earlier 10-K for {YEAR} is listed: what it amends is left open"]


def test_form_period_and_vendor_must_be_the_same() -> None:
    amendment = filing(30, "10-K/A", date(2026, 3, 1), YEAR)
    others = (
        filing(1, "10-Q", DAY, YEAR),
        filing(2, "10-K", date(2025, 2, 5), date(2024, 12, 28)),
        filing(3, "10-K", DAY, YEAR, vendor="intel"),
        filing(4, "10-K", date(2026, 3, 2), YEAR),
    )
    assert links(amendment, *others)[0] == {"30": None}
    assert links(amendment, *others, filing(5, "10-K", DAY, YEAR))[0] == {"30": "05"}


def test_a_second_amendment_amends_the_original() -> None:
    found, problems = links(
        filing(1, "10-K", DAY, YEAR),
        filing(2, "10-K/A", date(2026, 3, 1), YEAR),
        filing(3, "10-K/A", date(2026, 4, 1), YEAR),
    )
    assert (found, problems) == ({"02": "01", "03": "01"}, [])


def test_of_two_current_reports_on_one_event_day_the_items_tell() -> None:
    event = date(2026, 5, 28)
    results = filing(1, "8-K", event, event, items=["2.02", "9.01"])
    meeting = filing(2, "8-K", event, event, items=["5.07", "9.01"])
    amendment = filing(3, "8-K/A", date(2026, 6, 20), event, items=["5.07", "9.01"])
    assert links(results, meeting, amendment) == ({"03": "02"}, [])
    found, problems = links(results, meeting, {**amendment, "items": ["9.01"]})
    assert found == {"03": None}
    assert problems == ["may amend 0000002488-26-000001 or 0000002488-26-000002: what it amends is left open"]


def test_rows_stay_in_their_months() -> None:
    made = amendments.linked([filing(1, "10-K", DAY, YEAR), filing(2, "10-K/A", date(2026, 3, 1), YEAR)])
    assert {month: len(parsed.rows) for month, parsed in made.items()} == {"2026-02": 1, "2026-03": 1}
    assert not made["2026-02"].problems


def test_nvidia_and_amd_as_listed(known: dict[str, Vendor], real_documents: Path, samples: Path) -> None:
    """NVIDIA's 8-K/A of 2020-07-01 adds Mellanox's accounts to the 8-K of 2020-04-27 (item 2.01); AMD filed its 10-K
    and 10-K/A for 2025 on 2026-02-04."""

    def listed(folder: Path, slug: str) -> list[Row]:
        url = f"https://data.sec.gov/submissions/CIK{known[slug].filer_cik:010d}.json"
        body = (folder / url.removeprefix("https://")).read_bytes()
        return submissions.filings_of(body, vendor=known[slug], document=url, sha256="a" * 64).rows

    rows = [*listed(real_documents / "mirror", "nvidia"), *listed(samples, "amd")]
    made = amendments.linked(rows)
    linked = {
        row["accession_number"]: row["amends_accession_number"]
        for parsed in made.values()
        for row in parsed.rows
        if row["amends_form"]
    }
    assert linked == {
        "0001045810-20-000120": "0001045810-20-000052",
        "0000002488-26-000021": "0000002488-26-000018",
    }
    assert not any(parsed.problems for parsed in made.values())
    assert sum(len(parsed.rows) for parsed in made.values()) == len(rows)
    for parsed in made.values():
        contract.load("filings").table_of(parsed.rows)
