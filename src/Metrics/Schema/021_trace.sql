-- The job that an alert is about.
alter table alerts add column job_id text not null default '';

-- Whether memory had something for a job: -1 when it was not asked, or before this was told. Only jobs for which it had something can show what it brings.
alter table jobs add column found bigint not null default -1;

-- Jobs and posts that were erased with their person: a message about one that comes again changes nothing. Ids only.
create table erased (
  id text primary key,
  tenant text not null,
  at_ms bigint not null
);
create index erased_by_time on erased (at_ms);
