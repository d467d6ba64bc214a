"""Which months a night takes in."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from expectations import contract
from pipelines.nights import Months, backfill, next_night
from resources.deployment import Deployment
from resources.documents import SourceError

INTAKE = [name for name, terms in contract.load_all().items() if terms.by_month]

Listed = Callable[..., Deployment]


def take_in(deployment: Deployment, months: Iterable[str], tables: Iterable[str] = INTAKE) -> None:
    for month in months:
        for table in tables:
            deployment.lake.write(table, [], month=month)


def months_of(deployment: Deployment) -> tuple[str, str]:
    chosen = next_night(deployment)
    return chosen.first, chosen.last


def test_on_an_empty_lake_all_months_are_taken_that_the_sources_hold(listed: Listed) -> None:
    chosen = next_night(listed("2023-11-30", "2024-03-15", "2024-01-01"))
    assert (chosen.first, chosen.last) == ("2023-11", "2024-03")
    assert "nothing is held yet" in chosen.why


def test_afterwards_the_open_month_alone(listed: Listed) -> None:
    deployment = listed("2023-11-30", "2024-03-08")
    take_in(deployment, ["2023-11", "2023-12", "2024-01", "2024-02", "2024-03"])
    assert months_of(deployment) == ("2024-03", "2024-03")
    assert next_night(deployment).why == "the open month"


@pytest.mark.parametrize(("day", "first"), [("01", "2024-02"), ("07", "2024-02"), ("08", "2024-03"), ("31", "2024-03")])
def test_in_its_first_week_the_month_before_comes_too(listed: Listed, day: str, first: str) -> None:
    deployment = listed("2024-01-15", f"2024-03-{day}")
    take_in(deployment, ["2024-01", "2024-02", "2024-03"])
    assert months_of(deployment) == (first, "2024-03")


def test_the_first_week_of_the_first_month_has_none_before_it(listed: Listed) -> None:
    deployment = listed("2024-03-02")
    take_in(deployment, ["2024-03"])
    assert months_of(deployment) == ("2024-03", "2024-03")


def test_a_new_open_month_is_taken_although_it_was_never_held(listed: Listed) -> None:
    deployment = listed("2024-01-15", "2024-03-20")
    take_in(deployment, ["2024-01", "2024-02"])
    assert months_of(deployment) == ("2024-03", "2024-03")


def test_nights_that_were_missed_are_made_up_for(listed: Listed) -> None:
    deployment = listed("2024-01-15", "2024-05-20")
    take_in(deployment, ["2024-01", "2024-02"])
    chosen = next_night(deployment)
    assert (chosen.first, chosen.last) == ("2024-03", "2024-05")
    assert "2024-03 and what follows again" in chosen.why


@pytest.mark.parametrize("table", INTAKE)
def test_a_month_that_one_table_lacks_comes_again_with_all_after_it(listed: Listed, table: str) -> None:
    deployment = listed("2024-01-15", "2024-04-20")
    take_in(deployment, ["2024-01", "2024-02", "2024-03", "2024-04"])
    (deployment.lake.folder / table / "2024-02.parquet").unlink()
    assert months_of(deployment) == ("2024-02", "2024-04")


@pytest.mark.parametrize("is_index", [True, False])
def test_a_month_whose_list_was_broken_comes_again(listed: Listed, is_index: bool) -> None:
    """The loss of a single document does not bring its month again: it would every night, for ever."""
    deployment = listed("2024-01-15", "2024-04-20")
    take_in(deployment, ["2024-01", "2024-02", "2024-03", "2024-04"])
    problem = SourceError("federal_register", "search of 2024-02", "", "not JSON", is_index=is_index)
    deployment.lake.note_problems("fr_documents", [problem], month="2024-02")
    assert months_of(deployment) == (("2024-02" if is_index else "2024-04"), "2024-04")


@pytest.mark.parametrize("is_index", [True, False])
def test_a_broken_list_of_all_months_brings_all_of_them_again(listed: Listed, is_index: bool) -> None:
    """A filer's index holds filings of any month."""
    deployment = listed("2024-01-15", "2024-04-20")
    take_in(deployment, ["2024-01", "2024-02", "2024-03", "2024-04"])
    deployment.lake.note_problems("filings", [SourceError("sec", "CIK0000000001.json", "", "x", is_index=is_index)])
    assert months_of(deployment) == (("2024-01" if is_index else "2024-04"), "2024-04")


def test_nothing_is_taken_before_the_first_month_of_intake(listed: Listed) -> None:
    deployment = listed("2022-06-01", "2023-04-20", first_month="2023-02")
    assert months_of(deployment) == ("2023-02", "2023-04")
    take_in(deployment, ["2023-04"])
    assert months_of(deployment) == ("2023-02", "2023-04")
    take_in(deployment, ["2023-02", "2023-03"])
    assert months_of(deployment) == ("2023-04", "2023-04")


def test_the_week_before_the_first_month_of_intake_is_left_out(listed: Listed) -> None:
    deployment = listed("2022-06-01", "2023-02-03", first_month="2023-02")
    take_in(deployment, ["2023-02"])
    assert months_of(deployment) == ("2023-02", "2023-02")


def test_sources_that_end_before_the_first_month_of_intake_are_an_error(listed: Listed) -> None:
    with pytest.raises(ValueError, match=r"2012-01, which is before the first month of intake, CHOKEPOINT_FIRST_MONTH"):
        next_night(listed("2011-05-01", "2012-01-31"))


def test_a_folder_without_dated_documents_is_an_error_that_names_it(listed: Listed) -> None:
    with pytest.raises(ValueError, match="mirror holds no dated document of any source"):
        next_night(listed())


def test_the_range_of_a_backfill_is_the_one_asked_for() -> None:
    assert backfill("2022-10", "2024-12") == Months("2022-10", "2024-12", "asked for")
    assert backfill("2022-10", "2022-10").tags == {
        "dagster/asset_partition_range_start": "2022-10",
        "dagster/asset_partition_range_end": "2022-10",
    }


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        ("2016-12", "2017-02", "'2016-12' is not a month from 2017-01 to "),
        ("2017-01", "2999-01", "'2999-01' is not a month from 2017-01 to "),
        ("2023-13", "2024-01", "'2023-13' is not a month"),
        ("2023-1", "2024-01", "'2023-1' is not a month"),
        ("2023-03", "2023-01", "the range runs backwards: 2023-03 to 2023-01"),
    ],
)
def test_an_impossible_range_is_refused_by_its_reason(first: str, last: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        backfill(first, last)
