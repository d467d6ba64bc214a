"""The kind of an event: what an act on a provision, or a document as a whole, does to a control.

The unit amended tells most of it. In the EAR (15 CFR parts 730-774) an ECCN of Supplement No. 1 to part 774 is a
control; sections of part 740 are license exceptions, but § 740.2 restricts them all; § 742.x(b) and paragraphs headed
"license review" say how applications are reviewed; parts 742, 744 and 746 impose license requirements; General Orders
of Supplement No. 1 to part 736 may be general licenses. Where neither unit nor words say a direction, the kind is
``revises``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assets.controls.event_dates import is_general_license
from assets.controls.event_subjects import Act
from assets.controls.statements import Statement
from assets.federal_register.instructions import Instruction

KINDS: Final = (
    "adds_control", "tightens", "relaxes", "rescinds", "suspends", "delays", "reimposes", "corrects", "adds_entries",
    "revises_entries", "removes_entries", "changes_license_policy", "general_license", "revises", "conforming",
    "proposes", "letter_requires_license", "letter_lifted", "license_granted", "announces_withdrawal", "notice",
)  # fmt: skip
"""The closed set of kinds; the letters' and announcements' are given by other modules."""

_BY_VERB: Final = {
    "stay": "suspends",
    "suspend": "suspends",
    "delay": "delays",
    "lift": "reimposes",
    "withdraw": "rescinds",
    "correct": "corrects",
    "continue": "conforming",
    "republish": "conforming",
    "reserve": "conforming",
    "redesignate": "conforming",
}
_ENTRIES: Final = {"add": "adds_entries", "remove": "removes_entries", "reserve": "removes_entries"}
_HEADING_ONLY: Final = re.compile(
    r"\b(?:revis|amend)\w*\s+(?:the\s+)?(?:(?:part|section|subpart)\s+)?headings?\b(?!\s*(?:,"
    r"|and))|\btable\s+of\s+contents\b",
    re.IGNORECASE,
)
_IMPOSES: Final = re.compile(
    r"\blicenses?\s+(?:\w+\s+){0,2}?(?:is|are)\s+required|\blicense\s+requirements?\b|\brequires?\s+a\s+license\b"
    r"|\b(?:may|must)\s+not\s+(?:export|reexport|transfer|be)|\bprohibit|\byou\s+may\s+not\b"
    r"|\bsubject\s+to\s+the\s+EAR\s+(?:if|when|where|under)\b|\bno\s+de\s+minimis\b",
    re.IGNORECASE,
)
# A paragraph on what a section does not reach.
_EXCLUDES: Final = re.compile(
    r"^(?:\([A-Za-z0-9]+\)\s*)*[^.]{0,60}?\b(?:exclusions?|exceptions?|exempt\w*|savings?\s+clause)\b", re.IGNORECASE
)
_POLICY_HEADING: Final = re.compile(
    r"^(?:\([A-Za-z0-9]+\)\s*)*(?:License\s+(?:application\s+)?review\s+(?:polic|standard)"
    r"|Licensing\s+polic|License\s+review)",
    re.IGNORECASE,
)
_POLICY: Final = re.compile(r"^§ (?:742\.\d+[a-z]?\(b\)|744\.(?:2|3|4|23)\(d\)|744\.21\(e\))")
_PARTS_THAT_IMPOSE: Final = frozenset({"742", "744", "746"})
# § 734.9(b) and on: each paragraph is a foreign-direct product rule, which makes foreign-produced items subject to EAR.
_DIRECT_PRODUCT_RULE: Final = re.compile(r"^§ 734\.9\([b-z]\)")

_RELAXES: Final = re.compile(
    r"\brelax(?:es|ing)?\b|\beas(?:es|ing)\b|\bremov(?:es?|ing)\s+(?:the\s+"
    r"|certain\s+)?license\s+requirements?|\bliberaliz(?:es|ing)\b"
    r"|\badd(?:s|ing)?\s+(?:\w+\s+){0,3}?license\s+exceptions?\b"
    r"|\bexpan(?:ds?|ding)\s+(?:the\s+)?(?:eligibility|availability|use)\b[^.;]{0,40}?\blicense\s+exceptions?\b",
    re.IGNORECASE,
)
_TIGHTENS: Final = re.compile(
    r"\btighten(?:s|ing)?\b|\bstrengthen(?:s|ing)\b|\bexpan(?:ds?|ding"
    r"|sion\s+of)\b(?:(?!exceptions?\b|eligib|availab)[^.;]){0,80}?"
    r"\b(?:controls|license\s+requirements?|licensing\s+requirements?|restrictions?)\b"
    r"|\bextend(?:s|ing)?\s+(?:the\s+|its\s+)?(?:license\s+requirements?|restrictions?|controls?)\b"
    r"|\bimpos(?:es?|ing)\s+(?:additional|further|new|more)\b|\bmore\s+restrictive\b"
    r"|\b(?:remov(?:es?|ing)|eliminat(?:es?|ing|ion\s+of))\s+(?:the\s+)?License\s+Exception\b"
    r"|\brevok(?:es|ing)\b[^.;]{0,60}?\b(?:authorizations?|licenses?|VEU)\b|^Revocation\s+of\b",
    re.IGNORECASE,
)
_ADDS: Final = re.compile(
    r"\badd(?:s|ing)?\s+(?:a\s+)?new\s+controls?\b|\badd(?:s|ing)?\s+controls\b"
    r"|\bestablish(?:es|ing)\s+(?:\w+\s+)?(?:new\s+)?controls\b"
    r"|\bimplement(?:s|ing)?\s+(?:necessary|additional|new)\s+(?:export\s+)?controls\b"
    r"|\bimpos(?:es?|ing)\s+(?:a\s+)?(?:new\s+)?license\s+requirements?\b",
    re.IGNORECASE,
)
_REVIEW_POLICY: Final = re.compile(
    r"\blicens(?:e|ing)\s+review\s+polic|\breview\s+polic(?:y|ies)\s+for\b", re.IGNORECASE
)
_RESCINDS: Final = re.compile(
    r"\b(?:rule|document|BIS|action)\b[^.;]{0,80}?\b(?:rescinds?|rescinding|withdraws?|withdrawing)\b", re.IGNORECASE
)
_LISTS: Final = re.compile(r"\b(?:Entity|Unverified|Military\s+End[- ]?User)\b(?:\s*\(\w+\))?\s+List\b", re.IGNORECASE)
_CONFORMING: Final = re.compile(
    r"\bconforming\s+(?:changes?|amendments?)\b|\btechnical\s+(?:amendments?|corrections?)\b|\beditorial\b",
    re.IGNORECASE,
)
# It touches no control: comments are taken for longer, or a day of effect stands as it stood.
_TOUCHES_NONE: Final = re.compile(
    r"\b(?:extension|re-?opening)\s+of\s+(?:the\s+)?comment\s+period\b"
    r"|\b(?:extends?|re-?opens?)\s+the\s+(?:deadline\s+for\s+(?:submission\s+of\s+)?(?:written\s+)?comments|comment\s+period)"
    r"|\bconfirm(?:s|ation\s+of|ing)\s+(?:the\s+)?effective\s+date",
    re.IGNORECASE,
)
_PROPOSES: Final = re.compile(r"\bpropos(?:es?|ed|ing|als?)\b|\bNPRM\b", re.IGNORECASE)


def kind_of_act(act: Act, one: Instruction, words: str, *, only_corrects: bool) -> str:
    """Return the kind of what an instruction does to one subject.

    Args:
        act: what is done to what.
        one: the instruction.
        words: the regulatory text it sets out on the subject.
        only_corrects: the document is a correction of another and nothing else.
    """
    kind = _told_by_verb(act, one, only_corrects=only_corrects)
    if kind is None:
        name = act.subject.name
        if act.subject.type == "general_order" or name.startswith("Supplement No. 1 to part 736"):
            kind = _of_general_order(act, f"{one.body} {words}")
        elif act.subject.type == "eccn":
            kind = _of_eccn(act)
        elif _POLICY.match(name) or (_POLICY_HEADING.match(words) and name.startswith("§ 74")):
            kind = "changes_license_policy"
        elif one.cfr_part == "740":
            kind = _of_license_exception(act)
        else:
            kind = _of_section(act, one.cfr_part or "", words)
    return kind


def _told_by_verb(act: Act, one: Instruction, *, only_corrects: bool) -> str | None:
    """Return the kind where verb and document alone tell it, whatever the provision says."""
    verb = act.verb
    if act.subject.name.endswith("authority citation") or verb in ("continue", "republish"):
        return "conforming"
    if only_corrects:
        return "corrects"
    if act.subject.type == "list":
        return _ENTRIES.get(verb) or _BY_VERB.get(verb, "revises_entries")
    if _HEADING_ONLY.search(one.masked) and not re.search(r"\bparagraphs?\b|\bintroductory\b", one.masked):
        return "conforming"
    return _BY_VERB.get(verb)


def _of_general_order(act: Act, words: str) -> str:
    if act.verb == "remove":
        return "rescinds" if act.subject.type == "general_order" else "revises"
    return "general_license" if is_general_license(words) else "revises"


def _of_eccn(act: Act) -> str:
    if act.of_other_part:
        return "revises"
    return {"add": "adds_control", "remove": "rescinds"}.get(act.verb, "revises")


def _of_license_exception(act: Act) -> str:
    name = act.subject.name
    if name == "§ 740.2" or name.startswith("§ 740.2("):
        return {"add": "tightens"}.get(act.verb, "revises")
    if act.is_whole and re.match(r"§ 740\.(?!1$)\d", name):
        return {"add": "relaxes", "remove": "tightens"}.get(act.verb, "revises")
    return "revises"


def _of_section(act: Act, part: str, words: str) -> str:
    name = act.subject.name
    if not name.startswith("§"):
        return "revises"
    if act.verb == "add":
        if act.of_other_part or _EXCLUDES.match(words):
            return "revises"
        imposes = part in _PARTS_THAT_IMPOSE | {"734", "736"} and _IMPOSES.search(words)
        return "adds_control" if imposes or _DIRECT_PRODUCT_RULE.match(name) else "revises"
    return "rescinds" if act.verb == "remove" and act.is_whole and part in _PARTS_THAT_IMPOSE else "revises"


def kind_of_document(
    document_type: str | None, statements: Sequence[Statement], kinds: Sequence[str]
) -> tuple[str, Statement | None]:
    """Return the main kind of a document that does not bear on another, and the sentence that says it.

    Args:
        document_type: of ``fr_documents``.
        statements: what it says of itself.
        kinds: of its instructions' events.
    """
    title = next((one for one in statements if one.section == "title"), None)
    own = [one for one in statements if one.section in ("title", "summary")]
    if not kinds and (told := next((one for one in own if _TOUCHES_NONE.search(one.text)), None)):
        return "notice", told
    if document_type not in ("Rule", "Correction", None):
        words = (one.text for one in statements if one.section in ("action", "summary"))
        proposes = document_type == "Proposed Rule" and (kinds or any(_PROPOSES.search(one) for one in words))
        return ("proposes" if proposes else "notice"), title
    return _of_rule(title, own, kinds)


def _of_rule(title: Statement | None, own: Sequence[Statement], kinds: Sequence[str]) -> tuple[str, Statement | None]:
    done = [kind for kind in kinds if kind not in ("conforming", "revises")]
    if title is not None and (of_title := _of_title(title.text, done)):
        return of_title, title
    for one in own:
        if found := _directed(one):
            return found, one
    if title is not None and _CONFORMING.search(title.text):
        return "conforming", title
    changing = set(done) | ({"revises"} if "revises" in kinds else set())
    return (changing.pop() if len(changing) == 1 else "revises"), title


def _of_title(title: str, done: Sequence[str]) -> str | None:
    """Return the kind that a title names: of a list's entries (its first part counts), a general license, a policy."""
    first = title.split(";", 1)[0]
    if _LISTS.search(first) and (listed := _of_list_title(first, done)):
        return listed
    if is_general_license(title):
        return "general_license"
    return "changes_license_policy" if _REVIEW_POLICY.search(title) else None


def _of_list_title(title: str, done: Sequence[str]) -> str | None:
    if re.search(r"\bAddition|\bAdding\b", title, re.IGNORECASE):
        return "adds_entries"
    entries = [kind for kind in done if kind.endswith("_entries")]
    if re.search(r"\bRemoval|\bRemoving\b", title, re.IGNORECASE):
        return "removes_entries"
    if re.search(r"\bRevision|\bModification|\bCorrection", title, re.IGNORECASE):
        return "revises_entries" if not entries or "revises_entries" in entries else entries[0]
    return None


def _directed(one: Statement) -> str | None:
    """Return the direction a sentence states; none where it states two."""
    if one.section == "summary" and re.match(r"\W*On\s+\w+\s+\d", one.text):
        return None  # tells of an earlier document
    said = [kind for kind, pattern in (("relaxes", _RELAXES), ("tightens", _TIGHTENS)) if pattern.search(one.text)]
    if len(said) == 2:
        return None
    if _RESCINDS.search(one.text):
        return "rescinds"
    if _ADDS.search(one.text) and said != ["relaxes"]:
        return "adds_control"
    return said[0] if said else None
