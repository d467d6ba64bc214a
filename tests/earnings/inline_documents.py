"""The smallest inline XBRL documents."""

from __future__ import annotations

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
 xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2022-02-16" xmlns:xbrli="http://www.xbrl.org/2003/instance"
 xmlns:xbrldi="http://xbrl.org/2006/xbrldi" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:dei="http://xbrl.sec.gov/dei/2024" xmlns:us-gaap="http://fasb.org/us-gaap/2024" xmlns:srt="http://fasb.org/srt/2024"
 xmlns:g="http://fasb.org/us-gaap/2024" xmlns:country="http://xbrl.sec.gov/country/2024"
 xmlns:iso4217="http://www.xbrl.org/2003/iso4217" xmlns:nvda="http://www.nvidia.com/20251026">
<body>
"""

RESOURCES = """<ix:header><ix:hidden>{hidden}</ix:hidden><ix:resources>
<xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>
<xbrli:unit id="shares"><xbrli:measure>xbrli:shares</xbrli:measure></xbrli:unit>
<xbrli:unit id="perShare"><xbrli:divide><xbrli:unitNumerator><xbrli:measure>iso4217:USD</xbrli:measure>
</xbrli:unitNumerator><xbrli:unitDenominator><xbrli:measure>xbrli:shares</xbrli:measure></xbrli:unitDenominator>
</xbrli:divide></xbrli:unit>
{contexts}</ix:resources></ix:header>
"""


def context(
    identity: str, *dimensions: tuple[str, str], period: str = "2025-07-28/2025-10-26", cik: int = 1045810
) -> str:
    """One context: a duration ``start/end`` or an instant, and its explicit members."""
    members = "".join(f'<xbrldi:explicitMember dimension="{a}">{m}</xbrldi:explicitMember>' for a, m in dimensions)
    segment = f"<xbrli:segment>{members}</xbrli:segment>" if members else ""
    start, _, end = period.rpartition("/")
    days = (
        f"<xbrli:startDate>{start}</xbrli:startDate><xbrli:endDate>{end}</xbrli:endDate>"
        if start
        else f"<xbrli:instant>{end}</xbrli:instant>"
    )
    return (
        f'<xbrli:context id="{identity}"><xbrli:entity><xbrli:identifier scheme="http://www.sec.gov/CIK">{cik:010d}'
        f"</xbrli:identifier>{segment}</xbrli:entity><xbrli:period>{days}</xbrli:period></xbrli:context>\n"
    )


def document(content: str, contexts: str, hidden: str = "") -> bytes:
    """A whole inline XBRL document."""
    return (HEAD + RESOURCES.format(hidden=hidden, contexts=contexts) + content + "</body></html>").encode()
