{{ config(meta={'dagster': {'ref': {'name': 'mart_timeline'}}}) }}
-- No document is dropped silently between intake and timeline.
select documents.document_number
from {{ source('lake', 'fr_documents') }} as documents
left join {{ ref('mart_timeline') }} as timeline using (document_number)
where timeline.document_number is null
