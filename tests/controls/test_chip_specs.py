"""Chips from Epoch AI's table and the reviewed file; values are those of the data sheets named beside them."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assets.controls import chips, ml_hardware
from assets.controls.chips_specs import chip_specs
from expectations import contract
from resources.documents import Parsed, SourceError

SAMPLE = Path("epoch.ai/data/ml_hardware.csv")


@pytest.fixture(scope="session")
def real_table(real_documents: Path) -> bytes:
    return (real_documents / "mirror" / SAMPLE).read_bytes()


def _specs(body: bytes) -> tuple[dict[str, dict[str, Any]], Parsed]:
    hardware, problems = ml_hardware.read(body)
    assert problems == []
    made = chip_specs(hardware, chips.load(), sha256="0" * 64)
    return {row["chip"]: row for row in made.rows}, made


def _table(*lines: dict[str, str]) -> bytes:
    columns = sorted(ml_hardware._TAKEN)
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()


def _line(name: str, **cells: str) -> dict[str, str]:
    named = {
        "tensor": ml_hardware.TENSOR_16,
        "half": ml_hardware.VECTOR_16,
        "int8": "INT8 performance (OP/s)",
        "die": "Die Size (mm^2)",
        "process": "Process size (nm)",
        "tf32": "TF32 (TensorFloat-32) performance (FLOP/s)",
        "tpp": "Total processing performance (bit-OP/s)",
        "cores": "Tensor cores",
        "released": "Release date",
    }
    return {"Hardware name": name, "Manufacturer": "Somebody", **{named[key]: cell for key, cell in cells.items()}}


@pytest.mark.parametrize(
    ("chip", "tpp", "density"),
    [
        ("NVIDIA A100", "4992", "6.043584"),  # 312 × 16; GA100 826 mm²
        ("NVIDIA H100 SXM", "15832", "19.449631"),  # 989.5 × 16; GH100 814 mm²
        ("NVIDIA H20", "2368", "2.909091"),  # 148 × 16
        ("NVIDIA L40S", "5864", "9.636812"),  # 733 × 8; AD102 608.5 mm²; 1,466 is with sparsity
        ("NVIDIA L20", "1912", "3.142153"),  # 239 × 8
        ("NVIDIA L4", "1940", "6.587436"),  # 242.5 × 8; 485 is with sparsity
        ("NVIDIA L2", "1544", "5.242784"),  # 193 × 8
        ("NVIDIA GeForce RTX 4090", "5284.8", "8.684963"),  # 660.6 × 8
        ("NVIDIA GeForce RTX 4090 D", "4707.2", "7.735744"),  # 114 SM × 1024 × 2.52 GHz at 16 bits
        ("AMD Instinct MI250X", "6128", "4.232044"),  # 383 × 16; two dies of 724 mm²
        ("AMD Instinct MI300X", "20919.2", None),  # 2,614.9 × 8; area of its dies not published
        ("AMD Instinct MI308X", None, None),
        ("Huawei Ascend 910", "4096", "6.561474"),  # 256 × 16; logic 456.25 + 168 mm², no memory
        ("NVIDIA GB200", "40000", None),  # of one GPU, 2,500 × 16
    ],
)
def test_measures_of_the_samples_chips(samples: Path, chip: str, tpp: str | None, density: str | None) -> None:
    rows, _ = _specs((samples / SAMPLE).read_bytes())
    assert rows[chip]["tpp"] == (Decimal(tpp) if tpp else None)
    assert rows[chip]["performance_density"] == (Decimal(density) if density else None)


@pytest.mark.parametrize("name", ["sample", "real"])
def test_rows_fit_the_contract(samples: Path, request: pytest.FixtureRequest, name: str) -> None:
    body = (samples / SAMPLE).read_bytes() if name == "sample" else request.getfixturevalue("real_table")
    _, made = _specs(body)
    table = contract.load("chip_specs").table_of(made.rows)
    assert table.num_rows == len(made.rows)


def test_every_line_of_the_real_table_is_one_chip(real_table: bytes) -> None:
    hardware, problems = ml_hardware.read(real_table)
    assert (len(hardware), problems) == (170, [])
    rows, made = _specs(real_table)
    found = [name for row in rows.values() for name in (row["chip"], *row["aliases"])]
    assert {line.name for line in hardware} <= set(found)
    assert made.metrics == {"reviewed_chips_without_their_line": 0.0}


def test_binary_floats_become_exact() -> None:
    hardware, _ = ml_hardware.read(_table(_line("X", half="65129999999999.9", tensor="1.8431e+16")))
    assert hardware[0].rates == {"fp16": Decimal(18431)}
    hardware, _ = ml_hardware.read(_table(_line("X", half="65129999999999.9")))
    assert hardware[0].rates == {"fp16": Decimal("65.13")}


def test_rate_beyond_twice_that_of_16_bits_may_be_sparse() -> None:
    # An A100-like line whose INT8 was typed from the data sheet's column "with sparsity": 1,248.
    rows, made = _specs(_table(_line("X", tensor="312e12", int8="1248e12", tpp="9984e12")))
    row = rows["X"]
    assert (row["tpp_low"], row["tpp"], row["tpp_high"]) == (4992, 9984, 9984)
    assert row["needs_review"]
    assert ["int8: 1248 is 4.00 times the rate of 16 bits, 312" in str(one) for one in made.problems] == [True]


def test_computed_tpp_and_the_tables_own_stand_beside_each_other() -> None:
    rows, made = _specs(_table(_line("X", tensor="100e12", tpp="2400e12")))
    assert (rows["X"]["tpp_low"], rows["X"]["tpp_high"]) == (1600, 2400)
    assert "1600 (computed, fp16) and 2400 (Epoch AI's own column)" in str(made.problems[0])


def test_without_rate_of_its_matrix_units_tpp_is_the_least() -> None:
    rows, _ = _specs(_table(_line("X", half="31.5e12", cores="288")))
    assert (rows["X"]["tpp"], rows["X"]["tpp_high"]) == (504, None)


def test_sources_that_differ_leave_the_quantity_empty(samples: Path) -> None:
    rows, made = _specs((samples / SAMPLE).read_bytes())
    biren = rows["Biren BR100"]
    assert biren["interconnect_gb_per_s"] is None
    assert any("640" in text and "412" in text and "not settled" in text for text in biren["conflicts"])
    assert any("Biren BR100: interconnect" in str(one) for one in made.problems)
    # Ascend 910B: reports of 320 and 376 TFLOPS, both beyond 4800.
    ascend = rows["Huawei Ascend 910B"]
    assert (ascend["tpp_low"], ascend["tpp_high"]) == (5120, 6016)


def test_die_counts_where_the_node_is_known() -> None:
    lines = [_line("N", tensor="100e12", die="400", process="7"), _line("P", half="1e12", die="400", process="28")]
    rows, _ = _specs(_table(*lines, _line("U", tensor="100e12", die="400")))
    assert (rows["N"]["die_area_mm2"], rows["N"]["performance_density"]) == (400, 4)
    assert (rows["P"]["die_area_mm2"], rows["P"]["performance_density"]) == (0, None)
    assert (rows["U"]["die_area_mm2"], rows["U"]["performance_density"]) == (None, None)


def test_figures_of_a_board_are_shared_by_its_circuits(samples: Path) -> None:
    rows, _ = _specs((samples / SAMPLE).read_bytes())
    assert (rows["Cambricon MLU370-X8"]["int8_tops"], rows["Cambricon MLU370-X8"]["tpp"]) == (128, 1024)


@pytest.mark.parametrize(
    ("name", "chip"),
    [
        ("NVIDIA H100 SXM5 80GB", "NVIDIA H100 SXM"),
        ("nvidia h100  sxm5 80 gb", "NVIDIA H100 SXM"),
        ("L20 PCIe", "NVIDIA L20"),
        ("NVIDIA L20 PCle", "NVIDIA L20"),
        ("RTX 4090", "NVIDIA GeForce RTX 4090"),
        ("HL-325L", "Intel Gaudi 3"),
        ("NVIDIA GeForce RTX 4090 D", "NVIDIA GeForce RTX 4090 D"),
        ("H100 of another kind", None),
    ],
)
def test_names_lead_to_chips(name: str, chip: str | None) -> None:
    found = chips.load().named(name)
    assert (found.chip if found else None) == chip


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<!doctype html><title>moved</title>", "page instead of CSV"),
        (b"Hardware name,Manufacturer\nA,B\n", "lacks the columns"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_what_is_no_table_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        ml_hardware.read(body)


def test_bad_cells_are_reported_and_lose_nothing_else() -> None:
    body = _table(
        _line("A", tensor="fast", die="-3", released="soon", int8="8e12"),
        _line("A", tensor="1e12"),
        _line("", tensor="1e12"),
        _line("B", tensor="2e12"),
    )
    hardware, problems = ml_hardware.read(body)
    assert [(line.name, line.rates) for line in hardware] == [("A", {"int8": 8}), ("B", {"fp16": 2})]
    assert [reason for one in problems for reason in [one.reason.split(":")[0]]] == [
        "A", "A", "A", "'A' stands twice; the first, on line 2, is kept",
        "a line without a hardware name; it is left out",
    ]  # fmt: skip
    assert all(one.place for one in problems)


def test_columns_that_are_new_are_reported() -> None:
    body = _table(_line("A", tensor="1e12")).replace(b"Hardware name", b"Hardware name,FP6 performance (FLOP/s)", 1)
    body = body.replace(b"\r\n", b",\r\n").replace(b",\r\n", b"\r\n", 1)
    _, problems = ml_hardware.read(body)
    assert "FP6 performance" in str(problems[0])


def test_the_reviewed_file_refuses_two_owners_of_a_name(tmp_path: Path) -> None:
    file = tmp_path / "chips.yml"
    file.write_text("sources: {}\nbrands: []\nchips:\n- {chip: A, vendor: X}\n- {chip: B, vendor: X, aliases: [a]}\n")
    with pytest.raises(ValueError, match="names A and B"):
        chips.load(file)


def test_tf32_counts_with_19_or_32_bits_where_that_matters() -> None:
    # AWS Trainium: 190 TFLOPS in BF16 and in TF32. An A100 (312, 156) has the same TPP either way.
    rows, made = _specs(_table(_line("X", tensor="190e12", tf32="190e12"), _line("Y", tensor="312e12", tf32="156e12")))
    assert [(rows[name]["tpp_low"], rows[name]["tpp_high"]) for name in "XY"] == [(3610, 6080), (4992, 4992)]
    assert [("stored" in one) for one in rows["X"]["conflicts"]] == [True]
    assert made.problems == []


def test_links_within_a_node_are_the_least_of_a_transfer_rate(real_table: bytes) -> None:
    rows, _ = _specs(real_table)
    found = [rows[name] for name in ("Huawei Ascend 910B", "NVIDIA A800 SXM")]
    assert [(row["interconnect_gb_per_s"], row["interconnect_is_least"]) for row in found] == [
        (392, True),
        (400, False),
    ]


def test_area_that_is_only_bounded_is_no_area(real_table: bytes) -> None:
    rows, _ = _specs(real_table)
    expected = {"Google TPU v4": (None, 600), "Google TPU v4i": (None, 400), "NVIDIA H20": (814, None)}
    found = {name: (rows[name]["die_area_mm2"], rows[name]["die_area_at_most_mm2"]) for name in expected}
    assert found == expected
