-- China's revenue per vendor and window, every version of it, beside the company's revenue as known on the same day.
with figures as (
    select
        vendor,
        'quarter' as time_window,
        fiscal_year,
        fiscal_quarter,
        calendar_quarter,
        period_start,
        period_end,
        version,
        value as china_revenue,
        currency,
        value_usd as china_revenue_usd,
        derivation,
        reporting_basis,
        accession_number,
        known_from,
        known_to
    from {{ source('lake', 'vendor_quarters') }}
    where measure = 'revenue_china'
),

stated_years as (
    select
        *,
        row_number() over (
            partition by accession_number, period_start, period_end, currency order by axis, dimensions
        ) as place_in_filing
    from {{ source('lake', 'revenue_geography') }}
    where geography = 'China' and parent_geography is null and "window" = 'year'
),

-- A filing that repeats a year's figure adds no version.
changed_years as (
    select *
    from (
        select
            *,
            lag((revenue, currency, reporting_basis)) over same_year as before
        from stated_years
        where place_in_filing = 1
        window same_year as (
            partition by vendor, fiscal_year order by known_from, accession_number, period_end, currency
        )
    ) as stated
    where before is distinct from (revenue, currency, reporting_basis)
),

years as (
    select
        vendor,
        'year' as time_window,
        fiscal_year,
        cast(null as bigint) as fiscal_quarter,
        cast(null as varchar) as calendar_quarter,
        period_start,
        period_end,
        row_number() over same_year as version,
        revenue as china_revenue,
        currency,
        revenue_usd as china_revenue_usd,
        'reported' as derivation,
        reporting_basis,
        accession_number,
        known_from,
        lead(known_from) over same_year as known_to
    from changed_years
    window same_year as (partition by vendor, fiscal_year order by known_from, accession_number, period_end, currency)
),

windows as (
    select * from figures
    union all
    select * from years
),

-- The whole of a window counts only as it was known when China's part was; a year needs all of its quarters.
totals as (
    select
        windows.vendor,
        windows.time_window,
        windows.fiscal_year,
        windows.fiscal_quarter,
        windows.version,
        sum(total.value) as total_revenue,
        sum(total.value_usd) as total_revenue_usd
    from windows
    inner join {{ source('lake', 'vendor_quarters') }} as total
        on
            windows.vendor = total.vendor
            and windows.fiscal_year = total.fiscal_year
            and windows.currency = total.currency
            and (windows.fiscal_quarter is null or windows.fiscal_quarter = total.fiscal_quarter)
            and windows.period_start <= total.period_start
            and windows.period_end >= total.period_end
            and total.known_from <= windows.known_from
            and (total.known_to is null or total.known_to > windows.known_from)
    where total.measure = 'revenue'
    group by all
    having count(*) = case when windows.fiscal_quarter is null then 4 else 1 end
)

select
    windows.vendor,
    windows.time_window,
    windows.fiscal_year,
    windows.fiscal_quarter,
    windows.calendar_quarter,
    windows.version,
    windows.period_start,
    windows.period_end,
    cast(windows.china_revenue as decimal(28, 6)) as china_revenue,
    cast(totals.total_revenue as decimal(28, 6)) as total_revenue,
    windows.currency,
    windows.china_revenue_usd,
    cast(totals.total_revenue_usd as bigint) as total_revenue_usd,
    -- A part far beyond the whole has no share; the test china_is_part_of_the_total names it.
    try_cast(
        windows.china_revenue::double / nullif(totals.total_revenue, 0)::double as decimal(9, 6)
    ) as china_share,
    windows.derivation,
    windows.reporting_basis,
    windows.accession_number,
    windows.known_from,
    windows.known_to
from windows
left join totals
    on
        windows.vendor = totals.vendor
        and windows.time_window = totals.time_window
        and windows.fiscal_year = totals.fiscal_year
        and windows.fiscal_quarter is not distinct from totals.fiscal_quarter
        and windows.version = totals.version
order by windows.vendor, windows.time_window, windows.period_end, windows.version
