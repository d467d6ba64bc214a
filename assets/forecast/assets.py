"""The tables of forecasts: the vendors' revenue, and how well such forecasts did."""

from __future__ import annotations

from assets.earnings.views import first_reported
from assets.forecast.backtest import backtest
from assets.forecast.revenue import forecast
from assets.table import whole_table
from resources.deployment import Deployment
from resources.documents import Parsed


@whole_table(deps=["vendor_quarters"])
def vendor_revenue_forecast(deployment: Deployment) -> Parsed:
    """The next four quarters of each series, from the quarters as first reported."""
    return forecast(first_reported(deployment.lake.rows("vendor_quarters")))


@whole_table(deps=["vendor_quarters"])
def forecast_backtest(deployment: Deployment) -> Parsed:
    """Forecasts from each past quarter, against what came and against the seasonal naive forecast."""
    return backtest(first_reported(deployment.lake.rows("vendor_quarters")))
