{{ config(meta={'dagster': {'ref': {'name': 'mart_chip_status'}}}) }}
-- Each chip stands once for each of the five groups of destinations: none is dropped, no two periods cover the day.
select specs.chip
from {{ source('lake', 'chip_specs') }} as specs
left join {{ ref('mart_chip_status') }} as mart on specs.chip = mart.chip
group by specs.chip
having count(mart.chip) <> 5 or count(distinct mart.destination_group) <> 5
