"""The readers of facts beside the plain parser of their format, and beside edgartools: ratios within one run.

Each pair is measured in turns and by the time of this process, so that what else the machine does counts little.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from lxml import etree
from pytest_benchmark.fixture import BenchmarkFixture

from assets.earnings import companyfacts, inline_xbrl, vendors

ROUNDS = 15
NVIDIA = vendors.load()["nvidia"]


def _ratio(benchmark: BenchmarkFixture, ours: Callable[[], Any], other: Callable[[], Any]) -> float:
    """How many times longer ours takes, by the fastest of each; the benchmark's table shows ours."""
    ours(), other()
    spent: dict[Callable[[], Any], float] = {}
    gc.collect()
    for _ in range(ROUNDS):
        for each in (ours, other):
            start = time.process_time()
            each()
            took = time.process_time() - start
            spent[each] = min(spent.get(each, took), took)
    benchmark.pedantic(ours, rounds=ROUNDS, warmup_rounds=1)
    ratio = spent[ours] / spent[other]
    benchmark.extra_info["ratio"] = round(ratio, 2)
    print(f"\n{benchmark.name}: {spent[ours] * 1e3:.1f} ms, {ratio:.2f} × {spent[other] * 1e3:.1f} ms")
    return ratio


def test_companyfacts_beside_orjson(benchmark: BenchmarkFixture, companyfacts_document: Path) -> None:
    body = companyfacts_document.read_bytes()
    ratio = _ratio(
        benchmark,
        lambda: companyfacts.facts_of(body, vendor=NVIDIA, document="d", sha256="0" * 64),
        lambda: orjson.loads(body),
    )
    assert ratio <= 2


def test_companyfacts_beside_edgartools(benchmark: BenchmarkFixture, companyfacts_document: Path) -> None:
    parser = pytest.importorskip("edgar.entity.parser", reason="edgartools is in the group bench").EntityFactsParser
    body = companyfacts_document.read_bytes()
    ratio = _ratio(
        benchmark,
        lambda: companyfacts.facts_of(body, vendor=NVIDIA, document="d", sha256="0" * 64),
        lambda: parser.parse_company_facts(orjson.loads(body)).to_dataframe(),
    )
    assert ratio <= 1 / 5


def test_inline_xbrl_beside_lxml(benchmark: BenchmarkFixture, inline_document: Path) -> None:
    """Two is the aim (issue 5), and not reached: most of what is left are single calls into lxml for 966 facts."""
    body = inline_document.read_bytes()

    def read() -> Any:
        return inline_xbrl.facts_of(
            body,
            vendor=NVIDIA,
            accession_number="0001045810-23-000227",
            form="10-Q",
            filed=date(2023, 11, 21),
            document="d",
            sha256="0" * 64,
        )

    assert _ratio(benchmark, read, lambda: etree.fromstring(body)) <= 4


def test_a_hundred_vendors_stay_under_500_megabytes(companyfacts_document: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.hundred_vendors", str(tmp_path), str(companyfacts_document)],
        cwd=Path(__file__).resolve().parents[1],
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    _, rows, problems, peak = map(int, done.stdout.split()[-4:])
    print(f"\n{rows} rows, peak {peak} MB")
    assert (rows, problems) == (100 * 26_903, 0)
    assert peak < 500
