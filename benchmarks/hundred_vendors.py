"""Take in companyfacts of a hundred vendors through the asset ``facts`` and print the peak of memory.

``python -m benchmarks.hundred_vendors FOLDER DOCUMENT``: the vendors are copies of one document under other numbers,
made in FOLDER, which the caller removes. Prints months, rows and the peak of this process in megabytes (10^6 bytes).
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

import orjson

VENDORS = 100
FIRST_MONTH, LAST_MONTH = "2009-06", "2026-10"


def make_sources(folder: Path, document: Path) -> None:
    """Write the folder that answers for the SEC, and the list of vendors."""
    body = document.read_bytes()
    held = orjson.loads(body)["cik"]
    facts = folder / "data.sec.gov/api/xbrl/companyfacts"
    lists = folder / "data.sec.gov/submissions"
    for made in (facts, lists):
        made.mkdir(parents=True)
    vendors = ["vendors:"]
    for number in range(1, VENDORS + 1):
        (facts / f"CIK{number:010d}.json").write_bytes(body.replace(b'"cik":%d' % held, b'"cik":%d' % number, 1))
        vendors += [
            f"  v{number}:",
            f"    {{cik: {number}, name: V{number}, names_zh: [], role: designer, fiscal_year_end_month: 1,"
            " fiscal_year_end_note: made up}",
        ]
    (folder / "vendors.yml").write_text("\n".join(vendors), "utf-8")
    # One day, which is the clock of the folder.
    recent = {"recent": {"filingDate": [f"{LAST_MONTH}-01"]}}
    (lists / "CIK0000000001.json").write_bytes(orjson.dumps({"cik": "1", "filings": recent}))


def main(folder: Path, document: Path) -> None:
    """Make the sources, materialize the asset once for all months, print what it took."""
    make_sources(folder / "sources", document)
    os.environ |= {
        "CHOKEPOINT_SOURCES": f"mirror:{folder / 'sources'}",
        "CHOKEPOINT_STATE": str(folder / "state"),
        "CHOKEPOINT_LAKE": str(folder / "lake"),
        "CHOKEPOINT_VENDORS": str(folder / "sources" / "vendors.yml"),
        "CHOKEPOINT_FIRST_MONTH": FIRST_MONTH,
        "DAGSTER_HOME": "",
    }
    import dagster as dg  # noqa: PLC0415 - settings are read on import

    from assets.earnings.assets import facts  # noqa: PLC0415
    from resources.deployment import Deployment  # noqa: PLC0415
    from resources.settings import settings  # noqa: PLC0415

    deployment = Deployment.of(settings())
    tags = {"dagster/asset_partition_range_start": FIRST_MONTH, "dagster/asset_partition_range_end": LAST_MONTH}
    if not dg.materialize([facts], resources={"deployment": deployment}, tags=tags).success:
        sys.exit(1)
    problems = deployment.lake.problems()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(len(deployment.lake.months("facts")), deployment.lake.count("facts"), len(problems), round(peak))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
