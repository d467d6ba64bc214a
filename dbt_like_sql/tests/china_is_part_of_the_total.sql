-- China's revenue cannot exceed the company's revenue of the same window.
select *
from {{ ref('mart_vendor_china_revenue') }}
where total_revenue is not null and china_revenue > total_revenue
