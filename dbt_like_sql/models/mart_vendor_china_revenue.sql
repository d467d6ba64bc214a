-- China's revenue per vendor and window as first reported: fiscal quarters, and years where a vendor reports years.
with quarters as (
    select
        china.vendor,
        'quarter' as time_window,
        china.fiscal_year,
        china.fiscal_quarter,
        china.calendar_quarter,
        china.period_start,
        china.period_end,
        china.value_usd as china_revenue_usd,
        total.value_usd as total_revenue_usd,
        china.derivation,
        china.reporting_basis,
        china.accession_number,
        china.known_from
    from {{ source('lake', 'vendor_quarters') }} as china
    left join {{ source('lake', 'vendor_quarters') }} as total
        on
            china.vendor = total.vendor
            and china.period_start = total.period_start
            and china.period_end = total.period_end
            and total.measure = 'revenue'
    where china.measure = 'revenue_china'
),

first_reported_years as (
    select *
    from {{ source('lake', 'revenue_geography') }}
    where geography = 'China' and "window" = 'year'
    qualify row_number() over (
        partition by vendor, period_start, period_end order by known_from, accession_number, dimensions
    ) = 1
),

year_totals as (
    select vendor, fiscal_year, sum(value_usd) as total_revenue_usd
    from {{ source('lake', 'vendor_quarters') }}
    where measure = 'revenue'
    group by vendor, fiscal_year
    having count(*) = 4
),

years as (
    select
        china.vendor,
        'year' as time_window,
        china.fiscal_year,
        cast(null as bigint) as fiscal_quarter,
        cast(null as varchar) as calendar_quarter,
        china.period_start,
        china.period_end,
        china.revenue_usd as china_revenue_usd,
        year_totals.total_revenue_usd,
        'reported' as derivation,
        china.reporting_basis,
        china.accession_number,
        china.known_from
    from first_reported_years as china
    left join year_totals using (vendor, fiscal_year)
),

windows as (
    select * from quarters
    union all
    select * from years
)

select
    vendor,
    time_window,
    fiscal_year,
    fiscal_quarter,
    calendar_quarter,
    period_start,
    period_end,
    china_revenue_usd,
    cast(total_revenue_usd as bigint) as total_revenue_usd,
    cast(china_revenue_usd::double / nullif(total_revenue_usd, 0) as decimal(9, 6)) as china_share,
    derivation,
    reporting_basis,
    accession_number,
    known_from
from windows
order by vendor, time_window, period_end
