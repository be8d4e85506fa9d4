-- Pseudonym of the person a job is about; request, result, failure, snapshot, events and feedback are then sealed under that person's key.
alter table jobs add column subject text not null default '';
create index jobs_of_subject on jobs (tenant, subject) where subject <> '';
alter table feedback add column subject text not null default '';
