"""The data dictionary is made from the contracts, is up to date, and says all of them."""

from __future__ import annotations

import re

import pytest

from expectations import contract
from expectations.contract import Contract
from expectations.dictionary import PAGE, data_dictionary


def test_the_page_is_the_one_made_from_the_contracts() -> None:
    assert PAGE.read_text("utf-8") == data_dictionary(), "run `make dictionary` after a change of a contract"


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    """Text of each table's section."""
    parts = re.split(r"^### (\w+)\n", data_dictionary(), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_table_has_its_section_and_its_line_in_the_overview(sections: dict[str, str]) -> None:
    assert sorted(sections) == sorted(contract.load_all())
    for name, terms in contract.load_all().items():
        assert f"| [`{name}`](#{name}) | {terms.subject} | {', '.join(terms.grain)} |" in data_dictionary()


@pytest.mark.parametrize("terms", contract.load_all().values(), ids=lambda terms: terms.table)
def test_a_section_has_every_column_with_its_type_and_meaning(terms: Contract, sections: dict[str, str]) -> None:
    section = sections[terms.table]
    # A cell's bar is escaped; \| splits no cell.
    rows = [re.split(r"(?<!\\)\|", line) for line in section.splitlines() if line.startswith("| `")]
    described = {row[1].strip(" `"): [cell.strip() for cell in row[2:-1]] for row in rows}
    assert list(described) == list(terms.columns)
    for name, column in terms.columns.items():
        kind, unit, empty, meaning = described[name]
        assert (kind, unit, empty) == (column.type, column.unit, "may be" if column.nullable else "")
        assert meaning.replace("\\|", "|") == column.meaning.strip()
    for expectation in terms.all_expectations:
        assert f"- `{expectation.expect}(" in section
