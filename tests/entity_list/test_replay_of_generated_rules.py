"""The whole way from rules to the list of a day, for rules made at random: it is the list of a plain model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from generated_rules import (
    Action,
    Document,
    Entry,
    Line,
    Model,
    Version,
    histories,
    in_order,
    plain,
    printed_order,
    rule_xml,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.entity_list.changes import changes
from assets.entity_list.history import history
from resources.documents import Parsed, Row, SourceError

FIXED = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
ROW = re.compile(r"<ROW[^>]*>(?:(?!</ROW>).)*</ROW>", re.DOTALL)
DASHED = re.compile(r"<LI>\s*—")


def read(document: Document, body: bytes) -> Parsed:
    return changes(body, document_number=document.number, publication_date=document.published, source_sha256="0" * 64)


def replay(documents: Sequence[Document], bodies: Sequence[tuple[Document, bytes]] = ()) -> Parsed:
    rows: list[Row] = []
    problems: list[SourceError] = []
    for document, body in bodies or [(document, rule_xml(document, documents)) for document in documents]:
        try:
            parsed = read(document, body)
        except SourceError as problem:
            parsed = Parsed([], [problem])
        rows += parsed.rows
        problems += parsed.problems
    number_of = {document.citation: document.number for document in documents}
    replayed = history(rows, (), number_of, {number: citation for citation, number in number_of.items()})
    return Parsed(replayed.rows, problems + replayed.problems)


def listed(rows: Iterable[Row], day: date) -> list[Line]:
    return sorted(
        (
            row["country"],
            row["name"],
            tuple(row["aliases"]),
            tuple(row["addresses"]),
            tuple(row["sub_entities"]),
            row["license_requirement"],
            row["license_review_policy"],
            tuple(row["footnotes"]),
        )
        for row in rows
        if row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])
    )


def listings(rows: Iterable[Row]) -> list[list[Version]]:
    """The versions of each entry, told apart by its identity."""
    of: dict[str, list[Version]] = {}
    for row in rows:
        of.setdefault(row["entry_id"], []).append((row["country"], row["name"], row["valid_from"]))
    return sorted(of.values())


def notes_on_parts(documents: Iterable[Document]) -> list[str]:
    """What is said of every entry with parts, however well it is read."""
    entries = [action.entry for document in documents for action in document.actions if action.entry is not None]
    return [
        f"{entry.name}: {len(entry.sub_entities)} entities within the entry are read by name only"
        for entry in entries
        if entry.sub_entities
    ]


def assert_replayed(documents: Sequence[Document]) -> None:
    model = Model(documents)
    replayed = replay(documents)
    assert sorted(problem.reason for problem in replayed.problems) == sorted(notes_on_parts(documents))
    for day in model.days:
        assert listed(replayed.rows, day) == model.on(day), day
    assert listings(replayed.rows) == sorted(model.listings)
    assert all(row["note"] is None for row in replayed.rows)


@settings(FIXED, max_examples=40)
@given(histories(verbs=("add", "revise", "rename", "remove"), delays=False, irregular=()))
def test_plain_rules_give_the_list_of_the_model(documents: list[Document]) -> None:
    assert_replayed(documents)


@settings(FIXED, max_examples=150)
@given(histories(parts=True))
def test_rules_as_printed_give_the_list_of_the_model(documents: list[Document]) -> None:
    assert_replayed(documents)


# --- what is not read as the model has it --------------------------------------------------------------------------


def entry(name: str, address: str = "No. 1 First Road, Tehran, Iran", aliases: tuple[str, ...] = ()) -> Entry:
    return Entry(name, aliases, addresses=(address,))


def add(name: str, country: str = "Iran", aliases: tuple[str, ...] = ()) -> Action:
    return Action("add", country, name, entry(name, aliases=aliases))


def rules(*days: Sequence[Action], irregular: Iterable[str] = ()) -> list[Document]:
    """A rule a day, irregular only in the last."""
    made = []
    for position, actions in enumerate(days, 1):
        day = date(2024, 1, 1) + timedelta(days=position)
        marks = frozenset(irregular) if position == len(days) else frozenset()
        made.append(Document(f"2024-{position:05d}", day, day, 100 * position, tuple(actions), irregular=marks))
    return made


def move(name: str, source: str, to: str) -> Action:
    return Action("move", to, name, None, previous_country=source)


RENAMED = Action("rename", "Iran", "Gamma", entry("Gamma"), previous_name="Alpha")
WORDINGS = {
    "each of several moves in a sentence has its own destinations": rules(
        [add("Alpha"), add("Beta")],
        [move("Alpha", "Iran", "Canada"), move("Beta", "Iran", "Russia")],
        irregular=("one sentence", "several moves in a sentence"),
    ),
    "a renaming beside a removal is one": rules(
        [add("Alpha"), add("Beta")],
        [RENAMED, Action("remove", "Iran", "Beta")],
        irregular=("verbs side by side", "renamings beside others"),
    ),
    "a renaming beside a removal and an addition is one": rules(
        [add("Alpha"), add("Beta")],
        [Action("remove", "Iran", "Beta"), add("Delta"), RENAMED],
        irregular=("verbs side by side", "renamings beside others"),
    ),
    "a nested list in plain paragraphs": rules(
        [add("Alpha"), add("Beta", "Canada")], irregular=("nested list", "paragraphs in a nested list")
    ),
    "one table for several instructions": rules(
        [add("Alpha"), add("Beta", "Canada")],
        irregular=("numbered instructions", "one table for several instructions"),
    ),
    "a last alias with a number": rules([add("Alpha", aliases=("Beta", "CETC No. 5 Research Co., Ltd."))]),
    "a name with a comma": rules([add("Alpha Academy"), add("Alpha Academy, 31 Research Institute")]),
    "a removal by a name with a comma": rules(
        [add("Alpha Academy")],
        [add("Alpha Academy, 31 Research Institute", aliases=("Beta",))],
        [Action("remove", "Iran", "Alpha Academy, 31 Research Institute")],
    ),
    "a name that ends in a quotation mark": rules([add("OOO “Vektor”")]),
    "a name that ends in two brackets": rules([add("Alpha (of Beta (BB))")]),
    "a moved entry keeps its name as printed": rules([add("“Luba” Alpha")], [move("“Luba” Alpha", "Iran", "Canada")]),
    "an apostrophe before a word": rules([add("Alpha", aliases=("Ras al ’Ain",))]),
    "a renaming before a removal, the place first": rules(
        [add("Alpha"), add("Beta"), add("Delta")],
        [RENAMED, Action("remove", "Iran", "Beta"), Action("remove", "Iran", "Delta")],
        irregular=("verbs side by side", "renamings beside others", "in its place first"),
    ),
}


@pytest.mark.parametrize("what", WORDINGS)
def test_of_wordings_that_are_hard_to_read(what: str) -> None:
    assert_replayed(WORDINGS[what])


def test_a_correction_before_the_day_of_effect_corrects_the_rule() -> None:
    rule = Document("2024-00001", date(2024, 1, 2), date(2024, 2, 1), 100, (add("Alpha"),))
    corrected = entry("Alpha", "No. 2 Second Road, Tehran, Iran")
    correction = Action("correct", "Iran", "Alpha", corrected)
    day = date(2024, 1, 10)
    parsed = replay([rule, Document("C1-2024-00001", day, day, 200, (correction,), corrects="2024-00001")])

    assert [line[3] for line in listed(parsed.rows, date(2024, 2, 1))] == [corrected.addresses]
    assert parsed.problems == []


# --- damage ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Damaged:
    """Rules of which one is damaged.

    ``bodies`` is what is read; ``documents`` is what these say, ``lost`` the documents of which nothing can be read,
    ``misread`` the document and the name of an entry whose text is not known.
    """

    documents: list[Document]
    bodies: list[tuple[Document, bytes]]
    lost: tuple[str, ...] = ()
    given_twice: tuple[str, ...] = ()
    misread: tuple[str, str] | None = None


def assert_nothing_is_silent(damaged: Damaged) -> None:
    """The list is that of the rules as they can be read, and whatever they do not do is named."""
    model = Model(damaged.documents)
    replayed = replay(damaged.documents, damaged.bodies)
    for day in model.days if damaged.misread is None else ():
        assert listed(replayed.rows, day) == model.on(day), day
    said = [(problem.document, plain(problem.reason)) for problem in replayed.problems]
    for document, action in model.skipped:
        assert any(number == document.number and plain(action.name) in reason for number, reason in said), (
            document.number,
            action,
            replayed.problems,
        )
    for document, action in model.late:
        number, name = document.number, plain(action.name)
        assert any(one == number and name in reason and "itismadebehind" in reason for one, reason in said), action
        steps = [row for row in replayed.rows if number in (row["opened_by_document"], row["closed_by_document"])]
        assert any(plain(row["name"]) == name and f"{number} " in (row["note"] or "") for row in steps), action
    if damaged.misread is not None:
        misread, name = damaged.misread
        assert any(number == misread and plain(name) in reason for number, reason in said), (name, replayed.problems)
    for number in (*damaged.lost, *damaged.given_twice):
        assert number in [one for one, _ in said], number


def cut_body(documents: list[Document], hurt: Document, draw: st.DrawFn) -> Damaged:
    whole = rule_xml(hurt, documents)
    part = whole[: draw(st.integers(0, len(whole) - 1))]
    bodies = [(one, part if one is hurt else body) for one, body in printed(documents)]
    return Damaged([one for one in documents if one is not hurt], bodies, lost=(hurt.number,))


def give_twice(documents: list[Document], hurt: Document, draw: st.DrawFn) -> Damaged:
    return Damaged(documents, [*printed(documents), *printed([hurt], documents)], given_twice=(hurt.number,))


def print_again(documents: list[Document], hurt: Document, draw: st.DrawFn) -> Damaged:
    again = replace(hurt, number=f"{hurt.number}9", page=hurt.page + 7, corrects=None)
    return of_documents([*documents, again])


def take_effect_too_early(documents: list[Document], hurt: Document, draw: st.DrawFn) -> Damaged | None:
    if hurt.corrects:  # its day of effect is not printed
        return None
    early = replace(hurt, effective=hurt.effective - timedelta(days=draw(st.sampled_from((1, 10, 90)))))
    return of_documents([early if one is hurt else one for one in documents])


def with_another(documents: list[Document], hurt: Document, action: Action) -> Damaged:
    more = replace(hurt, actions=(*hurt.actions, action), irregular=hurt.irregular - {"summary"})
    return of_documents([more if one is hurt else one for one in documents])


def name_what_does_not_exist(documents: list[Document], hurt: Document, draw: st.DrawFn) -> Damaged:
    name = "Nonesuch Zeta Works"
    text = draw(st.sampled_from((None, entry(name))))
    return with_another(documents, hurt, Action("revise" if text else "remove", "Iran", name, text))


def add_twice_in_a_rule(documents: list[Document], hurt: Document, draw: st.DrawFn) -> Damaged | None:
    added = [action for action in hurt.actions if action.verb == "add"]
    if not added:
        return None
    other = entry(added[0].name, "No. 3 Second Road, Tehran, Iran")
    return with_another(documents, hurt, replace(added[0], entry=other))


def conflict(documents: list[Document], hurt: Document, draw: st.DrawFn) -> Damaged:
    """Another rule of the same day of effect does something else to an entry."""
    effective = next(day for day, one in in_order(documents) if one is hurt)
    action = draw(st.sampled_from(hurt.actions))
    text = Entry(action.name, addresses=("No. 2 Other Road, Tehran, Iran",))
    other: Action = draw(
        st.sampled_from(
            (
                Action("remove", action.country, action.name),
                Action("add", action.country, action.name, text),
                Action("revise", action.country, action.name, text),
                Action(
                    "move", "Canada" if action.country != "Canada" else "Iran", action.name, None, None, action.country
                ),
            )
        )
    )
    # Before the other rule in the order of documents, or after it.
    page = draw(st.sampled_from((9, 30_000)))
    rule = Document("2024-99999", hurt.published, effective, page, (other,))
    return of_documents([*documents, rule])


def print_before(documents: list[Document], hurt: Document, draw: st.DrawFn) -> Damaged | None:
    """A rule takes effect with one that it stands on, and is printed before it in the same issue."""
    rules = [one for one in documents if one.actions and not one.corrects]
    pairs = [
        (one, other)
        for one in rules
        for other in rules
        if one.page < other.page
        and {action.after for action in one.actions} & {action.before for action in other.actions}
    ]
    if not pairs:
        return None
    one, other = draw(st.sampled_from(pairs))
    effective = next(day for day, document in in_order(documents) if document is one)
    early = replace(other, published=one.published, effective=effective, page=one.page - 7)
    return of_documents([early if document is other else document for document in documents])


def rows_of(hurt: Document, body: str) -> list[re.Match[str]]:
    """The rows with whole entries, as many as the rule's tables have."""
    rows = [match for match in ROW.finditer(body) if match[0].count("<ENT") == 5 and 'I="25"' not in match[0]]
    assert len(rows) == len(printed_order(hurt))
    return rows


def cut_table(documents: list[Document], hurt: Document, draw: st.DrawFn) -> Damaged | None:
    """Cut the rows of a rule's tables from the row of an entry on. A moved entry without a row keeps its text."""
    order = printed_order(hurt)
    if not order:
        return None
    body = rule_xml(hurt, documents).decode()
    at = draw(st.integers(0, len(order) - 1))
    begin = rows_of(hurt, body)[at].start()
    body = body[:begin] + ROW.sub("", body[begin:])
    lost = order[at:]
    left = replace(
        hurt, actions=tuple(replace(action, entry=None) if action in lost else action for action in hurt.actions)
    )
    documents = [left if one is hurt else one for one in documents]
    return Damaged(documents, [(one, body.encode() if one is left else other) for one, other in printed(documents)])


def cut_cell(documents: list[Document], hurt: Document, draw: st.DrawFn) -> Damaged | None:
    """Cut an entry's cell in its list of aliases."""
    order = printed_order(hurt)
    if not order:
        return None
    body = rule_xml(hurt, documents).decode()
    at = draw(st.integers(0, len(order) - 1))
    row = rows_of(hurt, body)[at]
    text = order[at].entry
    aliases = len(text.aliases) if text else 0
    lines = list(DASHED.finditer(body, row.start(), row.end()))
    if not aliases or len(lines) < aliases:
        return None
    begin = lines[draw(st.integers(0, aliases - 1))].start()
    body = body[:begin] + body[body.index("</ENT>", begin) :]
    bodies = [(one, body.encode() if one is hurt else other) for one, other in printed(documents)]
    return Damaged(documents, bodies, misread=(hurt.number, order[at].name))


def printed(documents: Sequence[Document], others: Sequence[Document] | None = None) -> list[tuple[Document, bytes]]:
    return [(document, rule_xml(document, others or documents)) for document in documents]


def of_documents(documents: list[Document]) -> Damaged:
    documents = sorted(documents, key=lambda one: (one.published, one.page))
    return Damaged(documents, printed(documents))


DAMAGE: dict[str, Callable[[list[Document], Document, st.DrawFn], Damaged | None]] = {
    "a table is cut": cut_table,
    "a cell is cut": cut_cell,
    "the body is cut": cut_body,
    "a rule is given twice": give_twice,
    "a rule is printed again": print_again,
    "a rule takes effect too early": take_effect_too_early,
    "an entry that does not exist": name_what_does_not_exist,
    "an entry is added twice in a rule": add_twice_in_a_rule,
    "two rules of one day": conflict,
    "a rule of one day is printed before the one it stands on": print_before,
}


@settings(FIXED, max_examples=40)
@pytest.mark.parametrize("kind", DAMAGE)
@given(documents=histories(max_documents=6), data=st.data())
def test_damage_is_never_silent(kind: str, documents: list[Document], data: st.DataObject) -> None:
    acting = [document for document in documents if document.actions]
    damaged = DAMAGE[kind](documents, data.draw(st.sampled_from(acting)), data.draw) if acting else None
    if damaged is not None:
        assert_nothing_is_silent(damaged)
