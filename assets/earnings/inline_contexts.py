"""What the names, contexts and units of an inline XBRL document mean, each resolved once.

Source: XBRL 2.1 (contexts and units), XBRL Dimensions 1.0 (https://specifications.xbrl.org/spec-group-index-dimensions.html).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar

XBRLI = "{http://www.xbrl.org/2003/instance}"
"""Namespace of contexts and units."""

_XBRLDI = "{http://xbrl.org/2006/xbrldi}"
_IDENTIFIER = f"{XBRLI}identifier"
_INSTANT, _START, _END = _DAYS = f"{XBRLI}instant", f"{XBRLI}startDate", f"{XBRLI}endDate"
_CONTAINERS = f"{XBRLI}segment", f"{XBRLI}scenario"
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")

# A document may bind any prefix to a taxonomy. Names are made comparable by the taxonomy's own prefix.
_TAXONOMIES = (
    (re.compile(r"^https?://fasb\.org/(us-gaap|srt)/"), None),
    (re.compile(r"^https?://xbrl\.sec\.gov/([a-z-]+)/"), None),
    (re.compile(r"^https?://xbrl\.ifrs\.org/taxonomy/[\d-]+/(ifrs-full)"), None),
    (re.compile(r"^http://www\.xbrl\.org/2003/(iso4217)$"), None),
    (re.compile(r"^http://www\.xbrl\.org/2003/instance$"), "xbrli"),
)
_STANDARD = frozenset(("us-gaap", "srt", "dei", "country", "ifrs-full", "iso4217", "xbrli"))

T = TypeVar("T")


@dataclass(frozen=True)
class FactContext:
    """Dimensions and period as the table ``facts`` writes them; ``start`` is ``None`` for an instant."""

    dimensions: str
    period: str
    start: date | None
    end: date


class Names:
    """Prefixed names under the prefix of their own taxonomy.

    Args:
        root: the document's first element.
        one_scope: no other element binds a prefix, so that a name means the same everywhere.
    """

    def __init__(self, root: Any, *, one_scope: bool) -> None:
        self._everywhere: dict[str | None, str] | None = dict(root.nsmap) if one_scope else None
        self._known: dict[str, str] = {}

    def uri(self, prefix: str, element: Any) -> str | None:
        """What a prefix is bound to at an element."""
        bound = self._everywhere if self._everywhere is not None else element.nsmap
        uri: str | None = bound.get(prefix)
        return uri

    def name(self, prefixed: str, element: Any) -> str:
        """The name under its taxonomy's prefix.

        Raises:
            ValueError: its own prefix is bound to nothing, or is a standard taxonomy's and bound to another.
        """
        if self._everywhere is not None and prefixed in self._known:
            return self._known[prefixed]
        prefix, separator, local = prefixed.strip().partition(":")
        uri = self.uri(prefix, element)
        if not separator or not local or uri is None:
            raise ValueError(f"the name {prefixed!r} has no known prefix")
        taxonomies = ((own or match[1]) for pattern, own in _TAXONOMIES if (match := pattern.match(uri)))
        taxonomy = next(taxonomies, None)
        if taxonomy is None and prefix in _STANDARD:
            raise ValueError(f"the name {prefixed!r} is not of {prefix} but of {uri}")
        self._known[prefixed] = f"{taxonomy or prefix}:{local}"
        return self._known[prefixed]


class Resources:
    """Contexts and units by their ids; what cannot be resolved is an error each time it is asked for.

    Args:
        contexts: the elements ``xbrli:context`` of the document.
        units: its elements ``xbrli:unit``.
        names: of the document.
        cik: the filer every context must be about.
    """

    def __init__(self, contexts: Iterable[Any], units: Iterable[Any], names: Names, cik: int | None) -> None:
        self._names = names
        self._cik = cik
        self._contexts = _Resolved("context", contexts, self._context_of)
        self._units = _Resolved("unit", units, self._unit_of)

    def context(self, reference: str) -> FactContext:
        """Period and dimensions behind a reference.

        Raises:
            ValueError: there is none, or several unlike ones, or it is about another filer, names an axis twice, has
                content beside dimensions (so that it may be about a part) or no period of whole days.
        """
        return self._contexts[reference]

    def unit(self, reference: str) -> str:
        """Unit behind a reference, as EDGAR's JSON writes it: ``USD``, ``USD/shares``.

        Raises:
            ValueError: there is none, or several unlike ones, or its measures are not known.
        """
        return self._units[reference]

    def _context_of(self, element: Any) -> FactContext:
        identifier, period = "", {}
        members = []
        for part in element.iterdescendants("*"):
            if part.tag == _IDENTIFIER:
                identifier = (part.text or "").strip()
            elif part.tag in _DAYS:
                period[part.tag] = _day(part.text or "")
            elif part.getparent().tag in _CONTAINERS:
                members.append(part)
        if self._cik is None or identifier.lstrip("0") != str(self._cik):
            raise ValueError(f"is about entity {identifier!r}, not {self._cik}")
        dimensions = self._dimensions(members)
        if period.keys() == {_INSTANT}:
            day = period[_INSTANT]
            return FactContext(dimensions, day.isoformat(), None, day)
        if period.keys() != {_START, _END}:
            raise ValueError("has no usable period")
        start, end = period[_START], period[_END]
        if start > end:
            raise ValueError(f"ends on {end}, before it begins on {start}")
        return FactContext(dimensions, f"{start}/{end}", start, end)

    def _dimensions(self, members: list[Any]) -> str:
        pairs: dict[str, str] = {}
        for member in members:
            if member.tag == f"{_XBRLDI}explicitMember":
                value = self._names.name(member.text or "", member)
            elif member.tag == f"{_XBRLDI}typedMember":
                text = " ".join("".join(member.itertext()).split())
                value = text.replace("%", "%25").replace(";", "%3B").replace("=", "%3D") or "nil"
            else:
                raise ValueError(f"has {member.tag} among its dimensions")
            axis = self._names.name(member.get("dimension") or "", member)
            if axis in pairs:
                raise ValueError(f"names an axis twice, {axis}")
            pairs[axis] = value
        return ";".join(f"{axis}={member}" for axis, member in sorted(pairs.items()))

    def _unit_of(self, element: Any) -> str:
        above = element.findall(f"{XBRLI}divide/{XBRLI}unitNumerator/{XBRLI}measure")
        below = element.findall(f"{XBRLI}divide/{XBRLI}unitDenominator/{XBRLI}measure")
        product = self._product(element.findall(f"{XBRLI}measure") or above)
        return f"{product}/{self._product(below)}" if below else product

    def _product(self, measures: list[Any]) -> str:
        if not measures:
            raise ValueError("has no measure")
        names = []
        for measure in measures:
            taxonomy, _, name = self._names.name(measure.text or "", measure).partition(":")
            if _CURRENCY.fullmatch(name) and taxonomy != "iso4217":
                raise ValueError(f"measures {taxonomy}:{name}, which looks like a currency and is none")
            # EDGAR's own JSON writes measures without their prefix; so do we, that both sources agree.
            names.append(name)
        return "*".join(sorted(names))


class _Resolved(dict[str, T]):
    """What the elements with an id mean, or why they mean nothing."""

    def __init__(self, what: str, elements: Iterable[Any], resolve: Callable[[Any], T]) -> None:
        super().__init__()
        self._what = what
        self._resolve = resolve
        self._errors: dict[str, str] = {}
        self._elements: dict[str, list[Any]] = {}
        for element in elements:
            self._elements.setdefault(element.get("id"), []).append(element)

    def __missing__(self, reference: str) -> T:
        if reference not in self._errors:
            try:
                self[reference] = self._only(reference)
            except ValueError as error:
                self._errors[reference] = str(error)
            else:
                return self[reference]
        raise ValueError(self._errors[reference])

    def _only(self, reference: str) -> T:
        elements = self._elements.get(reference)
        if not elements:
            raise ValueError(f"there is no {self._what} {reference!r}")
        try:
            first, *others = (self._resolve(element) for element in elements)
        except ValueError as error:
            raise ValueError(f"{self._what} {reference!r} {error}") from error
        if any(other != first for other in others):
            raise ValueError(f"there are several {self._what}s {reference!r}, which differ")
        return first


@cache
def _day(text: str) -> date:
    text = text.strip()
    try:
        if not _ISO_DATE.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"has no usable period: {text!r}") from None
