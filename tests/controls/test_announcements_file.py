"""The reviewed file of announcements."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.controls import announcements
from assets.controls.letters_events import letter_events

ENTRY = {
    "id": "A-letter",
    "day": "2025-04-15",
    "kind": "letter_requires_license",
    "source": "a filing",
    "url": "https://www.example.org/a",
    "told": "told",
    "subject_type": "chip",
    "subjects": "[H20]",
    "companies": "[NVIDIA]",
    "effective_date": "2025-04-09",
    "reviewed": "2025-05-01",
}


def written(folder: Path, *entries: dict[str, str]) -> Path:
    file = folder / "announcements.yml"
    blocks = ("  - " + "\n    ".join(f"{name}: {value}" for name, value in entry.items()) for entry in entries)
    file.write_text("announcements:\n" + "\n".join(blocks) + "\n", "utf-8")
    return file


def test_what_the_file_says_of_the_known_announcements() -> None:
    """Days and documents as in the pages named in the file."""
    rows = announcements.announcement_events(announcements.load())
    assert [(row["known_from"], row["kind"], row["subject"], row["affects_documents"]) for row in rows] == [
        (date(2025, 5, 13), "announces_withdrawal", "2025-00636", ["2025-00636"]),
        (date(2025, 7, 14), "changes_license_policy", "H20", []),
        (date(2025, 8, 11), "changes_license_policy", "H20", []),
        (date(2025, 8, 11), "changes_license_policy", "MI308", []),
        (date(2025, 11, 1), "suspends", "2025-19001", ["2025-19001"]),
        (date(2025, 12, 8), "changes_license_policy", "H200", []),
    ]
    suspension = rows[4]
    assert (suspension["effective_date"], suspension["effective_until"]) == (date(2025, 11, 10), date(2026, 11, 9))
    # A word that changes no requirement has no day of effect.
    assert {row["effective_date"] for row in rows if row["kind"] == "changes_license_policy"} == {None}


def test_letters_of_the_file_stand_where_no_filing_is_held() -> None:
    parsed = letter_events(announcements.statements(announcements.load()))
    assert parsed.problems == []
    assert parsed.metrics["repeats"] == 0
    by_kind: dict[str, set[tuple[str, date | None]]] = {}
    for row in parsed.rows:
        by_kind.setdefault(row["kind"], set()).add((row["subject"], row["effective_date"]))
    assert by_kind["letter_requires_license"] >= {
        ("A100", date(2022, 8, 26)),
        ("A800", date(2023, 10, 23)),
        ("H20", date(2025, 4, 9)),
        ("MI308", date(2025, 4, 15)),
        ("EDA software and technology", date(2025, 5, 23)),
        ("letter to Synopsys of 2025-05-29", date(2025, 5, 29)),
    }
    assert by_kind["letter_lifted"] == {
        ("EDA software and technology", date(2025, 7, 2)),
        ("letter to Synopsys of 2025-05-29", date(2025, 7, 2)),
    }


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"subjects": "[H20 SXM]"}, "short form"),
        ({"amount_usd": "5500000000"}, "in quotes"),
        ({"amount_usd": "'5.5 billion'"}, "no number"),
        ({"effective_until": "2025-04-01"}, "before it begins"),
        ({"reviewed": "2025-04-01"}, "before the announcement"),
        ({"kind": "letter_lifted"}, "the day of the letter it ends"),
        ({"companies": "[NVIDIA, AMD]"}, "one company"),
        ({"kind": "announces_withdrawal"}, "names no document"),
        ({"kind": "rescinds"}, "kind"),
        ({"url": "somewhere"}, "url"),
        ({"effectiv_date": "2025-04-09"}, "effectiv_date"),
    ],
)
def test_a_faulty_entry_is_refused(tmp_path: Path, change: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        announcements.load(written(tmp_path, ENTRY | change))


def test_ids_are_unique_and_a_lifted_letter_is_in_the_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="several announcements bear the ids"):
        announcements.load(written(tmp_path, ENTRY, ENTRY))
    lifted = ENTRY | {"id": "A-lift", "kind": "letter_lifted", "lifts": "2025-04-10"}
    (tmp_path / "b").mkdir()
    with pytest.raises(ValueError, match="the file has not"):
        announcements.load(written(tmp_path / "b", ENTRY, lifted))
