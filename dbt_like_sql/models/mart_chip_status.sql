-- What each chip needs for each group of destinations on the day of the newest document held, as known then; periods that
-- differ only in the document or the reason behind them are joined.
with as_of as (
    select max(publication_date) as as_of_date from {{ source('lake', 'fr_documents') }}
),

known as (
    select
        as_of.as_of_date,
        status.*,
        -- what an analyst would call the same status
        row(
            status.status,
            status.eccn_paragraph,
            status.license_exception,
            status.headquarters_status,
            status.compliance_date,
            status.not_enforced_from,
            status.letters,
            status.needs
        ) as same
    from {{ source('lake', 'chip_control_status') }} as status
    cross join as_of
    where
        status.known_from <= as_of.as_of_date
        and (status.known_to is null or status.known_to > as_of.as_of_date)
),

stepped as (
    select
        *,
        same is distinct from lag(same) over in_time as is_new
    from known
    window in_time as (partition by chip, destination_group order by valid_from)
),

runs as (
    select
        *,
        sum(cast(is_new as integer)) over (
            partition by chip, destination_group order by valid_from
        ) as run
    from stepped
),

bounded as (
    select
        *,
        min(valid_from) over one_run as status_from,
        case when bool_or(valid_to is null) over one_run then null else max(valid_to) over one_run end as status_to
    from runs
    window one_run as (partition by chip, destination_group, run)
)

select
    bounded.as_of_date,
    bounded.chip,
    specs.product,
    specs.vendor,
    specs.tpp,
    specs.performance_density,
    bounded.destination_group,
    bounded.status,
    case
        when bounded.eccn_paragraph is null then null
        when bounded.not_enforced_from <= bounded.as_of_date then 'not_enforced'
        when bounded.compliance_date > bounded.as_of_date then 'compliance_pending'
        else 'in_force'
    end as enforcement,
    bounded.eccn_paragraph,
    bounded.license_exception,
    bounded.headquarters_status,
    bounded.letters,
    bounded.license_rules,
    bounded.needs,
    bounded.needs_review,
    bounded.status_from,
    bounded.status_to
from bounded
inner join {{ source('lake', 'chip_specs') }} as specs on bounded.chip = specs.chip
where
    bounded.valid_from <= bounded.as_of_date
    and (bounded.valid_to is null or bounded.valid_to > bounded.as_of_date)
order by bounded.chip, bounded.destination_group
