-- Pseudonym of the person a job was about, so that its row can be erased; roll-ups hold sums only.
alter table jobs add column subject text not null default '';
create index jobs_of_subject on jobs (tenant, subject) where subject <> '';
