"""Histories of rules on the Entity List: a plain model of the list, and the rules as the Federal Register prints them.

The markup is that of the real document 2023-03929 with the irregularities that occur in it and in others, drawn one by
one, so that a failing history shrinks to those that matter. The model knows nothing of the code under test.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, Literal
from xml.sax.saxutils import escape

from hypothesis import strategies as st

Verb = Literal["add", "revise", "rename", "remove", "move", "correct"]
Line = tuple[Any, ...]
"""An entry as listed on a day: destination, name, aliases, addresses, parts, requirement, policy, footnotes."""
Version = tuple[str, str, date]
"""Destination, name, and day from which an entry stands there."""


# --- the model ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """The text of an entry."""

    name: str
    aliases: tuple[str, ...] = ()
    sub_entities: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    requirement: str = "For all items subject to the EAR. (See § 744.11 of the EAR)"
    policy: str = "Presumption of denial."
    footnotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Action:
    """What a rule does to one entry; ``country`` is where it stands afterwards."""

    verb: Verb
    country: str
    name: str
    entry: Entry | None = None
    previous_name: str | None = None
    previous_country: str | None = None

    @property
    def before(self) -> tuple[str, str]:
        """Where the entry stands before, and its name there."""
        return self.previous_country or self.country, plain(self.previous_name or self.name)

    @property
    def after(self) -> tuple[str, str]:
        """Where the entry stands afterwards, and its name there."""
        return self.country, plain(self.name)


@dataclass(frozen=True)
class Delay:
    """A delay of the rule with this number."""

    number: str
    until: date


@dataclass(frozen=True)
class Document:
    """A rule. ``irregular`` and ``seed`` say how it is printed, and nothing of what it does."""

    number: str
    published: date
    effective: date
    page: int
    actions: tuple[Action, ...] = ()
    delays: tuple[Delay, ...] = ()
    corrects: str | None = None
    irregular: frozenset[str] = frozenset()
    seed: int = 0

    @property
    def citation(self) -> str:
        """Volume and page."""
        return f"{self.published.year - 1935} FR {self.page}"


Step = tuple[Document, int, Action]
"""An action of a document and its place there."""


class Model:
    """The list as the documents make it, day by day.

    ``listings`` has the versions of each entry from its addition to its removal. What does not fit the list is left out
    and kept in ``skipped``; what was done behind a later document of the day, which it needs, is in ``late``.
    """

    def __init__(self, documents: Iterable[Document]) -> None:
        documents = list(documents)
        self._states: list[tuple[date, dict[tuple[str, str], Entry]]] = []
        self.skipped: list[tuple[Document, Action]] = []
        self.late: list[tuple[Document, Action]] = []
        self.listings: list[list[Version]] = []
        self._listed: dict[tuple[str, str], Entry] = {}
        self._open: dict[tuple[str, str], list[Version]] = {}
        self._of = {document.number: document for document in documents}
        for day, of_day in groupby(in_order(documents), key=itemgetter(0)):
            self._pass(day, [document for _, document in of_day])
            self._states.append((day, dict(self._listed)))
        published = {document.published for document in documents}
        near = {day + timedelta(days=n) for day in {day for day, _ in self._states} | published for n in (-1, 0, 1)}
        self.days = sorted(near)
        self.effective = {document.number: day for day, document in in_order(documents)}

    def _pass(self, day: date, documents: list[Document]) -> None:
        """Do what the documents of a day do, those that wait for another one as soon as that is through."""
        steps = [self._steps(document) for document in documents]
        done: list[Step] = []
        waiting: list[Step] = []
        for position, of_document in enumerate(steps):
            for step in of_document:
                others = [*waiting, *(other for later in steps[position + 1 :] for other in later)]
                if self._do(day, step):
                    done.append(step)
                elif _is_needed(step, self._listed, done, others):
                    waiting.append(step)
                else:
                    self.skipped.append((step[0], step[2]))
            at = 0
            while at < len(waiting):
                if not _is_overtaken(waiting[at], done) and self._do(day, waiting[at]):
                    done.append(waiting.pop(at))
                    self.late.append((done[-1][0], done[-1][2]))
                    at = 0
                else:
                    at += 1
        self.skipped += [(document, action) for document, _, action in waiting]

    def _steps(self, document: Document) -> list[Step]:
        corrected = self._of.get(document.corrects or "")
        return [(document, n, _with_forgotten_text(printed, corrected)) for n, printed in enumerate(document.actions)]

    def _do(self, day: date, step: Step) -> bool:
        action = step[2]
        if not perform(action, self._listed):
            return False
        listing = self._open.pop(action.before, []) if action.verb != "add" else []
        if not listing:
            self.listings.append(listing)
        if action.verb != "remove":
            listing.append((action.country, self._listed[action.after].name, day))
            self._open[action.after] = listing
        return True

    def on(self, day: date) -> list[Line]:
        """The list on a day."""
        listed: dict[tuple[str, str], Entry] = {}
        for since, state in self._states:
            if since <= day:
                listed = state
        return sorted(
            (country, e.name, e.aliases, e.addresses, e.sub_entities, e.requirement, e.policy, e.footnotes)
            for (country, _), e in listed.items()
        )


def _is_needed(step: Step, listed: dict[tuple[str, str], Entry], done: Sequence[Step], others: Sequence[Step]) -> bool:
    """Whether a step that does not fit needs one that waits or comes later: to list its entry, or free its new name.

    If somebody has been at that name on the day, what is in the way is not the order of the documents.
    """
    action = step[2]
    if action.entry is None and action.verb not in ("remove", "move"):
        return False
    missing = action.verb != "add" and action.before not in listed
    name = action.before if missing else action.after
    if any(name in (one.before, one.after) for _, _, one in done):
        return False
    for _, _, one in others:
        has_text = one.entry is not None or one.verb in ("remove", "move")
        lists = one.verb == "add" or (one.verb != "remove" and one.before != one.after)
        frees = one.verb == "remove" or (one.verb != "add" and one.before != one.after)
        if has_text and ((lists and one.after == name) if missing else (frees and one.before == name)):
            return True
    return False


def _is_overtaken(step: Step, done: Sequence[Step]) -> bool:
    """Whether something that its document does later is done to the entry."""
    document, place, action = step
    names = {action.before, action.after}
    return any(one[0] is document and one[1] > place and names & {one[2].before, one[2].after} for one in done)


def _with_forgotten_text(action: Action, corrected: Document | None) -> Action:
    """A correction gives the text of an entry that the rule should have added and did not print."""
    forgot = any(
        one.verb == "add" and one.entry is None and one.after == action.after
        for one in (corrected.actions if corrected else ())
    )
    return replace(action, verb="add") if forgot else action


def in_order(documents: Iterable[Document]) -> list[tuple[date, Document]]:
    """The documents in the order in which they take effect, with the day, delays taken into account.

    On one day they come as in the register: by issue and page. A correction takes effect with the rule it corrects,
    right behind it.
    """
    documents = list(documents)
    rules = {document.number: document for document in documents}
    effective = {document.number: document.effective for document in documents}
    for document in sorted(documents, key=lambda one: (one.published, one.page)):
        for delay in document.delays:
            if document.published <= effective.get(delay.number, date.min):
                effective[delay.number] = delay.until

    def order(one: Document) -> tuple[date, date, int, bool, date, int]:
        rule = rules.get(one.corrects or "", one)
        return effective[rule.number], rule.published, rule.page, rule is not one, one.published, one.page

    ordered = sorted(documents, key=order)
    return [(effective[rules.get(one.corrects or "", one).number], one) for one in ordered]


def perform(action: Action, listed: dict[tuple[str, str], Entry]) -> bool:
    """Do an action to the list; ``False`` if it does not fit it."""
    before, after = action.before, action.after
    if action.verb == "add":
        if after in listed or action.entry is None:
            return False
        listed[after] = action.entry
        return True
    if before not in listed or (after != before and after in listed):
        return False
    if action.entry is None and action.verb not in ("remove", "move"):
        return False
    old = listed.pop(before)
    if action.verb != "remove":
        listed[after] = action.entry or old
    return True


def plain(name: str) -> str:
    """A name for comparison: two names with the same letters and digits are one."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


# --- as printed -----------------------------------------------------------------------------------------------------

IRREGULARITIES: Final = (
    *("pretty-printed", "page mark in an instruction", "page mark in a row", "page mark in a cell"),
    *("quotation mark in E", "italic and", "comma within the quotation marks", "semicolons between names"),
    *("addresses in a row of their own", "an address a line", "aliases in one line", "a note on other addresses"),
    *("several tables", "continued destinations", "column titles in a row", "stars", "raised ordinals"),
    *("nested list", "one sentence", "verbs side by side", "numbered instructions", "paragraphs"),
    *("several moves in a sentence", "renamings beside others", "one table for several instructions"),
    *("summary", "placeholder", "short destinations", "curly apostrophe", "in its place first"),
)
"""Each occurs in real documents; a document has any of them."""

PRINTED: Final = {
    "China": "CHINA, PEOPLE'S REPUBLIC OF",
    "Hong Kong": "HONG KONG",
    "Russia": "RUSSIA",
    "Iran": "IRAN",
    "United Arab Emirates": "UNITED ARAB EMIRATES",
    "Turkey": "TÜRKİYE",
    "Canada": "CANADA",
    "Netherlands": "NETHERLANDS",
    "Virgin Islands, British": "VIRGIN ISLANDS, BRITISH",
}
"""Destinations and their headings."""

_WORDS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven")
_STARS: Final = "  *         *         *         *         *         *"
_REAL_REQUIREMENT: Final = "§§ 734.9(g), "
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class _Element:
    """An inline element: ``E``, ``SU`` or, without words, ``PRTPAGE``."""

    tag: str
    words: str


Inline = list["str | _Element"]
"""The pieces of a line of words."""


def written(day: date) -> str:
    """A date as a DATES section has it."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def printed_order(document: Document) -> list[Action]:
    """The actions whose entries stand in the document's tables, in the order of their rows."""
    return _Printer(document, ()).order()


def rule_xml(document: Document, others: Sequence[Document] = ()) -> bytes:
    """Print a document; ``others`` are those it may speak of."""
    return _Printer(document, others).xml().encode()


class _Printer:
    def __init__(self, document: Document, others: Sequence[Document]) -> None:
        self._document = document
        self._others = {one.number: one for one in others}
        self._random = random.Random(document.seed)  # noqa: S311
        self._page = document.page

    def _has(self, irregularity: str) -> bool:
        return irregularity in self._document.irregular

    def _often(self, irregularity: str) -> bool:
        return self._has(irregularity) and self._random.random() < 0.5

    def _next_page(self) -> str:
        self._page += 1
        return str(self._page)

    def xml(self) -> str:
        document = self._document
        root = "CORRECT" if document.corrects else "RULE"
        dates = [self._delay(delay) for delay in document.delays]
        if document.actions or not dates:
            dates.insert(0, f"This rule is effective {written(document.effective)}.")
        preamble = [self._leaf("CFR", ["15 CFR Part 744"], 3), self._leaf("SUBJECT", ["Changes to the Entity List"], 3)]
        if self._has("summary") and document.actions:
            preamble.append(self._block("SUM", [self._leaf("P", [self._summary()], 4)], 3))
        if root == "RULE":
            preamble.append(self._block("EFFDATE", [self._leaf("P", [" ".join(dates)], 4)], 3))
        filed = f"[FR Doc. {document.number} Filed {document.published:%m-%d-%y}; 8:45 am]"
        body = [
            self._block("PREAMB", preamble, 2),
            self._block("SUPLINF", self._supplementary(), 2),
            self._leaf("FRDOC", [filed], 2),
        ]
        return self._block(root, body, 0)

    def _delay(self, delay: Delay) -> str:
        of = self._others[delay.number]
        number = f" (FR Doc. {of.number})" if self._random.random() < 0.7 else ""
        return (
            f"The effective date of the rule published {written(of.published)}, at {of.citation}{number}, "
            f"is delayed until {written(delay.until)}."
        )

    def _summary(self) -> str:
        told = []
        for verbs, words in ((("add",), "adding"), (("remove",), "removing")):
            made = [action for action in self._document.actions if action.verb in verbs]
            names = {plain(action.name) for action in made}
            if made:
                entities = "entity" if len(names) == 1 else "entities"
                entries = "entry" if len(made) == 1 else "entries"
                told.append(f"{words} {len(names)} {entities} under {len(made)} {entries}")
        what = f" by {' and '.join(told)} to the Entity List" if told else ""
        return f"The Department of Commerce is amending the Export Administration Regulations{what}."

    def order(self) -> list[Action]:
        """The actions with a text, in the order of the tables' rows."""
        order = []
        for _, actions in self._groups():
            by_country: dict[str, list[Action]] = {}
            for action in actions:
                if action.entry is not None:
                    by_country.setdefault(action.country, []).append(action)
            order += [action for made in by_country.values() for action in made]
        return order

    # --- instructions and tables

    def _supplementary(self) -> list[str]:
        if not self._document.actions:
            return [self._leaf("P", ["This rule delays the effective date of another."], 3)]
        authority = self._leaf(
            "AMDPAR", ["1. The authority citation for 15 CFR part 744 continues to read as follows:"], 4
        )
        amended = [self._regtext([authority, self._block("AUTH", [self._leaf("P", ["50 U.S.C. 4801-4852."], 5)], 4)])]
        groups = self._groups()
        for number, (instructions, actions) in enumerate(groups, 2):
            inner = [self._instruction(words, first=n == 0) for n, words in enumerate(instructions(number))]
            inner.append(self._leaf("HD", ["Supplement No. 4 to Part 744—Entity List"], 4))
            tables = self._tables(actions)
            amended.append(self._regtext([*inner, *tables]))
        return amended

    def _regtext(self, inner: list[str]) -> str:
        return self._block('REGTEXT TITLE="15" PART="744"', inner, 3)

    def _instruction(self, words: Inline, *, first: bool) -> str:
        if self._often("page mark in an instruction"):
            words = self._with_page(words)
        listed = (self._has("paragraphs") and not self._has("nested list")) or self._has("paragraphs in a nested list")
        is_numbered = isinstance(words[0], str) and words[0][:1].isdigit()
        tag = "P" if listed and not first and not is_numbered else "AMDPAR"
        return self._leaf(tag, words, 4)

    def _groups(self) -> list[tuple[Callable[[int], list[Inline]], list[Action]]]:
        """Numbered instructions, each with what is under it, and the entries of its tables."""
        actions = list(self._document.actions)
        if not self._has("numbered instructions"):
            return [(lambda number: self._numbered(number, actions), actions)]
        by_country: dict[str, list[Action]] = {}
        for action in actions:
            by_country.setdefault(action.country, []).append(action)
        if self._has("one table for several instructions"):
            parts = list(by_country.values())
            return [
                (
                    lambda number: [
                        words for n, part in enumerate(parts) for words in self._numbered(number + n, part)
                    ],
                    actions,
                )
            ]
        return [(lambda number, part=part: self._numbered(number, part), part) for part in by_country.values()]  # type: ignore[misc]

    def _numbered(self, number: int, actions: list[Action]) -> list[Inline]:
        head = f"{number}. Supplement No. 4 to part 744 is amended"
        listed_by: dict[str | None, dict[Verb, list[Action]]] = {}
        for action in actions:
            country = None if action.verb == "move" else action.country
            listed_by.setdefault(country, {}).setdefault(action.verb, []).append(action)
        verbs = {action.verb for action in actions}
        several = len(actions) > 1 and not self._has("several moves in a sentence") and "move" in verbs
        if self._has("one sentence") and len(verbs) == 1 and not several:
            return [self._one_sentence(head, actions)]
        listed: list[Inline] = [[f"{head}:"]]
        beside = self._has("renamings beside others")
        letters = iter("abcdefghijklmnopqrstuvwxyz")
        for country, ways in listed_by.items():
            sentences = [sentence for verb, made in ways.items() for sentence in self._sentences(verb, made)]
            where = f"Under {self._printed(country)}" if country else None
            if where and self._has("nested list"):
                listed.append([f"{next(letters)}. {where}:"])
                for numeral, sentence in zip(("i", "ii", "iii", "iv", "v", "vi", "vii"), sentences, strict=False):
                    listed.append([f"{numeral}. By ", *sentence, ";"])
            elif where and self._has("verbs side by side") and ("rename" not in ways or len(ways) == 1 or beside):
                listed.append([f"{next(letters)}. {where}, by ", *_joined(sentences, ", and by "), ";"])
            else:
                for sentence in sentences:
                    listed.append([f"{next(letters)}. {where + ', by ' if where else 'By '}", *sentence, ";"])
        last = listed[-1]
        if len(last) > 1:
            listed[-1] = [*last[:-1], "."]
        if self._has("italic and") and len(listed) > 2 and listed[-2][-1] == ";":
            listed[-2] = [*listed[-2][:-1], "; ", _Element("E", "and")]
        return [_merged(words) for words in listed]

    def _one_sentence(self, head: str, actions: list[Action]) -> Inline:
        by_country: dict[str, list[Action]] = {}
        for action in actions:
            by_country.setdefault(action.country, []).append(action)
        verb = actions[0].verb
        if verb in ("move", "rename"):
            return _merged([f"{head} by ", *_joined(self._sentences(verb, actions, where=True), ", and by "), "."])
        doing = {"add": "adding, in alphabetical order", "remove": "removing", "revise": "revising"}.get(
            verb, "correcting"
        )
        pieces: list[Inline] = [
            [f"under {self._printed(country)}, {self._noun(verb, len(made))} for ", *self._names(made)]
            for country, made in by_country.items()
        ]
        return _merged([f"{head} by {doing}, ", *_joined(pieces, "; and, "), "."])

    def _sentences(self, verb: Verb, made: list[Action], *, where: bool = False) -> list[Inline]:
        if verb == "move":
            return [self._moving(action) for action in made]
        if verb == "rename":
            sentences: list[Inline] = []
            for action in made:
                old, new = f"“{action.previous_name}”", f"“{action.name}”"
                under = f"under {self._printed(action.country)}, " if where else ""
                if self._has("in its place first"):
                    words = f"removing {under}the entry for {old} and adding in its place an entry for {new}"
                else:
                    words = f"removing {under}{old} and adding {new} in its place"
                sentences.append([words])
            return sentences
        order = ", in alphabetical order," if verb == "add" else ""
        doing = {"add": "adding", "remove": "removing", "revise": "revising", "correct": "correcting"}[verb]
        return [[f"{doing}{order} {self._noun(verb, len(made))} for ", *self._names(made)]]

    def _moving(self, action: Action) -> Inline:
        source, to = self._printed(action.previous_country or ""), self._printed(action.country)
        return ["moving the entry for ", *self._names([action]), f" from under {source} to under {to}"]

    @staticmethod
    def _noun(verb: Verb, count: int) -> str:
        if verb == "add":
            return "an entry" if count == 1 else "entries"
        return "the entry" if count == 1 else "the entries"

    def _names(self, made: list[Action]) -> Inline:
        words: Inline = []
        between = "; " if self._has("semicolons between names") else ", "
        for position, action in enumerate(made):
            is_last = position == len(made) - 1
            inner = "," if self._has("comma within the quotation marks") and not is_last else ""
            end = f"{inner}”" + ("" if is_last else " " if inner else between if len(made) > 2 else " ")
            if position and is_last and self._has("quotation mark in E"):
                words += [_Element("E", "and “"), f"{action.name}{end}"]
                continue
            if position and is_last:
                words += [_Element("E", "and"), " "] if self._has("italic and") else ["and "]
            words.append(f"“{action.name}{end}")
        return words

    def _printed(self, country: str) -> str:
        printed = country if self._has("short destinations") else PRINTED[country]
        return printed.replace("'", "’") if self._has("curly apostrophe") else printed

    # --- tables

    def _tables(self, actions: list[Action]) -> list[str]:
        by_country: dict[str, list[Entry]] = {}
        for action in actions:
            if action.entry is not None:
                by_country.setdefault(action.country, []).append(action.entry)
        if not by_country:
            return []
        tables: list[list[str]] = [[]]
        if self._has("column titles in a row"):
            tables[0] += [self._titles(), self._stars("28")]
        for country, entries in by_country.items():
            self._take_country(tables, PRINTED[country], entries)
        if self._has("stars"):
            tables[-1] += [self._block("ROW", [self._ent([" "], 'I="22"')], 5), self._stars("28")]
        head = self._block("BOXHD", [self._leaf('CHED H="1"', [" "], 6) for _ in range(5)], 5)
        made: list[str] = []
        for rows in tables:
            if made and self._has("page mark in a row"):
                made.append(f'<PRTPAGE P="{self._next_page()}"/>')
            made.append(self._block('GPOTABLE COLS="5" OPTS="L1,tp0" CDEF="xs60,xl75,r50"', [head, *rows], 4))
        return made

    def _take_country(self, tables: list[list[str]], heading: str, entries: list[Entry]) -> None:
        if self._often("several tables") and tables[-1]:
            tables.append([])
        tables[-1].append(self._heading(heading))
        for position, entry in enumerate(entries):
            continued = position and self._often("continued destinations")
            if position and (self._has("several tables") if continued else self._often("several tables")):
                tables.append([])
            if continued:
                tables[-1].append(self._heading(f"{heading}—Continued"))
            tables[-1] += self._rows(entry)
            if self._often("stars"):
                tables[-1].append(self._stars("22"))

    def _titles(self) -> str:
        lines: list[Inline] = [["License "], ["requirement"]]
        policy: list[Inline] = [["License "], ["review policy"]]
        citation: Inline = [_Element("E", "Federal Register"), " citation"]
        cells = [
            self._ent(["Country"], 'I="25"'),
            self._ent(["Entity"]),
            *(self._cell(one) for one in (lines, policy, [citation])),
        ]
        return self._block('ROW RUL="s"', cells, 5)

    def _heading(self, printed: str) -> str:
        cells = [self._ent([printed], 'I="01"')]
        if self._often("stars"):
            cells.append(self._ent([_STARS], 'A="03"'))
        return self._block("ROW", cells, 5)

    def _stars(self, mark: str) -> str:
        if mark == "28":
            return self._block('ROW RUL="s"', [self._ent([_STARS], 'I="28"')], 5)
        return self._block("ROW", [self._ent([" "], 'I="22"'), self._ent([_STARS], 'A="03"')], 5)

    def _rows(self, entry: Entry) -> list[str]:
        lines, more = self._entity(entry)
        citation = f"{self._document.citation}, {self._day()}."
        if self._has("placeholder"):
            citation = f"{citation.split(maxsplit=1)[0]} FR [INSERT FR PAGE NUMBER AND {self._day()}]."
        first = [self._ent([" "], 'I="22"')]
        if self._often("page mark in a row"):
            first.insert(0, f'<PRTPAGE P="{self._next_page()}"/>')
        cells = [
            self._cell(lines),
            self._ent(_with_footnotes(entry)),
            self._ent([entry.policy]),
            self._ent([citation]),
        ]
        rows = [self._block("ROW", [*first, *cells], 5)]
        if more:
            rows.append(self._block("ROW", [self._ent([" "], 'I="22"'), self._cell(more)], 5))
        return rows

    def _day(self) -> str:
        day = self._document.published
        return f"{day.month}/{day.day}/{day.year}"

    def _entity(self, entry: Entry) -> tuple[list[Inline], list[Inline]]:
        """The lines of an entity cell, and those of the row that continues it."""
        names = [*entry.aliases, *entry.sub_entities]
        addresses = self._addresses(entry)
        if not names:
            if not addresses:
                return [[_ended(entry.name)]], []
            if self._often("addresses in a row of their own"):
                return [[f"{entry.name},"]], addresses
            return [_merged([f"{entry.name}, ", *addresses[0]]), *addresses[1:]], []
        lines = self._listed(f"{entry.name}, {_introduction(entry)}:", names)
        if self._often("addresses in a row of their own"):
            return lines, addresses
        return [*lines, *addresses], []

    def _listed(self, introduction: str, names: list[str]) -> list[Inline]:
        items: list[Inline] = []
        for position, name in enumerate(names):
            if position == len(names) - 1:
                items.append([f"—{_ended(name)}"])
            elif position == len(names) - 2:
                items.append([f"—{name}; ", _Element("E", "and") if self._has("italic and") else "and"])
            else:
                items.append([f"—{name};"])
        if self._often("aliases in one line"):
            words: Inline = [introduction]
            for item in items:
                words += [" ", *item]
            return [_merged(words)]
        return [[introduction], *map(_merged, items)]

    def _addresses(self, entry: Entry) -> list[Inline]:
        lines: list[Inline] = []
        for position, address in enumerate(entry.addresses):
            is_last = position == len(entry.addresses) - 1
            words = self._raised(_ended(address) if is_last else f"{address}; ")
            if not is_last:
                words.append(_Element("E", "and") if self._has("italic and") else "and")
            elif self._has("a note on other addresses"):
                words.append(" (See alternate address under Canada and Iran).")
            lines.append(_merged(words))
        if not self._has("an address a line") and lines:
            lines = [_merged([piece for n, line in enumerate(lines) for piece in ([" ", *line] if n else line)])]
        return [self._with_page(line) if self._often("page mark in a cell") else line for line in lines]

    def _raised(self, words: str) -> Inline:
        if not self._has("raised ordinals"):
            return [words]
        pieces: Inline = []
        for n, piece in enumerate(words.split("9th ")):
            if n:
                pieces[-1] = f"{pieces[-1]}9"
                pieces += [_Element("SU", "th"), f" {piece}"]
            else:
                pieces.append(piece)
        return pieces

    def _with_page(self, words: Inline) -> Inline:
        """Put a page mark between two words."""
        places = [(n, at) for n, piece in enumerate(words) if isinstance(piece, str) for at in _spaces(piece)]
        if not places:
            return words
        n, at = self._random.choice(places)
        piece = words[n]
        assert isinstance(piece, str)
        return [*words[:n], piece[:at], _Element("PRTPAGE", self._next_page()), piece[at:], *words[n + 1 :]]

    # --- elements

    def _cell(self, lines: list[Inline]) -> str:
        if not self._has("pretty-printed"):
            first, *others = (_inline(line) for line in lines)
            return f"<ENT>{first}{''.join(f'<LI>{line}</LI>' for line in others)}</ENT>"
        if len(lines) == 1:
            return self._ent(lines[0])
        pad = "    " * 7
        pieces = [f"{pad}{_inline([piece])}" for piece in lines[0]]
        pieces += [self._leaf("LI", line, 7) for line in lines[1:]]
        return "\n".join([f"{pad[4:]}<ENT>", *pieces, f"{pad[4:]}</ENT>"])

    def _ent(self, words: Inline, mark: str = "") -> str:
        return self._leaf(f"ENT {mark}".strip(), words, 6)

    def _leaf(self, tag: str, words: Inline, depth: int) -> str:
        name = tag.split(maxsplit=1)[0]
        if not self._has("pretty-printed"):
            return f"<{tag}>{_inline(words)}</{name}>"
        pad = "    " * depth
        if len(words) == 1:
            return f"{pad}<{tag}>{_inline(words)}</{name}>"
        return "\n".join([f"{pad}<{tag}>", *(f"{pad}    {_inline([piece])}" for piece in words), f"{pad}</{name}>"])

    def _block(self, tag: str, inner: list[str], depth: int) -> str:
        name = tag.split(maxsplit=1)[0]
        if not self._has("pretty-printed"):
            return f"<{tag}>{''.join(inner)}</{name}>"
        pad = "    " * depth
        return "\n".join([f"{pad}<{tag}>", *inner, f"{pad}</{name}>"])


def _inline(words: Inline) -> str:
    made = []
    for piece in words:
        if isinstance(piece, str):
            made.append(escape(piece))
        elif piece.tag == "PRTPAGE":
            made.append(f'<PRTPAGE P="{piece.words}"/>')
        else:
            face = ' T="03"' if piece.tag == "E" else ""
            made.append(f"<{piece.tag}{face}>{escape(piece.words)}</{piece.tag}>")
    return "".join(made)


def _merged(words: Inline) -> Inline:
    """Words with neighbouring pieces of text as one."""
    merged: Inline = []
    for piece in words:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece:
            merged.append(piece)
    return merged


def _joined(sentences: Sequence[Inline], between: str) -> Inline:
    return [piece for n, sentence in enumerate(sentences) for piece in ([between, *sentence] if n else sentence)]


def _spaces(words: str) -> list[int]:
    return [at for at, letter in enumerate(words) if letter == " " and 0 < at < len(words) - 1]


def _ended(words: str) -> str:
    return words if words.endswith(".") else f"{words}."


def _introduction(entry: Entry) -> str:
    aliases, parts = len(entry.aliases), len(entry.sub_entities)
    noun = "subordinate institution" if parts == 1 else "subordinate institutions"
    if not aliases:
        return f"and the following {_WORDS[parts]} {noun}"
    told = f"a.k.a., the following {_WORDS[aliases]} {'alias' if aliases == 1 else 'aliases'}"
    return f"{told}, and {_WORDS[parts]} {noun}" if parts else told


def _with_footnotes(entry: Entry) -> Inline:
    if not entry.footnotes:
        return [entry.requirement]
    mark = _Element("SU", " ".join(entry.footnotes))
    before, cited, after = entry.requirement.partition(_REAL_REQUIREMENT)
    return [f"{before}{cited.rstrip()}", mark, f" {after}"] if cited else [entry.requirement, mark]


# --- strategies -----------------------------------------------------------------------------------------------------

_FIRST: Final = (
    *("Beijing", "Alpha", "Al-Khair", "Türk", "O'Brien", "Électronique", "Şahin", "Kowloon", "4D", "Xi'an", "CETC"),
    *("Sun-Create", "Moscow", "Liubov “Luba”", "São", "A & B", "Hong Kong", "China", "Rhein"),
)
_NEXT: Final = (
    *("Technology", "Science and Technology", "Development", "Trading", "Export", "Microelectronics", "Research"),
    *("Instruments", "Import and Export", "Supply", "No. 5", "3rd", "(Shenzhen)", "(HK)", "& Sons", "d'Études"),
    *("Removing", "Entity", "Corrected", "X", "Revised Alias", "Institute", "Ra’ed"),
)
_FORMS: Final = (
    *("", "", "Co., Ltd.", "Ltd.", "LLC", ", Inc.", "Inc.", "GmbH & Co. KG", "(Pvt.) Ltd.", "S.A.", "JSC", "FZE"),
    *(
        "Sdn. Bhd.",
        "Limited Company",
        ", L.L.C.",
        "Group (ABG)",
        "(of Beta (BB))",
        "“Vektor”",
        ", 31 Research Institute",
    ),
)
_STREETS: Final = (
    *("No. 5 Xingfu Road", "Room 101, Building 5, No. 7 Science Park Road", "9th Floor, Block B, 18 Harbor Street"),
    *("P.O. Box 123", "5F, Bldg 5, A-2 North Xisanhuan Road", "Apt. 3, ul. Savushkina 83", "71 Boulevard d'Été"),
    *("Unit 12 & 13, 3rd Phase, Industrial Estate", "Rm. 8/F, “Crown” House (East), 45-51 Chatham Rd. S"),
)
_CITIES: Final = {
    "China": ("Beijing 100081, China", "Haidian District, Beijing, China", "Shanghai, P.R. China"),
    "Hong Kong": ("Tsim Sha Tsui, Kowloon, Hong Kong", "Wanchai, Hong Kong, China"),
    "Russia": ("Moscow, Russia", "St. Petersburg 197374, Russia"),
    "Iran": ("Tehran, Iran",),
    "United Arab Emirates": ("Dubai, U.A.E.", "Sharjah, United Arab Emirates"),
    "Turkey": ("İstanbul, Turkey", "Ankara, Türkiye"),
    "Canada": ("St. Laurent, Quebec H4T 1Z6, Canada",),
    "Netherlands": ("2201 BB Noordwijk ZH, Netherlands",),
    "Virgin Islands, British": ("Tortola, British Virgin Islands",),
}
_REQUIREMENTS: Final = (
    ("For all items subject to the EAR. (See § 744.11 of the EAR)", ()),
    ("For all items subject to the EAR. (See §§ 734.9(g), 744.21(b), and 746.8(a)(3) of the EAR)", ("3",)),
    ("For all items subject to the EAR (see §§ 734.9(e) and 744.11 of the EAR)", ("1",)),
    ("All items subject to the EAR.", ("4", "5")),
)
_POLICIES: Final = (
    "Presumption of denial.",
    "Policy of denial for all items subject to the EAR apart from food and medicine designated as EAR99, which will be "
    "reviewed on a case-by-case basis. See §§ 746.8(b) and 744.21(e)",
    "Case-by-case basis.",
    "See § 744.2(d) of the EAR.",
)


@st.composite
def names(draw: st.DrawFn) -> str:
    """Names of two to six words, with or without a legal form."""
    words = [draw(st.sampled_from(_FIRST)), *draw(st.lists(st.sampled_from(_NEXT), min_size=1, max_size=3))]
    form = draw(st.sampled_from(_FORMS))
    return f"{' '.join(words)}{'' if form.startswith(',') or not form else ' '}{form}"


def _is_plain_alias(name: str) -> bool:
    return not ("No. 5" in name and "," in name)


@st.composite
def texts(draw: st.DrawFn, name: str, country: str, *, with_parts: bool = False) -> Entry:
    """What an entry says of an entity of this name."""
    requirement, footnotes = draw(st.sampled_from(_REQUIREMENTS))
    street = st.tuples(st.sampled_from(_STREETS), st.sampled_from(_CITIES[country])).map(", ".join)
    aliases = tuple(draw(st.lists(names().filter(_is_plain_alias), max_size=4, unique_by=plain)))
    parts: tuple[str, ...] = ()
    if with_parts and draw(st.integers(0, 5)) == 5:
        parts = tuple(draw(st.lists(names(), min_size=1, max_size=3, unique_by=plain)))
    addresses = draw(st.lists(street, min_size=0 if not aliases and not parts else 1, max_size=3, unique=True))
    return Entry(name, aliases, parts, tuple(addresses), requirement, draw(st.sampled_from(_POLICIES)), footnotes)


@dataclass
class _Skeleton:
    documents: list[Document] = field(default_factory=list)

    def effective(self, number: str) -> date:
        return next(day for day, one in in_order(self.documents) if one.number == number)


@st.composite
def histories(
    draw: st.DrawFn,
    *,
    verbs: Sequence[Verb] = ("add", "revise", "rename", "remove", "move", "correct"),
    delays: bool = True,
    parts: bool = False,
    irregular: Sequence[str] = IRREGULARITIES,
    max_documents: int = 12,
) -> list[Document]:
    """Documents, in the order of publication, each of which fits the list as it stands when it takes effect."""
    skeleton = _Skeleton()
    day = date(2024, 1, 2)
    flags = st.frozensets(st.sampled_from(irregular)) if irregular else st.just(frozenset())
    for position in range(draw(st.integers(1, max_documents))):
        day += timedelta(days=draw(st.sampled_from((0, 1, 3, 10))))
        # Neither pages nor numbers are in order as words.
        page = 9850 + 60 * position
        number = f"{day.year}-{9996 + position}"
        kind = draw(st.sampled_from(("rule", "rule", "rule", "delay", "correction")))
        earlier = skeleton.documents
        document = Document(
            number,
            day,
            day + timedelta(days=draw(st.sampled_from((0, 0, -3, 1, 7, 30)))),
            page,
            irregular=draw(flags),
            seed=draw(st.integers(0, 999)),
        )
        if kind == "delay" and delays:
            pending = [
                one for one in earlier if not one.delays and not one.corrects and skeleton.effective(one.number) >= day
            ]
            if pending:
                of = draw(st.sampled_from(pending))
                until = skeleton.effective(of.number) + timedelta(days=draw(st.integers(1, 40)))
                document = replace(document, delays=(Delay(of.number, until),))
        elif kind == "correction" and "correct" in verbs:
            held = [one for one in earlier if not one.delays and not one.corrects]
            if held:
                of = draw(st.sampled_from(held))
                times = sum(1 for one in earlier if one.corrects == of.number) + 1
                document = replace(
                    document, number=f"C{times}-{of.number}", corrects=of.number, effective=document.published
                )
        earlier.append(document)
    return _filled(draw, skeleton.documents, verbs, parts=parts)


def _filled(draw: st.DrawFn, documents: list[Document], verbs: Sequence[Verb], *, parts: bool) -> list[Document]:
    listed: dict[tuple[str, str], Entry] = {}
    ever: list[tuple[str, str]] = []
    filled: dict[str, Document] = {}
    countries = draw(st.lists(st.sampled_from(sorted(PRINTED)), min_size=1, max_size=4, unique=True))
    for _, document in in_order(documents):
        if document.delays:
            filled[document.number] = document
            continue
        actions: list[Action] = []
        touched: set[tuple[str, str]] = set()
        corrected = filled.get(document.corrects or "")
        count = draw(st.integers(1, 5))
        for _ in range(count):
            open_keys = [key for key in sorted(listed) if key not in touched]
            if document.corrects:
                own = {action.after for action in corrected.actions} if corrected else set()
                open_keys = [key for key in open_keys if key in own]
                choices: list[Verb] = ["correct"] if open_keys else []
            else:
                choices = ["add", *(verb for verb in verbs if verb not in ("add", "correct") and open_keys)]
            if not choices:
                continue
            verb = draw(st.sampled_from(choices))
            action = _action(draw, verb, open_keys, listed, ever=ever, countries=countries, parts=parts)
            if (
                {action.before, action.after} & touched
                or (action.after in listed and action.after != action.before)
                or (verb == "add" and action.after in listed)
            ):
                continue
            touched |= {action.before, action.after}
            perform(action, listed)
            ever.append((action.country, action.name))
            actions.append(action)
        filled[document.number] = replace(document, actions=tuple(actions))
    done = {number for number, document in filled.items() if document.actions}
    kept = []
    for document in documents:
        made = filled[document.number]
        made = replace(made, delays=tuple(delay for delay in made.delays if delay.number in done))
        if made.actions or made.delays:
            kept.append(made)
    return kept


def _action(
    draw: st.DrawFn,
    verb: Verb,
    open_keys: list[tuple[str, str]],
    listed: dict[tuple[str, str], Entry],
    *,
    ever: list[tuple[str, str]],
    countries: list[str],
    parts: bool,
) -> Action:
    if verb == "add":
        country, name = draw(st.sampled_from(countries)), _new_name(draw, ever)
        return Action("add", country, name, draw(texts(name, country, with_parts=parts)))
    country, key = draw(st.sampled_from(open_keys))
    name = listed[country, key].name
    if verb == "remove":
        return Action("remove", country, name)
    if verb == "rename":
        new = _new_name(draw, ever)
        if plain(new) == key:
            return Action("revise", country, name, draw(texts(name, country, with_parts=parts)))
        return Action("rename", country, new, draw(texts(new, country, with_parts=parts)), previous_name=name)
    if verb == "move":
        to = draw(st.sampled_from([one for one in sorted(PRINTED) if one != country]))
        text = draw(texts(name, to, with_parts=parts)) if draw(st.booleans()) else None
        return Action("move", to, name, text, previous_country=country)
    return Action(verb, country, name, draw(texts(name, country, with_parts=parts)))


def _new_name(draw: st.DrawFn, ever: list[tuple[str, str]]) -> str:
    """A name: a new one, one that was used before, or one that begins like it."""
    fresh = draw(names())
    kind = draw(st.sampled_from(("fresh", "fresh", "used", "longer", "form"))) if ever else "fresh"
    if kind == "fresh":
        return fresh
    used = draw(st.sampled_from(ever))[1]
    if kind == "used":
        return used
    # A bracket whose pair is left behind is no part of a name.
    return f"{used.rstrip('.')} {fresh.split()[-1].strip('()')}" if kind == "longer" else f"{used.rstrip('.')}, Inc."
