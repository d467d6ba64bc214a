"""What both readers of XBRL facts give, and the concepts that count as revenue."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from resources.documents import SourceError

TOTAL_REVENUE = ("us-gaap:Revenues", "us-gaap:SalesRevenueNet", "ifrs-full:Revenue")
"""Tags for the whole of a company's revenue. SalesRevenueNet ended with the taxonomy of 2018."""

CONTRACT_REVENUE = ("us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax",)
"""Revenue from contracts (ASC 606): the whole for most companies, a part where there are leases or royalties beside."""

TAXED_REVENUE = ("us-gaap:RevenueFromContractWithCustomerIncludingAssessedTax",)
"""The same with sales taxes in it: the whole only where no other tag is used."""

REVENUE_CONCEPTS = (*TOTAL_REVENUE, *CONTRACT_REVENUE, *TAXED_REVENUE)
"""All tags under which revenue is looked for; one company changes between them over the years."""


CAPTION_SEPARATOR = " | "
"""Between the captions of a fact that is printed in several rows."""


@dataclass(frozen=True)
class Facts:
    """Facts of one document: an Arrow table under the contract ``facts``, and what could not be read."""

    table: pa.Table
    problems: list[SourceError] = field(default_factory=list)
