-- Calls beside late ones, answers taken from an equal request, and what the ledger tells apart.
alter table jobs add column hedges bigint not null default 0;
alter table jobs add column shared_answers bigint not null default 0;
alter table jobs add column team text not null default '';
alter table jobs add column withheld bigint not null default 0;
alter table rollups add column hedges bigint not null default 0;
alter table rollups add column shared_answers bigint not null default 0;
create index jobs_by_kind on jobs (tenant, kind, simulated, closed_ms);

-- How often an engine that was asked did not answer, a minute.
create table engine_minutes (
  tenant text not null,
  engine text not null,
  at_ms bigint not null,
  simulated bigint not null,
  answered bigint not null,
  failed bigint not null,
  primary key (tenant, engine, at_ms, simulated)
);

-- Thresholds that a tenant set for itself; the others are those of the configuration.
create table alert_settings (
  tenant text not null,
  name text not null,
  value double precision not null,
  changed_ms bigint not null,
  changed_by text not null,
  primary key (tenant, name)
);

-- What is to be told to the webhook: written in the transaction that opens or closes the alert.
create table deliveries (
  id text primary key,
  tenant text not null,
  alert_id text not null,
  body text not null,
  attempts bigint not null,
  next_ms bigint not null,
  done_ms bigint not null,
  problem text not null
);
create index deliveries_due on deliveries (next_ms) where done_ms = 0;
