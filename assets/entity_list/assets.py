"""The tables of the Entity List: what each rule changes, the list through time, and the official lists as printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pyarrow as pa

from assets.entity_list import ecfr, screening_list
from assets.entity_list.changes import changes
from assets.entity_list.history import history
from assets.entity_list.reconciliation import reconciliation, shares
from assets.federal_register.assets import read_full_texts
from assets.table import monthly_table, whole_table
from expectations import contract
from resources.archive import Document
from resources.deployment import Deployment
from resources.documents import Parsed, Row, SourceError, TransientSourceError

Received = Mapping[str, Sequence[tuple[date, str]]]
"""Bodies of the screening list held, by the month they were received in: day and sha256, oldest first."""


@monthly_table(deps=["fr_documents"])
def entity_list_changes(months: Sequence[str], deployment: Deployment) -> Iterator[tuple[str, Parsed]]:
    """Read what each document held does to the lists of part 744."""
    for month in months:
        yield month, read_full_texts(month, deployment, changes)


@whole_table(deps=["entity_list_changes", "entity_list_snapshots", "fr_documents"])
def entity_list_history(deployment: Deployment) -> Parsed:
    """Replay all changes in order of effect, on the base of the earliest official text."""
    documents = deployment.lake.rows("fr_documents")
    document_of = {row["citation"]: row["document_number"] for row in documents if row["citation"]}
    citation_of = {row["document_number"]: row["citation"] for row in documents if row["citation"]}
    return history(deployment.lake.rows("entity_list_changes"), _base(deployment), document_of, citation_of)


@whole_table(deps=["entity_list_history", "entity_list_snapshots", "fr_documents"])
def entity_list_reconciliation(deployment: Deployment) -> Parsed:
    """Hold the replayed lists against each official text, a month's texts at a time: there may be a hundred."""
    lake = deployment.lake
    replayed, documents = lake.rows("entity_list_history"), lake.rows("fr_documents")
    base_day: date | None = None
    terms = contract.load("entity_list_reconciliation")
    tables: list[pa.Table] = [terms.table_of([])]
    metrics: dict[str, float] = {}
    for month in lake.months("entity_list_snapshots"):
        snapshots = lake.rows("entity_list_snapshots", month=month)
        base_day = base_day or _first_day(snapshots)
        rows = reconciliation(replayed, snapshots, documents, base_day=base_day)
        metrics |= {f"share matched: {text}": share for text, share in shares(rows).items()}
        tables.append(terms.table_of(rows))
    return Parsed(pa.concat_tables(tables), metrics=metrics)


def _base(deployment: Deployment) -> list[Row]:
    """The entries of the earliest official text held; none where a folder holds none."""
    for month in deployment.lake.months("entity_list_snapshots"):
        held = deployment.lake.rows("entity_list_snapshots", month=month)
        if (first := _first_day(held)) is not None:
            return [row for row in held if _is_ecfr_entry(row) and row["snapshot_date"] == first]
    return []


def _first_day(snapshots: Sequence[Row]) -> date | None:
    """Day of the earliest eCFR text among official texts."""
    return min((row["snapshot_date"] for row in snapshots if _is_ecfr_entry(row)), default=None)


def _is_ecfr_entry(row: Row) -> bool:
    return bool(row["source"] == ecfr.SOURCE and row["kind"] == "entry")


@monthly_table(pool="www.ecfr.gov")
def entity_list_snapshots(months: Sequence[str], deployment: Deployment) -> Iterator[tuple[str | None, Parsed]]:
    """Take in the eCFR's lists as each month left them, and the screening list as it comes.

    The screening list has no past: a month has what was received in it.
    """
    of_index: list[SourceError] = []
    days = _version_days(deployment, of_index)
    if days is not None:  # otherwise the rows held stay, whatever the month
        of_open_month: list[SourceError] = []
        open_month = f"{deployment.sources.now():%Y-%m}"
        if open_month in months and deployment.sources.answers(screening_list.URL):
            deployment.take_in(screening_list.URL, source=screening_list.SOURCE, problems=of_open_month)
        received = _screening_lists_received(deployment)
        before = _last_text(deployment, min(months, default=""))
        for month in months:
            rows: list[Row] = []
            problems = of_open_month if month == open_month else []
            for day in ecfr.days_to_take(days, month):
                of_day = _snapshot(day, before, deployment, problems)
                before = of_day or before
                rows += of_day
            rows += _screening_list(month, received, deployment, problems)
            yield month, Parsed(rows, problems)
    yield None, Parsed([], of_index)


def _version_days(deployment: Deployment, problems: list[SourceError]) -> list[date] | None:
    """Days on which part 744 changed; ``None``, and the reason among the problems, where the list cannot be trusted."""
    if not deployment.sources.answers(ecfr.versions_url(ecfr.BASE)):
        return []  # a folder need not hold the eCFR, and then nothing of it is missing
    pages: list[ecfr.VersionsPage] = []
    try:
        while not pages or len(pages) < pages[0].pages:
            url = ecfr.versions_url(ecfr.BASE, len(pages) + 1)
            pages.append(ecfr.versions_page(deployment.take_in_index(url, source=ecfr.SOURCE).body, document=url))
        return ecfr.version_days(pages)
    except TransientSourceError:
        raise
    except SourceError as error:
        problems.append(error)
        return None


def _last_text(deployment: Deployment, month: str) -> list[Row]:
    """Entries of the last eCFR text held of before a month."""
    for earlier in sorted(deployment.lake.months("entity_list_snapshots"), reverse=True):
        if earlier < month:
            held = [row for row in deployment.lake.rows("entity_list_snapshots", month=earlier) if _is_ecfr_entry(row)]
            if held:
                last = max(row["snapshot_date"] for row in held)
                return [row for row in held if row["snapshot_date"] == last]
    return []


def _snapshot(day: date, before: Sequence[Row], deployment: Deployment, problems: list[SourceError]) -> list[Row]:
    """Rows of the newest snapshot of a day that can be read; what is wrong with a newer one is among the problems.

    One that lost more since the text before it than rules can take away is not read.
    """
    url = ecfr.snapshot_url(ecfr.BASE, day)
    deployment.take_in(url, source=ecfr.SOURCE, problems=problems)

    def read(held: Document) -> Parsed:
        parsed = ecfr.snapshot(held.body, snapshot_date=day, source_sha256=held.sha256)
        if deployment.accepts_loss("entity_list_snapshots", f"{day:%Y-%m}"):
            return parsed
        lost = ecfr.losses(before, parsed.rows, floor=deployment.settings.sources_kind != "samples")
        return Parsed(parsed.rows, [*parsed.problems, *lost])

    parsed = deployment.newest_readable(url, read, problems)
    problems += parsed.problems if parsed is not None else []
    return parsed.rows if parsed is not None else []


def _screening_lists_received(deployment: Deployment) -> Received:
    """Read from the ledger, not :meth:`Archive.versions`: each body is some 20 MB, and there is one every day."""
    received: dict[str, list[tuple[date, str]]] = {}
    for row in deployment.archive.ledger():
        if row["url"] == screening_list.URL and row["sha256"] is not None:
            day = row["fetched_at"].date()
            received.setdefault(f"{day:%Y-%m}", []).append((day, row["sha256"]))
    return received


def _screening_list(month: str, received: Received, deployment: Deployment, problems: list[SourceError]) -> list[Row]:
    """Rows of the newest screening list of a month that can be read, under the day since which its lists are the same.

    So a night that brings news of other agencies' lists only changes nothing here.
    """
    newest: Parsed | None = None
    unreadable: SourceError | None = None
    rows: list[Row] = []
    for day, sha256 in reversed(received.get(month, [])):
        try:
            body = deployment.archive.read(sha256)
            parsed = screening_list.screening_list(
                body, document=screening_list.URL, snapshot_date=day, source_sha256=sha256
            )
        except SourceError as error:
            unreadable = unreadable or (error if newest is None else None)
            continue
        if newest is not None and _said(parsed.rows) != _said(rows):
            break
        newest, rows = newest or parsed, parsed.rows
    problems += [unreadable] if unreadable is not None else []
    problems += newest.problems if newest is not None else []
    return rows


def _said(rows: Sequence[Row]) -> list[Row]:
    """What rows say, whenever it was received."""
    return [{**row, "snapshot_date": None, "source_sha256": None} for row in rows]
