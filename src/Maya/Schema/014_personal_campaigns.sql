-- subject_id holds a pseudonym; name and brief of such a campaign, request, document and problem of its strategy, and the document of such a profile are sealed under that person's key.
alter table campaigns add column subject_id text not null default '';
alter table profiles add column subject_id text not null default '';
create index campaigns_of_subject on campaigns (tenant, subject_id) where subject_id <> '';
create index profiles_of_subject on profiles (tenant, subject_id) where subject_id <> '';
