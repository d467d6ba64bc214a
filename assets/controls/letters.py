"""Letters of the U.S. government that a company reports to the SEC, as rows of ``restriction_events``.

The agency may tell one company, by specific notice, that its exports need a license (15 CFR 744.9(b), 744.17(b),
744.21(b), 744.23(b): "is informed" letters). The letters are not published; the company's filing is what the world
knows. A sentence counts when it says that the government *has* informed the company, that the company has received
such a letter, that it is lifted, or that licenses are granted or revoked. What may happen, rules announced to
everyone, and licenses of other kinds do not count.

Filings tell the same letter for years: :mod:`assets.controls.letters_events` keeps the first report of each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal

from assets.controls import letters_words
from assets.controls.letters_text import SOURCE, Sentence, sentences
from assets.controls.letters_words import Period
from assets.earnings.reports import CURRENT_REPORTS
from assets.earnings.vendors import Vendor
from resources.documents import Row, SourceError

Kind = Literal["letter_requires_license", "letter_lifted", "license_granted", "license_revoked"]

# "US" without points, as _plain writes it.
_GOVERNMENT: Final = (
    r"(?:(?:US|United\s+States)\s+(?:\([^()]*\)\s+)?(?:federal\s+)?government|USG|BIS|Bureau\s+of\s+Industry\s+and\s+Security"
    r"|Department\s+of\s+Commerce|Commerce\s+Department)\b"
)
_NOTICE: Final = r"(?:letters?|notices?|notifications?|communications?)"
_INFORMED: Final = r"\b(?:informed|notified|advised|told|instructed|directed)\b"
_LICENSE: Final = r"\blicen[sc](?:e|es|ing)\b"

_HYPOTHETICAL: Final = re.compile(
    r"\b(?:may|might|could|would|can|cannot|if|unless|whether|not|never|nor|no|neither|even\s+if|in\s+the\s+event)\b[^,;]{0,100}$",
    re.IGNORECASE,
)
_NOT_YET: Final = re.compile(
    r"\b(?:will|should|shall|until|once|before|after|expect\w*|anticipat\w+|seek\w*|hop\w+|await\w*|pending|without|assur\w+"
    r"|fail\w*|when|to)\b[^,;]{0,60}$",
    re.IGNORECASE,
)
_RULE: Final = re.compile(
    r"\brules?\b|\bregulations?\b|Federal\s+Register|Country\s+Groups?\b.*\bD:?1\b|\bECCNs?\s+[34]A090", re.IGNORECASE
)

_OFFICE: Final = rf"[^;]{{0,120}}?\b{_GOVERNMENT}"
_LIFTED: Final = re.compile(
    r"\b(?:restrictions?|requirements?|controls?|letters?)\b[^;]{0,160}?\b(?:rescinded|lifted|removed|withdrawn|eliminated"
    r"|no\s+longer\s+(?:required|appl\w+|in\s+(?:effect|force)))\b"
    r"|\b(?:rescind\w*|lift(?:ed|ing|s)?|remov\w+|withdr\w+|eliminat\w+)\s+(?:[\w’'-]+\s+){0,8}?(?:restrictions?|requirements?|controls?|letter)\b"
    rf"|{_LICENSE}\s+(?:is|are|was|were)\s+no\s+longer\s+required",
    re.IGNORECASE,
)
_REVOKED: Final = re.compile(
    rf"\b(?:revok\w+|suspend\w+|withdr\w+|rescind\w+|terminat\w+)\s+(?:[\w’'-]+\s+){{0,6}}?{_LICENSE}(?!\s+requirement)"
    r"|\blicen[sc]es\b[^;]{0,60}?\b(?:are|were|been)\s+(?:revoked|suspended|withdrawn|terminated)\b",
    re.IGNORECASE,
)
_OF_REQUIREMENT: Final = re.compile(r"\b(?:requirement|restriction|control|letter)", re.IGNORECASE)
_NOT_REQUIRED: Final = re.compile(
    rf"\bno\s+(?:export\s+)?{_LICENSE}|\bnot\s+require\w*\b[^;]{{0,20}}{_LICENSE}|{_LICENSE}\s+(?:is|are)\s+not\s+(?:required|needed)",
    re.IGNORECASE,
)
_REQUIRED: Final = re.compile(
    rf"{_LICENSE}[^;]{{0,60}}?\b(?:requir\w+|needed)|\b(?:requir\w+|need\w*|under|without|obtain\w*)\b[^;]{{0,40}}?{_LICENSE}"
    r"|\bexport\s+(?:restriction|control)s?\b",
    re.IGNORECASE,
)
_GRANTED_IN_LETTER: Final = re.compile(
    rf"\b(?:has|have|had|was|were|been)\s+(?:granted|approved|issued|authorized)\b|\b(?:granted|approved|issued)\s+(?:[\w’'-]+\s+){{0,4}}?{_LICENSE}",
    re.IGNORECASE,
)
_INDEFINITE: Final = re.compile(
    r"\brequirements?\b[^;]{0,40}?\b(?:in\s+(?:effect|force)|remain\w*|last\w*|appl\w+)\b[^;]{0,30}?\bindefinite",
    re.IGNORECASE,
)
_GOES_ON: Final = re.compile(
    r"\b(?:is|are)\s+also\s+(?:covered|included)\b|\balso\s+(?:covers?|includes?|applies|apply)\b"
    r"|\b(?:requirements?|restrictions?|controls?|letters?)”?\s+(?:applies|apply|applied)\s+to\b"
    r"|\b(?:requirements?|restrictions?|controls?)”?\s+(?:covers?|impacts?|affects?|includes?)\s+(?:our|the|any)\b",
    re.IGNORECASE,
)
_THE_REQUIREMENTS: Final = re.compile(rf"\bthe\s+{_LICENSE}\s+requirements?\b", re.IGNORECASE)
_REQUIREMENT_TOLD: Final = re.compile(rf"{_LICENSE}\s+requirements?\b.*\bexports?\b", re.IGNORECASE)
_IN_ADDITION: Final = re.compile(r"\balso\b|\bin\s+addition\b", re.IGNORECASE)
_RISK: Final = re.compile(r"\brisk\b[^;]*\b(?:used\s+in|diver\w+)\b", re.IGNORECASE)
_EFFECTIVE: Final = re.compile(r"\beffective\s+(?:as\s+of\s+|on\s+|beginning\s+(?:on\s+)?|from\s+)?$", re.IGNORECASE)
_UNTIL: Final = re.compile(r"\b(?P<word>through|until)\s+$", re.IGNORECASE)
_EARLIER_LETTER: Final = re.compile(
    rf"\b{_NOTICE}\b[^,;]{{0,60}}?\b(?:dated|received|issued|sent|of|on)\s+(?:on\s+)?$", re.IGNORECASE
)
_LETTER_AFTER: Final = re.compile(rf"^\s*,?\s*{_NOTICE}\b", re.IGNORECASE)
_DATED: Final = re.compile(rf"\b{_NOTICE},?\s+dated\s+(?:as\s+of\s+)?$", re.IGNORECASE)
_GRANTS_EXPORT: Final = re.compile(
    r"\bexport\w*|\breexport\w*|\bship\w*|\bsell\b|\bsales\b|\bChina\b|\bfulfil\w*", re.IGNORECASE
)
_OTHER_LICENSE: Final = re.compile(
    r"\b(?:patents?|intellectual\s+property|royalt\w+|licen[sc]e\s+agreements?|licen[sc]ees?|licen[sc]ors?"
    r"|open[- ]source|OFAC|software\s+licen[sc]es?|business\s+licen[sc]es?)\b",
    re.IGNORECASE,
)
_TO_OTHERS: Final = re.compile(
    r"\blicen[sc]es?\s+to\s+(?:\w+\s+){0,4}(?:competitors|others|suppliers|third\s+parties)\b", re.IGNORECASE
)
_CHARGE: Final = re.compile(
    r"\bcharges?\b|\bwrite-?(?:down|off)s?\b|\bpurchase\s+(?:commitments|obligations)\b", re.IGNORECASE
)
_SALES: Final = re.compile(r"\b(?:sales|revenues?|outlook)\b", re.IGNORECASE)
_TOLD_OF: Final = re.compile(r"\brequirement|\brestriction|\bexport\s+control|\blicen[sc]", re.IGNORECASE)
_CHECKED: Final = re.compile(r"licen[sc]|restrict|export|authorized", re.IGNORECASE)

_NO_LETTER: Final = "the filing does not say that the requirement came by letter; the day is the one its sentence names"
_NO_DAY: Final = "the filing names no day of the letter"
_FOLLOWING: Final = 6


@dataclass(frozen=True)
class Origin:
    """The filing or announcement a statement stands in; ``rank`` orders those of one day, the most direct first."""

    number: str
    day: date
    rank: int
    source: Literal["sec_filings", "announcement"]
    title: str
    url: str
    sha256: str | None


@dataclass(frozen=True)
class Statement:
    """What one sentence of a filing says of a letter or a license, with what the sentences after it add.

    ``period`` is when the letter came (a day, or the month or quarter the words name); ``lifts`` the letter that a
    later one ends; ``order`` the place among the filing's statements, ``block`` the paragraph; ``others`` the systems,
    software and ECCNs named beside the ``chips``; ``scope`` the words that extend a requirement beyond what is named.
    """

    kind: Kind
    company: str
    origin: Origin
    sentence: str
    location: str
    block: int
    order: int
    period: Period | None
    effective: date | None
    effective_source: Literal["letter", "report", "announcement"]
    until: date | None
    chips: tuple[str, ...]
    others: tuple[str, ...]
    destinations: tuple[str, ...]
    end_uses: tuple[str, ...]
    scope: str | None = None
    lifts: Period | None = None
    amount: Decimal | None = None
    amount_sentence: str | None = None
    reviews: tuple[str, ...] = ()

    @property
    def is_of_letter(self) -> bool:
        """Whether the filing speaks of a notice to the company, rather than of a requirement that was imposed."""
        return _NO_LETTER not in self.reviews


@dataclass(frozen=True)
class Statements:
    """The statements of one document, and what of it could not be read."""

    found: list[Statement] = field(default_factory=list)
    problems: list[SourceError] = field(default_factory=list)


def statements(body: bytes, *, filing: Row, vendor: Vendor, sha256: str) -> Statements:
    """Read what a filing's document says of letters and licenses.

    Args:
        body: the document as received.
        filing: its row of ``filings``; its address is ``primary_document_url``.
        vendor: the filer.
        sha256: of ``body``.

    Returns:
        One statement per sentence that reports a letter, in the document's order. Among the problems: a document that
        is cut off, and a sentence in which the government informs the company of something about licenses that is
        understood as none of the kinds.

    Raises:
        SourceError: the body is empty or no HTML.
    """
    document = filing["primary_document_url"]
    read = sentences(body, document=document)
    reader = _Reader(read, filing, vendor, sha256)
    found = reader.statements()
    if b"</html>" not in body[-2000:].lower():
        reader.problems.append(
            SourceError(SOURCE, document, "end", "no </html>: the document is cut off", remedy="fetch it again")
        )
    return Statements(found, reader.problems)


class _Reader:
    """Reads one document's sentences."""

    def __init__(self, read: Sequence[Sentence], filing: Row, vendor: Vendor, sha256: str) -> None:
        self.read = read
        self.filing = filing
        self.origin = Origin(
            number=filing["accession_number"],
            day=filing["filing_date"],
            rank=0 if filing["form"] in CURRENT_REPORTS else 1,
            source="sec_filings",
            title=f"{vendor.name}, Form {filing['form']} of {filing['filing_date']}",
            url=filing["primary_document_url"],
            sha256=sha256,
        )
        self.vendor = vendor
        self.problems: list[SourceError] = []
        us = rf"(?:(?-i:\bus\b)|\bour\s+company\b|\bthe\s+Company\b|“Company”|\"Company\"|\b{re.escape(vendor.name)}\b)"
        we = rf"(?:\bwe\b|\bthe\s+Company\b|“Company”\)?|\"Company\"\)?|\b{re.escape(vendor.name)}\b)"
        flags = re.IGNORECASE
        self.we = re.compile(rf"{we}|{us}|\bour\b", flags)
        self.of_letter = (
            # The government informed us …
            re.compile(rf"\b{_GOVERNMENT}[^;]{{0,160}}?(?P<verb>{_INFORMED})[^;]{{0,100}}?{us}", flags),
            # We were informed by the government …
            re.compile(rf"{we}[^;]{{0,40}}?\b(?:was|were|been)\s+(?:\w+\s+)?(?P<verb>{_INFORMED}){_OFFICE}", flags),
            # We received a letter from the government …
            re.compile(rf"{we}[^;]{{0,100}}?\b(?P<verb>received)\b[^;]{{0,60}}?\b{_NOTICE}\b{_OFFICE}", flags),
            # The government issued a letter to us …
            re.compile(
                rf"\b{_GOVERNMENT}[^;]{{0,160}}?\b(?P<verb>issued|sent|delivered|provided)\b[^;]{{0,60}}?\b{_NOTICE}\b[^;]{{0,60}}?{us}",
                flags,
            ),
        )  # fmt: skip
        self.of_grant = (
            re.compile(
                rf"\b{_GOVERNMENT}\s+(?:[\w’“”()]+\s+){{0,4}}?(?P<verb>granted|issued|approved)\s[^;]{{0,80}}?{_LICENSE}(?!\s+requirement)",
                flags,
            ),
            re.compile(
                rf"\b{_GOVERNMENT}\s+(?:[\w’“”()]+\s+){{0,4}}?(?P<verb>authorized)\s[^;]{{0,80}}?"
                r"(?:\b(?:re)?exports?\b|\bshipments?\b|\bfulfil\w+|\bto\s+(?:ship|export|sell)\b)",
                flags,
            ),
            re.compile(
                rf"{we}\s+(?:[\w’]+\s+){{0,3}}?(?P<verb>received|obtained|secured|granted|issued)\s[^;]{{0,60}}?{_LICENSE}(?!\s+requirement)"
                rf"[^;]{{0,60}}?\b(?:from|by)\s+(?:the\s+)?{_GOVERNMENT}",
                flags,
            ),
            re.compile(
                rf"{we}\s+(?:[\w’]+\s+){{0,3}}?(?P<verb>received|obtained|secured|granted|issued)\s[^;]{{0,60}}?\bexport\s+licen[sc]es?\b"
                r"(?!\s+requirement)",
                flags,
            ),
        )  # fmt: skip
        self.of_imposition = (
            re.compile(
                rf"\b{_LICENSE}\s+requirements?\s+(?P<verb>implemented|imposed)\s+by\s+(?:the\s+)?{_GOVERNMENT}", flags
            ),
            re.compile(
                rf"\b{_GOVERNMENT}\s+(?:has\s+|have\s+)?(?P<verb>implemented|imposed)\s+(?:\w+\s+){{0,4}}?{_LICENSE}\s+requirement",
                flags,
            ),
        )

    def statements(self) -> list[Statement]:
        """All statements, in order, each with what the sentences after it add and the amount the filing states."""
        found: list[Statement] = []
        last_block = -1
        for index, sentence in enumerate(self.read):
            if not _CHECKED.search(sentence.text):
                continue
            text = _plain(sentence.text)
            before = found[-1] if found and sentence.block == last_block else None
            if self.is_duration(text) and found:
                found[-1] = self._lasting(found[-1], text)
                continue
            for kind, verb, review in self._kinds(text, sentence):
                statement = self._statement(
                    kind=kind, verb=verb, review=review, index=index, text=text, before=before, order=len(found)
                )
                if statement is not None:
                    found.append(statement)
                    last_block = sentence.block
        return self._with_amounts(found)

    def is_duration(self, text: str) -> bool:
        """Whether a sentence says how long a requirement told of before will last."""
        return bool(_INDEFINITE.search(text)) and any(pattern.search(text) for pattern in self.of_letter)

    def _kinds(self, text: str, sentence: Sentence) -> list[tuple[Kind, re.Match[str], str]]:
        """The kind of statement a sentence is, and the verb it stands on; none if it is none."""
        for pattern in self.of_letter:
            match = pattern.search(text)
            if match is None or _HYPOTHETICAL.search(text[: match.start("verb")]):
                continue
            told = text[match.start("verb") :]
            if (kind := _told(told)) is not None:
                return [(kind, match, "")]
            if (
                re.search(_LICENSE, told, re.IGNORECASE)
                and not _NOT_REQUIRED.search(told)
                and not _OTHER_LICENSE.search(told)
            ):
                reason = f"the government informed the company of something not understood: {sentence.text:.300}"
                self.problems.append(SourceError(SOURCE, self.origin.url, sentence.place, reason))
            return []
        for pattern in self.of_grant:
            match = pattern.search(text)
            if match is None or _OTHER_LICENSE.search(text) or _TO_OTHERS.search(text):
                continue
            ahead = text[: match.start("verb")]
            if _HYPOTHETICAL.search(ahead) or _NOT_YET.search(ahead) or not _GRANTS_EXPORT.search(text):
                continue
            if self.we.search(text) or match["verb"].lower() == "authorized":
                return [("license_granted", match, "")]
        for pattern in self.of_imposition:
            match = pattern.search(text)
            if match is not None and not _HYPOTHETICAL.search(text[: match.start("verb")]) and not _RULE.search(text):
                return [("letter_requires_license", match, _NO_LETTER)]
        return []

    def _statement(
        self,
        *,
        kind: Kind,
        verb: re.Match[str],
        review: str,
        index: int,
        text: str,
        before: Statement | None,
        order: int,
    ) -> Statement | None:
        sentence = self.read[index]
        named = letters_words.periods(text, self.vendor)
        until = next((_last_day(text, one) for one in named if _UNTIL.search(text[: one.start])), None)
        effective_on = next((one for one in named if _EFFECTIVE.search(text[: one.start]) and one.day), None)
        aside = [one for one in named if _UNTIL.search(text[: one.start]) or one is effective_on]
        lifts = self._earlier_letter(text, named) if kind == "letter_lifted" else None
        own = [one for one in named if one is not lifts and one not in aside]
        period = _own_period(text, own, verb)
        reviews = [review] if review else []
        if period is None and before is not None and before.kind == kind and _IN_ADDITION.search(text):
            period, reviews = before.period, list(before.reviews)
        if period is None and self.filing["form"] in CURRENT_REPORTS and self.filing["report_date"] is not None:
            day = self.filing["report_date"]
            period = Period(day, day, "", 0, 0)
            reviews.append("the sentence names no day; it is the report's (date of the earliest event reported)")
        filed = self.origin.day
        if period is not None and period.first > filed:
            reason = f"the letter's day {period.words!r} is after the filing of {filed}: {sentence.text:.200}"
            self.problems.append(SourceError(SOURCE, self.origin.url, sentence.place, reason))
            reviews.append(f"names a day after the filing: {period.words}")
            period = None
        if period is None:
            reviews.append(_NO_DAY)
        elif period.day is None:
            reviews.append(f"the filing names only {period.words}, no day")
        more = [text, *self._following(index)]
        uses = [*more, *(_plain(one.text) for one in self._block_after(index) if _RISK.search(one.text))]
        chips = _all(letters_words.chips, more)
        if review and not chips:
            return None
        return Statement(
            kind=kind,
            company=self.vendor.name,
            origin=self.origin,
            sentence=sentence.text,
            location=sentence.place,
            block=sentence.block,
            order=order,
            period=period,
            effective=effective_on.day if effective_on else period.day if period else None,
            effective_source="report" if reviews else "letter",
            until=until,
            chips=chips,
            others=_all(letters_words.others, more),
            destinations=_all(letters_words.destinations, more) or self._destinations_before(index, text, kind),
            end_uses=_all(letters_words.end_uses, uses),
            scope=next((scope for one in more if (scope := letters_words.scope(one))), None),
            lifts=lifts,
            reviews=tuple(reviews),
        )

    def _lasting(self, statement: Statement, text: str) -> Statement:
        named = letters_words.periods(text, self.vendor)
        day = f" on {named[0].first}" if named and named[0].day else ""
        scope = "; ".join(filter(None, [statement.scope, f"told{day} to hold for the indefinite future"]))
        return replace(statement, scope=scope)

    def _earlier_letter(self, text: str, named: Sequence[Period]) -> Period | None:
        """The letter that a later one lifts."""
        for one in named:
            if _EARLIER_LETTER.search(text[: one.start]) or _LETTER_AFTER.search(text[one.end :]):
                return one
        yearless = re.search(r"\b(?P<day>[A-Z][a-z]+\s+\d{1,2})\s+letter\b", text)
        if yearless is not None:
            dated = f"{yearless['day']}, {self.filing['filing_date'].year}"
            return next(iter(letters_words.periods(dated, self.vendor)), None)
        return None

    def _block_after(self, index: int) -> list[Sentence]:
        block = self.read[index].block
        return [one for one in self.read[index + 1 : index + 1 + _FOLLOWING] if one.block == block]

    def _destinations_before(self, index: int, text: str, kind: Kind) -> tuple[str, ...]:
        """Destinations the paragraph has told of before, where a letter speaks of *the* requirements."""
        if kind != "letter_requires_license" or not _THE_REQUIREMENTS.search(text):
            return ()
        before = self.read[max(index - _FOLLOWING, 0) : index]
        told = [
            one.text for one in before if one.block == self.read[index].block and _REQUIREMENT_TOLD.search(one.text)
        ]
        return _all(letters_words.destinations, told)

    def _following(self, index: int) -> list[str]:
        """The sentences of the same paragraph that go on about what the requirement covers."""
        found = []
        for sentence in self._block_after(index):
            text = _plain(sentence.text)
            if any(pattern.search(text) for pattern in (*self.of_letter, *self.of_grant)):
                break
            if _GOES_ON.search(text):
                found.append(text)
        return found

    def _with_amounts(self, found: list[Statement]) -> list[Statement]:
        """Statements with the amount the filing states for them: a charge, else sales in question.

        A current report is about the letter, so an amount anywhere in it counts; elsewhere only the same paragraph's.
        """
        is_current = self.filing["form"] in CURRENT_REPORTS
        restricting = [one for one in found if one.kind in ("letter_requires_license", "license_revoked")]
        if is_current:
            restricting = restricting[:1]
        changed: dict[int, Statement] = {}
        for statement in restricting:
            near = [
                one
                for one in self.read
                if (is_current or one.block == statement.block) and "$" in one.text and _about(one.text, statement)
            ]
            for meaning in (_CHARGE, _SALES):
                stated = [
                    (one, values[0])
                    for one in near
                    if meaning.search(one.text) and (values := letters_words.amounts(one.text))
                ]
                if stated:
                    sentence, amount = stated[0]
                    changed[statement.order] = replace(statement, amount=amount, amount_sentence=sentence.text)
                    break
        return [changed.get(statement.order, statement) for statement in found]


def _told(words: str) -> Kind | None:
    """What the government told: the kind, ``None`` if it is none of them."""
    revoked = _REVOKED.search(words)
    if revoked is not None and not _OF_REQUIREMENT.search(revoked[0]):
        return "license_revoked"
    if _LIFTED.search(words):
        return "letter_lifted"
    if _NOT_REQUIRED.search(words):
        return None
    if _REQUIRED.search(words):
        return "letter_requires_license"
    return "license_granted" if _GRANTED_IN_LETTER.search(words) and re.search(_LICENSE, words, re.IGNORECASE) else None


def _own_period(text: str, named: Sequence[Period], verb: re.Match[str]) -> Period | None:
    """When the letter came: as it is dated, else the last date before the verb, else the first after it."""
    dated = next((one for one in named if _DATED.search(text[: one.start])), None)
    ahead = [one for one in named if one.end <= verb.start("verb")]
    after = [one for one in named if one.start >= verb.end("verb") and re.search(r"\bon\s+$", text[: one.start])]
    return dated or (ahead[-1] if ahead else after[0] if after else None)


def _last_day(text: str, until: Period) -> date | None:
    """Last day of a time that the words end: ``through`` a day includes it, ``until`` does not."""
    match = _UNTIL.search(text[: until.start])
    if match is not None and match["word"].lower() == "until":
        return until.first - timedelta(days=1)
    return until.last


def _about(text: str, statement: Statement) -> bool:
    return bool(_TOLD_OF.search(text)) or not set(letters_words.chips(text)).isdisjoint(statement.chips)


def _all(read: Callable[[str], list[str]], texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for text in texts for name in read(text)))


def _plain(text: str) -> str:
    """Words with the points of abbreviations left out, so that a point ends a sentence only."""
    text = re.sub(r"\bU\.\s?S\.(?:A\.)?", "US", text)
    return re.sub(r"\b(Inc|Corp|Ltd|Co|No|Nos)\.", r"\1", text)
