-- The Entity List as it stands on the day of the newest document held.
with as_of as (
    select max(publication_date) as as_of_date from {{ source('lake', 'fr_documents') }}
)

select
    as_of.as_of_date,
    history.entry_id,
    history.country,
    history.country_code,
    history.name,
    history.aliases,
    history.addresses,
    history.license_requirement,
    history.license_review_policy,
    history.footnotes,
    history.citations,
    history.valid_from,
    first_listed.listed_from,
    history.opened_by_document as document_number,
    documents.html_url as url
from {{ source('lake', 'entity_list_history') }} as history
cross join as_of
inner join (
    select entry_id, min(valid_from) as listed_from
    from {{ source('lake', 'entity_list_history') }}
    group by entry_id
) as first_listed using (entry_id)
left join (
    select document_number, any_value(html_url) as html_url
    from {{ source('lake', 'fr_documents') }}
    group by document_number
) as documents on history.opened_by_document = documents.document_number
where
    history.valid_from <= as_of.as_of_date
    and (history.valid_to is null or history.valid_to > as_of.as_of_date)
