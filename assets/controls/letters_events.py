"""Letters and licenses from all filings and announcements, each once, as rows of ``restriction_events``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from assets.controls.letters import Statement
from assets.controls.letters_text import SOURCE
from resources.documents import Parsed, Row, SourceError


def letter_events(reported: Iterable[Statement]) -> Parsed:
    """Make the rows of ``restriction_events`` from the statements of all filings held and of the reviewed file.

    A row is about one product of one letter: a letter that names A100 and H100 gives two rows, each with the other
    products under ``items``; the amount stands in the first of them, so that a sum counts it once. A letter without a
    product is one row about the letter. Each letter stands where it was first reported (of one day: a current report,
    a periodic one, an announcement), so rows of a month change when an earlier report is taken in.

    Args:
        reported: statements of all filings held and of :func:`assets.controls.announcements.statements`, in any order.

    Returns:
        the rows, ordered by day, document and place. A letter that lifts one of which nothing held tells is among the
        problems, and its row is marked. ``metrics``: ``letters``, ``repeats`` (statements that tell a letter again),
        ``refiled`` (those of them in other documents) and ``unspecific`` (statements that name neither a day nor a
        product, of no letter known: no rows).
    """
    letters: list[Statement] = []
    repeats = refiled = unspecific = 0
    for statement in sorted(reported, key=_order):
        known = _same(statement, letters)
        if known is not None:
            repeats += 1
            if letters[known].origin == statement.origin:
                letters[known] = _merged(letters[known], statement)
            else:
                refiled += 1
                letters[known] = _with_destinations(letters[known], statement)
        elif statement.period is not None or statement.chips or statement.others:
            letters.append(statement)
        else:
            unspecific += 1
    rows: list[Row] = []
    problems: list[SourceError] = []
    indexes: Counter[str] = Counter()
    for letter in letters:
        for row in _rows(letter, letters, problems):
            indexes[letter.origin.number] += 1
            rows.append({**row, "event_index": indexes[letter.origin.number]})
    metrics = {"letters": len(letters), "repeats": repeats, "refiled": refiled, "unspecific": unspecific}
    return Parsed(rows, problems, {name: float(count) for name, count in metrics.items()})


def _order(statement: Statement) -> tuple[date, int, str, int]:
    origin = statement.origin
    return origin.day, origin.rank, origin.number, statement.order


def _same(statement: Statement, letters: Sequence[Statement]) -> int | None:
    """Place of the letter already known that a statement tells again; of several, the one most like it."""
    candidates = [number for number, known in enumerate(letters) if _may_be_same(statement, known)]

    def likeness(number: int) -> tuple[bool, int, date]:
        known = letters[number]
        common = len(set(known.chips) & set(statement.chips))
        return known.until == statement.until, common, known.period.first if known.period else date.min

    return max(candidates, key=likeness, default=None)


def _may_be_same(statement: Statement, known: Statement) -> bool:
    if statement.kind != known.kind or statement.company != known.company:
        return False
    mine, theirs = set(statement.chips), set(known.chips)
    if mine and theirs and mine.isdisjoint(theirs):
        return False
    if statement.kind == "license_granted" and statement.until != known.until:
        is_exact = (
            statement.period is not None and known.period is not None and statement.period.day and known.period.day
        )
        if is_exact or statement.origin == known.origin or (statement.until and known.until):
            return False
    if statement.period is None or known.period is None:
        return bool(mine & theirs) or not mine
    return statement.period.meets(known.period)


def _merged(first: Statement, other: Statement) -> Statement:
    """One statement of two in the same filing: the one that names the day, with the products of both."""
    best = other if _exactness(other) > _exactness(first) else first
    return replace(
        best,
        order=first.order,
        chips=tuple(dict.fromkeys((*first.chips, *other.chips))),
        others=tuple(dict.fromkeys((*first.others, *other.others))),
        destinations=tuple(dict.fromkeys((*first.destinations, *other.destinations))),
        end_uses=tuple(dict.fromkeys((*first.end_uses, *other.end_uses))),
        scope=first.scope or other.scope,
        amount=first.amount if first.amount is not None else other.amount,
        amount_sentence=first.amount_sentence or other.amount_sentence,
    )


def _with_destinations(letter: Statement, told_again: Statement) -> Statement:
    """A letter whose first report names no destination has those of the next that does, and says whose they are."""
    if letter.destinations or not told_again.destinations:
        return letter
    review = f"its destinations are told by {told_again.origin.number}"
    return replace(letter, destinations=told_again.destinations, reviews=(*letter.reviews, review))


def _exactness(statement: Statement) -> tuple[bool, timedelta]:
    period = statement.period
    if period is None:
        return False, timedelta.min
    return statement.is_of_letter, period.first - period.last


def _rows(statement: Statement, letters: Sequence[Statement], problems: list[SourceError]) -> list[Row]:
    """Rows of one letter, without their index."""
    affected: list[str] = []
    subjects = _subjects(statement)
    reviews = list(statement.reviews)
    if statement.kind == "letter_lifted":
        lifted = _lifted_by(statement, letters)
        if lifted is None:
            reviews.append("no filing held reports the letter that is lifted")
            reason = f"a letter is lifted that no filing held reports: {statement.sentence:.300}"
            problems.append(SourceError(SOURCE, statement.origin.url, statement.location, reason))
        else:
            affected = [lifted.origin.number]
            subjects = _subjects(lifted)
    rows = []
    for number, (subject_type, subject) in enumerate(subjects):
        items = [name for name in (*statement.chips, *statement.others) if name != subject]
        row = _common(statement)
        row |= {
            "subject_type": subject_type,
            "subject": subject,
            "items": items,
            "affects_documents": affected,
            "needs_review": bool(reviews),
            "review_reason": "; ".join(reviews) or None,
        }
        if number > 0:
            row |= {"amount_usd": None, "amount_sentence": None}
        rows.append(row)
    return rows


def _common(statement: Statement) -> Row:
    origin = statement.origin
    return {
        "document_number": origin.number,
        "publication_date": origin.day,
        "month": f"{origin.day:%Y-%m}",
        "source": origin.source,
        "kind": statement.kind,
        "destinations": list(statement.destinations),
        "end_uses": list(statement.end_uses),
        "filed_date": None,
        "known_from": origin.day,
        "effective_date": statement.effective,
        "effective_date_source": statement.effective_source if statement.effective else None,
        "effective_until": statement.until,
        "compliance_date": None,
        "comments_close_date": None,
        "affects_citations": [],
        "entries": None,
        "amendment_index": None,
        "amendment_label": None,
        "companies": [statement.company],
        "unit": None,
        "effective_before_publication": statement.effective is not None and statement.effective < statement.origin.day,
        "amount_usd": statement.amount,
        "amount_sentence": statement.amount_sentence,
        "scope": statement.scope,
        "sentence": statement.sentence,
        "location": statement.location,
        "citation": None,
        "title": origin.title,
        "url": origin.url,
        "source_sha256": origin.sha256,
    }


def _subjects(statement: Statement) -> list[tuple[str, str]]:
    """What a letter's rows are about: its circuits, else its software, else the letter."""
    if statement.chips:
        return [("chip", name) for name in statement.chips]
    if software := [name for name in statement.others if name.startswith("EDA")]:
        return [("software", software[0])]
    period = statement.period
    when = "" if period is None else f" of {period.day or period.words}"
    what = "license" if statement.kind in ("license_granted", "license_revoked") else "letter"
    return [("document", f"{what} to {statement.company}{when}")]


def _lifted_by(statement: Statement, letters: Sequence[Statement]) -> Statement | None:
    """The statement of the letter that this one lifts."""
    for known in reversed(letters):
        if (
            known.kind != "letter_requires_license"
            or known.company != statement.company
            or _order(known) >= _order(statement)
        ):
            continue
        if statement.lifts is not None:
            if known.period is not None and known.period.meets(statement.lifts):
                return known
        elif set(known.chips) & set(statement.chips) or set(known.others) & set(statement.others):
            return known
    return None
