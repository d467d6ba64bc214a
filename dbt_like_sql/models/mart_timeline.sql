-- Rules and entity actions in one ordered table. A rule whose amendments take effect on several days stands on each.
with documents as (
    select
        *,
        case
            when document_number like 'C%-%' or correction_of is not null then 'correction'
            when document_type = 'Rule' then 'rule'
            when document_type = 'Proposed Rule' then 'proposed_rule'
            when document_type = 'Presidential Document' then 'presidential_document'
            when document_type = 'Notice' then 'notice'
            else 'other'
        end as kind
    from {{ source('lake', 'fr_documents') }}
),

amended_days as (
    select document_number, publication_date, effective_date, count(*) as amendments
    from {{ source('lake', 'fr_amendments') }}
    where effective_date is not null
    group by all
),

document_days as (
    select
        coalesce(amended_days.effective_date, documents.effective_date, documents.publication_date) as event_date,
        documents.publication_date as known_from,
        documents.kind,
        '' as country,
        documents.title as subject,
        cast(0 as bigint) as entities,
        cast(coalesce(amended_days.amendments, 0) as bigint) as amendments,
        documents.document_number,
        documents.citation,
        documents.html_url as url,
        case
            when amended_days.effective_date is not null or documents.effective_date is not null then 'effective'
            else 'published'
        end as date_meaning
    from documents
    left join amended_days using (document_number, publication_date)
),

entity_days as (
    select
        coalesce(changes.effective_date, changes.publication_date) as event_date,
        changes.known_from,
        case changes.verb
            when 'add' then 'entity_added'
            when 're-add' then 'entity_added'
            when 'remove' then 'entity_removed'
            else 'entity_revised'
        end as kind,
        changes.country,
        string_agg(changes.entry_name, '; ' order by changes.change_index) as subject,
        count(*) as entities,
        count(distinct changes.amendment_index) as amendments,
        changes.document_number,
        any_value(documents.citation) as citation,
        any_value(documents.html_url) as url,
        case when changes.effective_date is not null then 'effective' else 'published' end as date_meaning
    from {{ source('lake', 'entity_list_changes') }} as changes
    inner join documents using (document_number, publication_date)
    -- A change without text is made to no list; a delay is an event of its document.
    where changes.list_name = 'Entity List' and (changes.text_supplied or changes.verb in ('remove', 'move'))
    group by all
)

select * from document_days
union all
select * from entity_days
order by event_date, known_from, document_number, kind, country
