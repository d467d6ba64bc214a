"""The report: one page with pictures."""

import dagster as dg

from assets.earnings import vendors
from assets.earnings.views import first_reported
from assets.report import page
from assets.table import OWNERS, STALE_AFTER
from expectations import contract
from resources.deployment import Deployment
from resources.files import write_whole
from resources.settings import ROOT

_COUNTED = [name for name, terms in contract.load_all().items() if terms.layer != "operations"]


@dg.asset(
    deps=_COUNTED,
    group_name="report",
    owners=OWNERS,
    kinds={"html"},
    freshness_policy=STALE_AFTER,
    description=(
        "One self-contained page: the timeline of restrictions, China's revenue by vendor, and the forecast, as charts "
        "and tables. Each release has its copy."
    ),
)
def report(context: dg.AssetExecutionContext, deployment: dg.ResourceParam[Deployment]) -> dg.MaterializeResult[None]:
    """Build the page from the tables."""
    lake = deployment.lake
    html = page.build(
        timeline=lake.rows("mart_timeline"),
        controls=lake.rows("restriction_timeline"),
        parameters=lake.rows("control_parameters"),
        chips=lake.rows("chip_specs"),
        chip_statuses=lake.rows("chip_control_status"),
        china_revenue=first_reported(lake.rows("mart_vendor_china_revenue")),
        forecast=lake.rows("vendor_revenue_forecast"),
        backtest=lake.rows("forecast_backtest"),
        quarters=first_reported(lake.rows("vendor_quarters")),
        lists_as_of=max(lake.read("mart_entity_list_current")["as_of_date"].to_pylist(), default=None),
        sources=deployment.settings.sources_kind,
        counts={name: lake.read(name).num_rows for name in _COUNTED},
        vendor_names={slug: vendor.name for slug, vendor in vendors.load(ROOT / deployment.settings.vendors).items()},
    )
    path = lake.folder.with_name("report") / "report.html"
    write_whole(path, html)
    context.log.info(f"report: {len(html):,} bytes")
    address = f"http://localhost:{deployment.settings.report_port}/current/report.html"
    return dg.MaterializeResult(
        metadata={
            "page": dg.MetadataValue.url(address),
            "file": dg.MetadataValue.path(str(path)),
            "bytes": len(html),
        }
    )
