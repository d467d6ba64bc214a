-- The Entity List as it stands on the day of the newest document or official text held.
with as_of as (
    select max(held_on) as as_of_date
    from (
        select publication_date as held_on from {{ source('lake', 'fr_documents') }}
        union all
        select snapshot_date from {{ source('lake', 'entity_list_snapshots') }}
    )
)

select
    as_of.as_of_date,
    history.entry_id,
    history.country,
    history.country_code,
    history.name,
    history.aliases,
    history.addresses,
    history.sub_entities,
    history.sub_entity_aliases,
    history.sub_entity_alias_of,
    history.sub_entity_addresses,
    history.sub_entity_address_of,
    history.license_requirement,
    history.license_review_policy,
    history.review_policy,
    history.footnotes,
    history.foreign_direct_product_rules,
    history.citations,
    history.valid_from,
    history.listed_from,
    history.basis,
    history.opened_by_document as document_number,
    documents.html_url as url
from {{ source('lake', 'entity_list_history') }} as history
cross join as_of
left join (
    select document_number, any_value(html_url) as html_url
    from {{ source('lake', 'fr_documents') }}
    group by document_number
) as documents on history.opened_by_document = documents.document_number
where
    history.list_name = 'Entity List'
    and (history.valid_from is null or history.valid_from <= as_of.as_of_date)
    and (history.valid_to is null or history.valid_to > as_of.as_of_date)
