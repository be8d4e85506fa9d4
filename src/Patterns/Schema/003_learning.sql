-- Evidence fades: won and lost are weights as of weighed_ms; successes and failures stay plain counts.
alter table patterns add column won double precision not null default 0;
alter table patterns add column lost double precision not null default 0;
alter table patterns add column weighed_ms bigint not null default 0;
update patterns set won = successes, lost = failures, weighed_ms = case when used_ms > 0 then used_ms else created_ms end where successes > 0 or failures > 0;

-- What a pattern did for a job: replayed, shown, called or offered; and the share of its text that stands in the result.
alter table uses add column role text not null default '';
alter table uses add column credit double precision not null default 0;

-- What memory had for the job (-1: not known), and whether the result shows it.
alter table outcomes add column found bigint not null default -1;
alter table outcomes add column reused bigint not null default 0;
create index outcomes_by_time on outcomes (tenant, at_ms);

-- Shape of the offending syntax: its tokens without names and literals.
alter table fixes add column shape text not null default '';

-- What may never be shown, recalled or replayed again. Kept when the pattern is forgotten, so that the same text does not come back.
create table bans (
  tenant text not null,
  target text not null,
  cause text not null,
  content_hash text not null,
  text_hash text not null,
  reason text not null,
  at_ms bigint not null,
  primary key (tenant, target)
);
create index bans_by_content on bans (tenant, content_hash);
create index bans_by_text on bans (tenant, text_hash);

create table verdicts (
  tenant text not null,
  job_id text not null,
  verdict text not null,
  counted bigint not null,
  at_ms bigint not null,
  primary key (tenant, job_id)
);

create table fix_uses (
  tenant text not null,
  job_id text not null,
  fix text not null,
  worked bigint not null,
  at_ms bigint not null,
  primary key (tenant, job_id, fix)
);

-- Patterns of other memories, and how far the exchange with each of them is.
create table origins (
  tenant text not null,
  pattern text not null,
  hash text not null,
  server text not null,
  project text not null,
  at_ms bigint not null,
  primary key (tenant, pattern)
);
create unique index origins_by_hash on origins (tenant, hash);

create table sync_cursors (
  tenant text not null,
  server text not null,
  direction text not null,
  cursor bigint not null,
  at_ms bigint not null,
  primary key (tenant, server, direction)
);
