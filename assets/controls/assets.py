"""The tables of controls: events, their timeline, the parameters and license rules, chips and their status."""

from __future__ import annotations

from assets.controls import announcements, chips, events, letters, ml_hardware, parameters, parameters_reviewed
from assets.controls import chip_status as of_chips
from assets.controls import license_rules as of_rules
from assets.controls.chips_specs import chip_specs as specifications
from assets.controls.letters_events import letter_events
from assets.controls.named_documents import KnownDocuments
from assets.controls.parameters import HeldDocument
from assets.controls.timeline import timeline
from assets.earnings import vendors
from assets.earnings.reports import may_report
from assets.table import whole_table
from resources.archive import Document
from resources.deployment import Deployment
from resources.documents import Parsed, SourceError
from resources.settings import ROOT


@whole_table(deps=["fr_documents", "filings"])
def restriction_events(deployment: Deployment) -> Parsed:
    """Read what every document held did to controls, and what filings and announcements tell.

    Whole, not by month: a document may act on one of years before, and a letter belongs to the first filing that tells
    of it, which may be taken in last.
    """
    listed = deployment.lake.rows("fr_documents")
    known = KnownDocuments(listed)
    parts = []
    for document in listed:
        sha256 = document["xml_sha256"]
        try:
            body = deployment.archive.read(sha256) if sha256 is not None else None
            parts.append(events.restriction_events(body, document, known))
        except SourceError as error:
            parts.append(Parsed([], [error]))
    announced = announcements.load()
    told, problems = _told_by_filings(deployment)
    parts.append(letter_events([*told, *announcements.statements(announced)]))
    parts.append(Parsed(announcements.announcement_events(announced), problems))
    return events.merged(parts)


@whole_table(deps=["restriction_events"])
def restriction_timeline(deployment: Deployment) -> Parsed:
    """Compute the intervals of every control, as each day's knowledge left them."""
    return Parsed(timeline(deployment.lake.rows("restriction_events")))


@whole_table(deps=["fr_documents"])
def control_parameters(deployment: Deployment) -> Parsed:
    """Read the thresholds from the text that the rules set out."""
    return parameters.control_parameters(_full_texts(deployment), parameters_reviewed.load())


@whole_table(deps=["fr_documents"])
def license_rules(deployment: Deployment) -> Parsed:
    """Hold the reviewed license rules against the text of the rules held."""
    return of_rules.license_rules(_full_texts(deployment))


@whole_table(deps=[], pool="epoch.ai")
def chip_specs(deployment: Deployment) -> Parsed:
    """Take in Epoch AI's table of hardware, and join it with the curated file."""
    problems: list[SourceError] = []
    hardware: list[ml_hardware.Hardware] = []
    sha256 = ""
    if deployment.sources.answers(ml_hardware.URL):
        deployment.take_in(ml_hardware.URL, source=ml_hardware.SOURCE, problems=problems)

        def read(held: Document) -> tuple[list[ml_hardware.Hardware], list[SourceError], str]:
            return *ml_hardware.read(held.body, ml_hardware.URL), held.sha256

        found = deployment.newest_readable(ml_hardware.URL, read, problems)
        if found is not None:
            hardware, of_cells, sha256 = found
            problems += of_cells
    parsed = specifications(hardware, chips.load(), sha256=sha256)
    return Parsed(parsed.rows, [*problems, *parsed.problems], parsed.metrics)


@whole_table(deps=["chip_specs", "control_parameters", "fr_documents", "license_rules", "restriction_events"])
def chip_control_status(deployment: Deployment) -> Parsed:
    """Decide each chip's status for each group of destinations on each day."""
    lake = deployment.lake
    rules = [row | {"conditions": of_rules.rule_conditions(row)} for row in lake.rows("license_rules")]
    asked, told = lake.rows("control_parameters"), lake.rows("restriction_events")
    return of_chips.chip_control_status(lake.rows("chip_specs"), asked, rules, told, lake.rows("fr_documents"))


def _full_texts(deployment: Deployment) -> list[HeldDocument]:
    """The full texts held, with what is known of their documents."""
    return [
        HeldDocument(
            document["document_number"],
            document["publication_date"],
            document["citation"],
            deployment.archive.read(document["xml_sha256"]),
            document["xml_sha256"],
        )
        for document in deployment.lake.rows("fr_documents")
        if document["xml_sha256"] is not None
    ]


def _told_by_filings(deployment: Deployment) -> tuple[list[letters.Statement], list[SourceError]]:
    """What the filings held say of letters and licenses, and what of them could not be read."""
    known = vendors.load(ROOT / deployment.settings.vendors)
    found: list[letters.Statement] = []
    problems: list[SourceError] = []
    for filing in deployment.lake.rows("filings"):
        sha256 = filing["primary_sha256"]
        if sha256 is None or not may_report(filing):
            continue
        try:
            body = deployment.archive.read(sha256)
            read = letters.statements(body, filing=filing, vendor=known[filing["vendor"]], sha256=sha256)
        except SourceError as error:
            problems.append(error)
            continue
        found += read.found
        problems += read.problems
    return found, problems
