"""One address for one article."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

# Parameters that say how a reader came, never what is read.
_TRACKING = re.compile(
    r"(?:utm_[a-z_]+|at_(?:medium|campaign)|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|igsh"
    r"|mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok|wt_mc|wt_zmc|cmpid|ncid|s_cid|spm|share_token|ref_src|ref_url)=.*"
    r"|(?:source|from|ref|via|src)=rss.*|rss=1",
    re.IGNORECASE,
)
_KEPT = "!$&'()*+,;=:@/~-._"
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")


def canonical_address(url: str) -> str | None:
    """Return the one form of an article's address, or ``None`` where it is not an absolute http(s) address.

    Scheme https (the same article is served under both), host in lower case and IDNA, no default port, no user
    information, no fragment, no tracking parameters; the order of the others is kept, and so is the case of the path.
    Characters outside of ASCII are percent-encoded as UTF-8, existing escapes get upper-case digits.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
    except (ValueError, UnicodeError):
        return None
    if parts.scheme.lower() not in ("http", "https") or "." not in host or not re.fullmatch(r"[a-z0-9.-]+", host):
        return None
    where = host if port in (None, 80, 443) else f"{host}:{port}"
    kept = [pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(unquote(pair))]
    query = f"?{_escaped('&'.join(kept), _KEPT + '?')}" if kept else ""
    return f"https://{where}{_escaped(parts.path, _KEPT) or '/'}{query}"


def _escaped(part: str, kept: str) -> str:
    upper = _ESCAPE.sub(lambda found: found[0].upper(), part)
    return "".join(
        piece if _ESCAPE.fullmatch(piece) else quote(piece, safe=kept)
        for piece in re.split(r"(%[0-9A-F]{2})", upper)
        if piece
    )
