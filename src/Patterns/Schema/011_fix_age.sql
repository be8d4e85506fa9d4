-- When a fix was last met, so that the least useful ones go first.
alter table fixes add column used_ms bigint not null default 0;
update fixes set used_ms = created_ms;
create index fixes_by_use on fixes (tenant, used_ms);
