"""How a function's rows become a table's asset: months written one by one, losses refused, retries asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import dagster as dg
import pytest

from assets.table import monthly_table, whole_table
from expectations import contract
from pipelines.nights import Months, next_night
from resources.deployment import Deployment
from resources.documents import Parsed, Row, SourceError, TransientSourceError

Listed = Callable[..., Deployment]
Answers = dict[str, Parsed | Exception]


def document(number: str, month: str, title: str = "A title") -> Row:
    """A row of fr_documents with what must not be empty."""
    empty = {name: None if column.nullable else [] for name, column in contract.load("fr_documents").columns.items()}
    return empty | {
        "document_number": number,
        "publication_date": date.fromisoformat(f"{month}-15"),
        "month": month,
        "title": title,
        "html_url": f"https://www.federalregister.gov/d/{number}",
    }


@dataclass(frozen=True)
class Run:
    """A run of one table's asset, and how many times it was tried."""

    result: dg.ExecuteInProcessResult
    tries: int

    @property
    def success(self) -> bool:
        return self.result.success

    @property
    def waits(self) -> list[float]:
        """Seconds between the tries."""
        return [event.step_retry_data.seconds_to_wait for event in self.result.all_events if event.is_step_up_for_retry]


def take_in(deployment: Deployment, answers: Answers, *, lists_source: bool = True) -> Run:
    """Run the asset of fr_documents over the months of the answers; an exception is raised when its month comes."""
    asked = []

    @monthly_table(pool="www.federalregister.gov", lists_source=lists_source)
    def fr_documents(months: Sequence[str], _deployment: Deployment) -> Iterator[tuple[str, Parsed]]:
        asked.append(list(months))
        for month in months:
            answer = answers[month]
            if isinstance(answer, Exception):
                raise answer
            yield month, answer

    tags = Months(min(answers), max(answers), "").tags
    result = dg.materialize([fr_documents], resources={"deployment": deployment}, tags=tags, raise_on_error=False)
    assert all(months == sorted(answers) for months in asked), "the function is called once with all months"
    return Run(result, len(asked))


def numbers(deployment: Deployment, month: str | None = None) -> list[str]:
    return [row["document_number"] for row in deployment.lake.rows("fr_documents", month=month)]


def test_each_month_is_written_with_its_problems(listed: Listed) -> None:
    deployment = listed("2024-02-20")
    torn = SourceError("federal_register", "2024-9", "AMDPAR line 3", "torn")
    result = take_in(
        deployment,
        {
            "2024-01": Parsed([document("2024-1", "2024-01")]),
            "2024-02": Parsed([document("2024-3", "2024-02"), document("2024-2", "2024-02")], [torn]),
        },
    )
    assert result.success
    assert deployment.lake.months("fr_documents") == ["2024-01", "2024-02"]
    assert numbers(deployment) == ["2024-1", "2024-2", "2024-3"]
    assert deployment.lake.problems() == [
        {
            "table": "fr_documents",
            "month": "2024-02",
            "source": "federal_register",
            "document": "2024-9",
            "place": "AMDPAR line 3",
            "reason": "torn",
            "remedy": "",
            "is_index": False,
        }
    ]


def test_a_month_read_again_replaces_rows_and_problems(listed: Listed) -> None:
    deployment = listed("2024-02-20")
    torn = SourceError("federal_register", "2024-1", "", "torn")
    take_in(deployment, {"2024-01": Parsed([document("2024-1", "2024-01")], [torn])})
    take_in(deployment, {"2024-01": Parsed([document("2024-1", "2024-01", title="Whole")])})
    assert [row["title"] for row in deployment.lake.rows("fr_documents")] == ["Whole"]
    assert deployment.lake.problems() == []


def test_a_month_that_loses_rows_keeps_them_and_the_loss_is_of_an_index(listed: Listed) -> None:
    deployment = listed("2024-02-20")
    both = Parsed([document("2024-1", "2024-01"), document("2024-2", "2024-01")])
    take_in(deployment, {"2024-01": both, "2024-02": Parsed()})
    before = deployment.lake.read("fr_documents")
    torn = SourceError("federal_register", "2024-8", "", "torn")
    result = take_in(
        deployment,
        {
            "2024-01": Parsed([document("2024-2", "2024-01", title="New"), document("2024-7", "2024-01")], [torn]),
            "2024-02": Parsed([document("2024-5", "2024-02")]),
        },
    )
    assert result.success, "the night goes on; the check of quarantine stops the publication"
    assert deployment.lake.read("fr_documents", month="2024-01").equals(before)
    assert numbers(deployment, "2024-02") == ["2024-5"], "other months are written"
    kept, loss = sorted(deployment.lake.problems(), key=lambda problem: problem["is_index"])
    assert (kept["document"], kept["reason"], kept["is_index"]) == ("2024-8", "torn", False)
    assert loss == {
        "table": "fr_documents",
        "month": "2024-01",
        "source": "federal_register",
        "document": "fr_documents",
        "place": "month 2024-01",
        "reason": "the source no longer gives 1 of the rows held: 2024-1 2024-01-15",
        "remedy": ("the rows held stay; if the source is right, set CHOKEPOINT_ACCEPTED_LOSSES=fr_documents:2024-01"),
        "is_index": True,
    }


def test_the_month_of_a_loss_comes_again_until_it_is_whole(listed: Listed) -> None:
    deployment = listed("2024-01-02", "2024-03-20")
    for month in ("2024-01", "2024-02", "2024-03"):
        for table in (name for name, terms in contract.load_all().items() if terms.by_month and name != "fr_documents"):
            deployment.lake.write(table, [], month=month)
    whole: Answers = {month: Parsed([document(f"{month}-1", month)]) for month in ("2024-01", "2024-02", "2024-03")}
    take_in(deployment, whole)
    assert next_night(deployment).first == "2024-03"
    take_in(deployment, whole | {"2024-02": Parsed()})
    assert next_night(deployment).first == "2024-02"
    take_in(deployment, whole)
    assert next_night(deployment).first == "2024-03"


@pytest.mark.parametrize(
    ("accepted", "lets_through"),
    [
        ("fr_documents:2024-01", True),
        ("filings:2024-01,fr_documents:2024-01", True),
        ("filings:2024-01, fr_documents:2024-01", True),
        ("fr_documents:2024-02", False),
        ("filings:2024-01", False),
        ("fr_documents", True),
        ("fr_document", False),
    ],
)
def test_an_accepted_loss_is_let_through(listed: Listed, accepted: str, lets_through: bool) -> None:
    deployment = listed("2024-02-20", accepted_losses=accepted)
    take_in(deployment, {"2024-01": Parsed([document("2024-1", "2024-01"), document("2024-2", "2024-01")])})
    take_in(deployment, {"2024-01": Parsed([document("2024-2", "2024-01")])})
    assert numbers(deployment) == (["2024-2"] if lets_through else ["2024-1", "2024-2"])
    assert [problem["is_index"] for problem in deployment.lake.problems()] == ([] if lets_through else [True])


def test_many_lost_rows_are_counted_and_the_first_named(listed: Listed) -> None:
    deployment = listed("2024-02-20")
    take_in(deployment, {"2024-01": Parsed([document(f"2024-{n}", "2024-01") for n in range(1, 9)])})
    take_in(deployment, {"2024-01": Parsed()})
    (loss,) = deployment.lake.problems()
    assert loss["reason"].startswith("the source no longer gives 8 of the rows held: 2024-1 2024-01-15; 2024-2 ")
    assert loss["reason"].endswith("; 2024-5 2024-01-15 and 3 more")
    assert len(numbers(deployment)) == 8


def test_rows_that_only_change_are_no_loss(listed: Listed) -> None:
    deployment = listed("2024-02-20")
    take_in(deployment, {"2024-01": Parsed([document("2024-1", "2024-01")])})
    take_in(deployment, {"2024-01": Parsed([document("2024-1", "2024-01", title="Corrected")])})
    assert [row["title"] for row in deployment.lake.rows("fr_documents")] == ["Corrected"]
    assert deployment.lake.problems() == []


def test_a_table_made_from_documents_held_may_lose_rows(listed: Listed) -> None:
    """A better parser may find fewer; only what lists a source is guarded."""
    deployment = listed("2024-02-20")
    take_in(deployment, {"2024-01": Parsed([document("2024-1", "2024-01")])}, lists_source=False)
    take_in(deployment, {"2024-01": Parsed()}, lists_source=False)
    assert numbers(deployment) == []
    assert deployment.lake.problems() == []


def test_a_transient_failure_is_tried_again_and_keeps_what_was_written(listed: Listed) -> None:
    deployment = listed("2024-02-20")
    busy = TransientSourceError("federal_register", "https://www.federalregister.gov/x", "", "answered 503")
    result = take_in(deployment, {"2024-01": Parsed([document("2024-1", "2024-01")]), "2024-02": busy})
    assert not result.success
    assert result.tries == 4, "once, and three more times"
    assert deployment.lake.months("fr_documents") == ["2024-01"]


def test_the_waits_between_tries_double(listed: Listed) -> None:
    busy = TransientSourceError("federal_register", "https://www.federalregister.gov/x", "", "answered 503")
    result = take_in(listed("2024-02-20", retry_wait_s=0.02), {"2024-01": busy})
    assert result.waits == [0.02, 0.04, 0.08]


@pytest.mark.parametrize(
    "error",
    [
        SourceError("federal_register", "https://www.federalregister.gov/x", "", "answered 404 Not Found"),
        ValueError("ours"),
    ],
    ids=["permanent", "ours"],
)
def test_any_other_failure_is_not_tried_again(listed: Listed, error: Exception) -> None:
    result = take_in(listed("2024-02-20"), {"2024-01": error})
    assert not result.success
    assert (result.tries, result.waits) == (1, [])


def test_what_belongs_to_no_month_is_a_problem_until_a_run_no_longer_has_it(listed: Listed) -> None:
    deployment = listed("2024-02-20")
    lost = [SourceError("news", "https://feeds.example.org/a.rss", "line 1", "no feed")]

    @monthly_table()
    def articles(months: Sequence[str], _deployment: Deployment) -> Iterator[tuple[str | None, Parsed]]:
        for month in months:
            yield month, Parsed()
        yield None, Parsed([], lost)

    def run(month: str) -> list[tuple[str, str | None, str]]:
        resources = {"deployment": deployment}
        assert dg.materialize([articles], resources=resources, tags=Months(month, month, "").tags).success
        return [(problem["table"], problem["month"], problem["document"]) for problem in deployment.lake.problems()]

    assert run("2024-01") == [("articles", None, "https://feeds.example.org/a.rss")]
    lost.clear()
    assert run("2024-02") == [], "a later night clears it, although its months are others"


def test_the_function_is_told_when_a_try_is_the_last(listed: Listed) -> None:
    """On the last one a document that cannot be fetched is a problem of its own, and the rest is taken in."""
    busy = TransientSourceError("federal_register", "https://www.federalregister.gov/x", "", "answered 503")
    told = []

    @monthly_table()
    def fr_documents(months: Sequence[str], deployment: Deployment) -> Iterator[tuple[str | None, Parsed]]:
        told.append(deployment.is_last_try)
        if not deployment.is_last_try:
            raise busy
        yield months[0], Parsed([document("2024-1", "2024-01")], [busy])

    deployment = listed("2024-02-20")
    result = dg.materialize(
        [fr_documents], resources={"deployment": deployment}, tags=Months("2024-01", "2024-01", "").tags
    )
    assert result.success
    assert told == [False, False, False, True]
    assert (numbers(deployment), len(deployment.lake.problems())) == (["2024-1"], 1)


def test_rows_that_do_not_fit_fail_the_step_and_leave_the_month_as_it_was(listed: Listed) -> None:
    deployment = listed("2024-02-20")
    take_in(deployment, {"2024-01": Parsed([document("2024-1", "2024-01")])})
    result = take_in(deployment, {"2024-01": Parsed([document("2024-1", "2024-01"), {"document_number": "2024-2"}])})
    assert not result.success
    assert numbers(deployment) == ["2024-1"]


def test_a_whole_table_is_written_whole_with_its_problems(listed: Listed) -> None:
    deployment = listed("2024-02-20")
    lost = SourceError("federal_register", "2024-1", "ROW line 3", "it is not on the list")

    @whole_table(deps=["articles"])
    def mentions(_deployment: Deployment) -> Parsed:
        return Parsed([], [lost])

    result = dg.materialize([mentions], resources={"deployment": deployment})
    (made,) = result.asset_materializations_for_node("mentions")
    assert {
        name: value.value for name, value in made.metadata.items() if name in ("dagster/row_count", "problems")
    } == {
        "dagster/row_count": 0,
        "problems": 1,
    }
    assert [(problem["table"], problem["month"]) for problem in deployment.lake.problems()] == [("mentions", None)]
