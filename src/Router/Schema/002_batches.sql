-- Terms of a batch, and what holds it now.
alter table batches add column terms bytea;
alter table batches add column expires_ms bigint not null default 0;
alter table batches add column max_cost_usd double precision not null default 0;
alter table batches add column held text not null default '';
alter table batches add column held_until_ms bigint not null default 0;
alter table batches add column look_after_ms bigint not null default 0;
create index batches_under_terms on batches (look_after_ms) where terms is not null;

-- A step of priority is a head start, not a right of way: waiting time makes up for it, so nothing starves.
alter table jobs add column rank_ms bigint not null default 0;
update jobs set rank_ms = created_ms - priority * 60000;
drop index jobs_waiting;
create index jobs_waiting on jobs (lane, tenant, rank_ms, id) where state = 'queued';
