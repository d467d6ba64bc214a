"""The data dictionary, written from the contracts."""

from __future__ import annotations

from itertools import groupby

from expectations.contract import Contract, Expectation, load_all
from resources.settings import ROOT

PAGE = ROOT / "docs" / "data-dictionary.md"
_HEAD = """# Data dictionary

Made from `expectations/*.yml` by `chokepoint dictionary`; change those, not this. Each table is a file
`lake/current/<table>.parquet`, ordered by its grain (one row for each combination of these columns).
"""


def data_dictionary() -> str:
    """Return the whole page as Markdown."""
    by_subject = sorted(load_all().values(), key=lambda terms: (terms.subject, terms.table))
    parts = [_HEAD, _overview(by_subject)]
    for subject, tables in groupby(by_subject, key=lambda terms: terms.subject):
        parts.append(f"## {subject}\n")
        parts += [_table(terms) for terms in tables]
    return "\n".join(parts)


def _overview(tables: list[Contract]) -> str:
    rows = [f"| [`{terms.table}`](#{terms.table}) | {terms.subject} | {', '.join(terms.grain)} |" for terms in tables]
    return "\n".join(["| table | subject | one row for each |", "|---|---|---|", *rows, ""])


def _table(terms: Contract) -> str:
    lines = [f"### {terms.table}\n", f"{terms.description.strip()}\n"]
    lines.append(f"One row for each ({', '.join(terms.grain)}).\n")
    lines += ["| column | type | unit | empty? | meaning |", "|---|---|---|---|---|"]
    for name, column in terms.columns.items():
        empty = "may be" if column.nullable else ""
        lines.append(f"| `{name}` | {column.type} | {column.unit} | {empty} | {_cell(column.meaning)} |")
    lines += ["", "Checks:", ""]
    lines += [_check(expectation) for expectation in terms.all_expectations]
    return "\n".join([*lines, ""])


def _check(expectation: Expectation) -> str:
    why = f": {expectation.why}" if expectation.why else ""
    mark = "" if expectation.severity == "critical" else " (warning)"
    return f"- `{expectation.call}`{mark}{why}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
