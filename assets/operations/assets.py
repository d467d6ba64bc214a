"""The pipeline's own tables, and the release."""

import dagster as dg
import pyarrow as pa

from assets.operations.code_version import code_version
from assets.table import OWNERS, STALE_AFTER, whole_table
from expectations import contract
from resources import release as releases
from resources.deployment import Deployment
from resources.documents import Parsed

_OF_OPERATIONS = [name for name, terms in contract.load_all().items() if terms.layer == "operations"]
_OF_SUBJECTS = [name for name in contract.load_all() if name not in _OF_OPERATIONS]
_INTAKE = [name for name, terms in contract.load_all().items() if terms.by_month]


@whole_table(deps=_INTAKE)
def fetches(deployment: Deployment) -> Parsed:
    """The archive's ledger."""
    return Parsed(deployment.archive.ledger())


@whole_table(deps=_OF_SUBJECTS)
def quarantine(deployment: Deployment) -> Parsed:
    """All problems of all tables; one that was reported twice stands once."""
    grain = contract.load("quarantine").grain
    once = {tuple(row[name] for name in grain): row for row in deployment.lake.problems()}
    return Parsed(list(once.values()))


@whole_table(deps=[*_OF_SUBJECTS, "fetches", "quarantine"])
def release_diff(deployment: Deployment) -> Parsed:
    """What changed since the current release, if that is of the same sources."""
    current = deployment.releases.current()
    same = current is not None and current.manifest["sources"] == deployment.settings.sources_key
    return Parsed(
        releases.diff(current.folder if current and same else None, _tables(deployment, without="release_diff"))
    )


@dg.asset(
    deps=[*contract.load_all(), "report"],
    group_name="operations",
    owners=OWNERS,
    kinds={"parquet"},
    freshness_policy=STALE_AFTER,
    description=(
        "What analysts see: all tables and the report in an immutable folder with a manifest, published by one atomic "
        "flip of lake/current. It comes after every blocking check; a failed night changes nothing."
    ),
)
def release(context: dg.AssetExecutionContext, deployment: dg.ResourceParam[Deployment]) -> dg.MaterializeResult[None]:
    """Publish, unless nothing changed."""
    published, is_new = deployment.releases.publish(
        _tables(deployment),
        files={"report.html": (deployment.lake.folder.with_name("report") / "report.html").read_bytes()},
        sources=deployment.settings.sources_key,
        code_version=code_version(),
        published_at=deployment.sources.now().isoformat(),
    )
    context.log.info(f"release {published.id} {'published' if is_new else 'stays: no table changed a byte'}")
    lines = [f"| {name} | {rows} |" for name, rows in published.tables.items()]
    return dg.MaterializeResult(
        metadata={
            "release": published.id,
            "is_new": is_new,
            "folder": dg.MetadataValue.path(str(published.folder)),
            "tables": dg.MetadataValue.md("\n".join(["| table | rows |", "|---|---|", *lines])),
            "report": dg.MetadataValue.url(f"http://localhost:{deployment.settings.report_port}/current/report.html"),
        }
    )


def _tables(deployment: Deployment, without: str = "") -> dict[str, pa.Table]:
    return {name: deployment.lake.read(name) for name in contract.load_all() if name != without}
