"""How fast rules on the Entity List become its history, against lxml alone; run with ``python -m``.

``python -m tests.entity_list.speed_of_replay`` makes a history of rules, in the markup and with the share of tables of
a rule of the Bureau of Industry and Security, and measures the whole way: bytes, changes, history. It also measures one
rule that grows, where whatever is not linear shows. Every figure is the best of several runs, in seconds of the
processor; memory (without libxml2's) is measured in a pass of its own: that of the rows made, changes and history,
which grows with them, and what the peak takes beyond it. That the history is the one the rules were made
from is checked in the same run.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import pstats
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from xml.sax.saxutils import escape

from lxml import etree

from assets.entity_list.changes import changes
from assets.entity_list.history import history
from resources.documents import Row

DOCUMENTS = 200
ENTRIES = 17  # of one document; 200 documents make as many entries as the list of 2026 has
FIRST_DAY = date(2008, 1, 1)

# Per destination: its heading in a rule, its name in an address, first words of names.
COUNTRIES = (
    ("CHINA, PEOPLE'S REPUBLIC OF", "China", "Beijing Shanghai Shenzhen Wuhan Chengdu Nanjing Xi'an Hefei"),
    ("RUSSIA", "Russia", "Moscow Ural Volga Baltic Siberian Kazan Rostov"),
    ("IRAN", "Iran", "Tehran Isfahan Pars Shiraz Tabriz"),
    ("UNITED ARAB EMIRATES", "U.A.E", "Dubai Gulf Sharjah Jebel"),
    ("TÜRKİYE", "Turkey", "İstanbul Ankara Anadolu İzmir"),
    ("PAKISTAN", "Pakistan", "Lahore Karachi Indus Punjab"),
    ("HONG KONG", "Hong Kong", "Kowloon Harbour Victoria Lantau"),
    ("GERMANY", "Germany", "Rhein Hansa Berlin Neckar"),
)
FIELD_WORDS = (
    "Aerospace Navigation Microelectronics Optics Photonics Radar Instruments Semiconductor Precision Robotics Marine "
    "Satellite Quantum Computing Composite Bearing Turbine Ballistics Telecom Sensor Laser Chemical Vacuum Cryogenic "
    "Avionics Propulsion Industrial Trading Logistics Engineering Power"
)
FIELDS = FIELD_WORDS.split()
KINDS = ("Technology", "Development", "Systems", "Equipment", "Research", "Import and Export", "Industry")
FORMS = ("Co., Ltd.", "LLC", "Company", "Institute", "(Pvt.) Ltd.", "Group", "GmbH & Co. KG", "Corporation", "JSC")
STREETS = ("Science Park Road", "Industrial Zone", "Lenin Street", "Central Avenue", "Harbor Street, Block B")
REQUIREMENTS = (
    ["For all items subject to the EAR. (See § 744.11 of the EAR)"],
    ["For all items subject to the EAR. (See §§ 734.9(g),", "<SU>3</SU>", "744.21(b), and 746.8(a)(3) of the EAR)"],
    ["All items subject to the EAR. (See § 744.11 of the EAR)"],
)
POLICIES = (
    "Presumption of denial",
    "Policy of denial for all items subject to the EAR apart from food and medicine designated as EAR99, which will be "
    "reviewed on a case-by-case basis. See §§ 746.8(b) and 744.21(e)",
)
PROSE = (
    "The committee that reviews end users found reasonable cause to believe, on specific facts, that the entities "
    "named below have been involved in activities contrary to the national security or foreign policy interests of the "
    "United States, and that prior review of what is sent to them will lower the risk that it is put to such a use. "
)
AUTHORITY = "50 U.S.C. 4801-4852; 50 U.S.C. 4601; E.O. 12058, 43 FR 20947, 3 CFR, 1978 Comp., p. 179; " * 6
HEAD = (
    ("SUBAGY", "Bureau of Industry and Security"),
    ("CFR", "15 CFR Part 744"),
    ("SUBJECT", "Changes to the Entity List"),
    ("ACT", "Final rule."),
)
COUNTS = ("", "one alias", *(f"{word} aliases" for word in ("two", "three", "four", "five", "six", "seven", "eight")))
AND = '<E T="03">and</E>'


@dataclass
class Entry:
    """An entry of the made list; ``version`` counts its addition and its revisions."""

    number: int
    country: int
    name: str
    version: int = 1


@dataclass(frozen=True)
class Rule:
    """A made rule."""

    body: bytes
    number: str
    published: date


class Made:
    """A list that grows rule by rule: of seventeen entries thirteen are added, two revised, two removed.

    Args:
        first: number of its first entry; lists that begin far apart have no name and no address in common.
    """

    def __init__(self, first: int = 0) -> None:
        self._numbers = count(first)
        self._of_country = [first] * len(COUNTRIES)
        self.listed: list[Entry] = []
        self.periods = 0

    def rules(self, documents: int, entries: int = ENTRIES) -> Iterator[Rule]:
        """Make rules of as many entries each."""
        for position in range(documents):
            published = FIRST_DAY + timedelta(days=3 * position)
            number = f"{published.year}-{10000 + position:05d}"
            yield Rule(self._rule(number, published, position, entries), number, published)

    def _rule(self, number: str, published: date, position: int, entries: int) -> bytes:
        old = 2 * entries // ENTRIES
        # Two thirds of the entries stand under the first two destinations, as in the list.
        added = [
            self._added((position + n) % len(COUNTRIES) if n % 3 == 0 else n % 2) for n in range(entries - 2 * old)
        ]
        at = (7 * position) % max(1, len(self.listed) - 2 * old)
        revised, removed = self.listed[at : at + old], self.listed[at + old : at + 2 * old]
        for entry in revised:
            entry.version += 1
        self.listed = self.listed[: at + old] + self.listed[at + 2 * old :] + added
        self.periods += len(added) + len(revised)
        return _document(number, published, added, revised, removed)

    def _added(self, country: int) -> Entry:
        number, self._of_country[country] = self._of_country[country], self._of_country[country] + 1
        words = []
        for choice in (COUNTRIES[country][2].split(), FIELDS, KINDS, FORMS):
            number, at = divmod(number, len(choice))
            words.append(choice[at])
        # The form changes from name to name, whatever else does.
        words[-1] = FORMS[(self._of_country[country] + number) % len(FORMS)]
        series = f" No. {number}" if number else ""
        return Entry(next(self._numbers), country, " ".join(words[:3]) + series + " " + words[-1])


def _document(
    number: str, published: date, added: Sequence[Entry], revised: Sequence[Entry], removed: Sequence[Entry]
) -> bytes:
    ways = (
        ("adding, in alphabetical order,", "entries", added),
        ("revising", "the entries", revised),
        ("removing", "the entries", removed),
    )
    instructions, rows = [["2. Supplement No. 4 to part 744 is amended:"]], []
    touched = [n for n in range(len(COUNTRIES)) if any(e.country == n for e in (*added, *revised, *removed))]
    for letter, country in zip("abcdefgh", touched, strict=False):
        heading = COUNTRIES[country][0]
        instructions.append([f"{letter}. Under {heading}:"])
        own = [(verb, noun, [e for e in group if e.country == country]) for verb, noun, group in ways]
        for numeral, (verb, noun, group) in zip(("i", "ii", "iii"), (way for way in own if way[2]), strict=False):
            names = [f"“{escape(entry.name)}”; " for entry in group]
            last = [AND, names.pop()] if len(names) > 1 else []
            instructions.append([f"{numeral}. By {verb} {noun} for {''.join(names)}", *last])
        rows.append(_row([[heading]], first="01", stars="03"))
        for entry in (*added, *revised):
            if entry.country == country:
                rows += _rows_of(entry, published)
    day = f"{published:%B} {published.day}, {published.year}"
    titles = [["Country"], ["Entity"], *(["License ", _element("LI", [word], 8)] for word in ("requirement", "policy"))]
    table = [
        *(_element("CHED", [" "], 6) for _ in range(5)),
        _row([*titles, ["Federal Register citation"]], first="25"),
        *rows,
    ]
    return "\n".join(
        [
            "<RULE>\n        <PREAMB>",
            *(_element(tag, [words], 3) for tag, words in HEAD),
            _element(
                "EFFDATE", [_element("HD", ["DATES:"], 4), _element("P", [f"This rule is effective {day}."], 4)], 3
            ),
            "        </PREAMB>\n        <SUPLINF>",
            *(_element("P", [PROSE, _element("E", ["et seq."], 4), PROSE], 3) for _ in range(20)),
            *(_element("P", [f"• {escape(entry.name)}, "], 3) for entry in (*added, *revised, *removed)),
            '            <REGTEXT TITLE="15" PART="744">',
            _element("AMDPAR", ["1. The authority citation for 15 CFR part 744 continues to read as follows:"], 4),
            _element("AUTH", [_element("P", [AUTHORITY, _element("E", ["et seq.;"], 6), AUTHORITY], 5)], 4),
            '            </REGTEXT>\n            <REGTEXT TITLE="15" PART="744">',
            *(_element("AMDPAR", words, 4) for words in instructions),
            _element("HD", ["Supplement No. 4 to Part 744—Entity List"], 4),
            _element("GPOTABLE", table, 4).replace("<GPOTABLE>", '<GPOTABLE COLS="5">'),
            "            </REGTEXT>\n        </SUPLINF>",
            f"        <FRDOC>[FR Doc. {number} Filed 1-1-08; 8:45 am]</FRDOC>",
            "    </RULE>",
        ]
    ).encode()


def _element(tag: str, pieces: Sequence[str], depth: int) -> str:
    """Return an element as the register breaks it into lines: mixed content takes a line for each of its pieces."""
    pad = "    " * depth
    if len(pieces) == 1 and not pieces[0].lstrip().startswith("<"):
        return f"{pad}<{tag}>{pieces[0]}</{tag.partition(' ')[0]}>"
    inner = "\n".join(piece if piece.startswith(" ") else f"{pad}    {piece}" for piece in pieces)
    return f"{pad}<{tag}>\n{inner}\n{pad}</{tag.partition(' ')[0]}>"


def _row(cells: Sequence[Sequence[str]], *, first: str = "", stars: str = "") -> str:
    elements = [_element("ENT", cell, 7) for cell in cells]
    if first:
        elements[0] = elements[0].replace("<ENT>", f'<ENT I="{first}">', 1)
    if stars:
        elements.append(_element(f'ENT A="{stars}"', ["  *         *         *         *         *         *"], 7))
    return _element("ROW", elements, 6)


def _rows_of(entry: Entry, published: date) -> list[str]:
    """Return an entry's rows, with a row of asterisks behind them.

    Half of the entries have no other name, a fifth has one, others up to eight, and every third has a second address:
    as in the list of 2026. Every sixth of those with aliases has its addresses in a row of its own.
    """
    name = escape(entry.name)
    others = (0, 2, 0, 1, 0, 5, 0, 1, 0, 3)[entry.number % 10] if entry.number % 97 else 8
    addresses = _addresses(entry)
    own_row = others > 0 and entry.number % 6 == 5
    if others == 0:
        cell = [f"{name}, {addresses[0]}", *addresses[1:]]
    else:
        cell = [f"{name}, a.k.a., the following {COUNTS[others]}:"]
        for n in range(others):
            alias = f"—{name.rpartition(' ')[0].rstrip(',')} {'ABCDEFGH'[n]}{entry.number}"
            end = [f"{alias}; ", AND] if n == others - 2 else [f"{alias}{'.' if n == others - 1 else ';'}"]
            cell.append(_element("LI", end, 8))
        if not own_row:
            cell.append(_element("LI", addresses, 8))
    before = "".join(f"7{n} FR {1000 * n + entry.number}, {n}/1/0{n}. " for n in range(1, entry.version))
    citation = f"{before}89 FR [INSERT FR PAGE NUMBER AND {published.month}/{published.day}/{published.year}]."
    columns = [[" "], cell, REQUIREMENTS[entry.number % 3], POLICIES[entry.number % 2 :][:1], [citation]]
    rows = [_row(columns, first="22")]
    if own_row:
        rows.append(_row([[" "], addresses], first="22"))
    return [*rows, _row([[" "]], first="22", stars="03")]


def _addresses(entry: Entry) -> list[str]:
    """Return an entry's addresses as pieces of mixed content."""
    where = COUNTRIES[entry.country][1]
    street = STREETS[entry.number % len(STREETS)]
    made = [
        f"Room {10 + n}, Building {entry.number % 7}, No. {entry.number + n + 100 * entry.version} {street}, {where}"
        for n in range((1, 1, 2)[entry.number % 3] if entry.number % 50 else 4)
    ]
    note = " (See alternate addresses under Hong Kong)." if entry.number % 8 == 3 else "."
    pieces = [piece for address in made for piece in (AND, address)][1:]
    return [f"{piece}; " if piece in made[:-1] else piece for piece in pieces[:-1]] + [pieces[-1] + note]


def _seconds(measured: Callable[[], object]) -> float:
    begun = time.process_time()
    measured()
    return time.process_time() - begun


def _parse(rules: Sequence[Rule]) -> None:
    for rule in rules:
        etree.fromstring(rule.body)


def _replay(rules: Sequence[Rule], periods: int) -> tuple[list[Row], list[Row]]:
    """Return the changes and the history, and raise if that is not the one the rules were made from."""
    rows: list[Row] = []
    for rule in rules:
        read = changes(rule.body, document_number=rule.number, publication_date=rule.published, source_sha256="0" * 64)
        if read.problems:
            raise AssertionError(f"{rule.number}: {read.problems[0]}")
        rows += read.rows
    replayed = history(rows)
    if replayed.problems or len(replayed.rows) != periods:
        raise AssertionError(f"{len(replayed.rows)} periods instead of {periods}: {replayed.problems[:3]}")
    return rows, replayed.rows


def _line(label: str, documents: int, entries: int, runs: int) -> str:
    alone, chain = [], []
    for run in range(runs):
        # Every run has names of its own: what the code remembers of the run before is of no use to it.
        made = Made(run * 1_000_000)
        rules = list(made.rules(documents, entries))
        alone += [_seconds(lambda rules=rules: _parse(rules)) for _ in range(3)]  # type: ignore[misc]
        chain.append(_seconds(lambda rules=rules, periods=made.periods: _replay(rules, periods)))  # type: ignore[misc]
    made = Made(runs * 1_000_000)
    rules = list(made.rules(documents, entries))
    tracemalloc.start()
    made_of_them = _replay(rules, made.periods)
    gc.collect()
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    made_rows = sum(map(len, made_of_them))
    size = sum(len(rule.body) for rule in rules)
    per_entry = min(chain) / documents / entries * 1e6
    return (
        f"{label:>16} {size:>12,} {min(alone):>9.4f} {min(chain):>9.3f} {min(chain) / min(alone):>7.1f} "
        f"{per_entry:>9.0f} "
        f"{made_rows:>9,} {held / 2**20:>9.1f} {(peak - held) / 2**20:>11.1f}"
    )


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=DOCUMENTS, help="rules of the history once (1 x)")
    options.add_argument("--times", type=int, nargs="+", default=[1, 2, 5, 10], help="how many times as many")
    options.add_argument("--runs", type=int, default=3, help="runs, of which the best counts")
    options.add_argument("--profile", type=int, metavar="LINES", help="print the profile of the history once, no table")
    chosen = options.parse_args()
    if chosen.profile:
        made = Made()
        rules = list(made.rules(chosen.documents))
        profile = cProfile.Profile()
        profile.runcall(_replay, rules, made.periods)
        pstats.Stats(profile).sort_stats("tottime").print_stats(chosen.profile)
        return
    head = f"{'bytes':>12} {'lxml s':>9} {'chain s':>9} {'ratio':>7} {'us/entry':>9} "
    head += f"{'rows':>9} {'held MiB':>9} {'beyond MiB':>11}"
    print(f"{'rules':>16} {head}")
    for times in chosen.times:
        documents = chosen.documents * times
        print(_line(f"{documents:,}", documents, ENTRIES, chosen.runs), flush=True)
    print(f"{'one rule of':>16} {head}")
    for times in chosen.times:
        entries = chosen.documents * times
        print(_line(f"{entries:,} entries", 1, entries, chosen.runs), flush=True)


if __name__ == "__main__":
    main()
