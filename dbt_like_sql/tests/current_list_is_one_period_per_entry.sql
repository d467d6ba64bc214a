-- Two periods of one entry must not cover the same day.
select entry_id
from {{ ref('mart_entity_list_current') }}
group by entry_id
having count(*) > 1
