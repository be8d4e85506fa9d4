-- What memory, checks and fixes brought, and how long jobs were at work.
alter table jobs add column with_patterns_succeeded bigint not null default 0;
alter table jobs add column patterns_used bigint not null default 0;
alter table jobs add column checked bigint not null default 0;
alter table jobs add column compiled bigint not null default 0;
alter table jobs add column fix_attempts bigint not null default 0;
alter table jobs add column work_ms bigint not null default 0;
alter table rollups add column with_patterns_succeeded bigint not null default 0;
alter table rollups add column patterns_used bigint not null default 0;
alter table rollups add column checked bigint not null default 0;
alter table rollups add column compiled bigint not null default 0;
alter table rollups add column fix_attempts bigint not null default 0;
alter table rollups add column work_ms bigint not null default 0;

-- Failures are asked for by class, and are few among many.
create index jobs_failed on jobs (tenant, closed_ms) where state = 'failed';

-- What happened to published posts, as the bus tells it; event is tenant and event id.
create table engagement (
  event text primary key,
  tenant text not null,
  post_id text not null,
  kind text not null,
  count bigint not null,
  at_ms bigint not null
);
create index engagement_by_time on engagement (tenant, at_ms);

-- How experiments stood: a row whenever that changed, at most one a minute.
create table experiment_points (
  id text primary key,
  tenant text not null,
  experiment_id text not null,
  at_ms bigint not null,
  arms text not null
);
create index experiment_points_by_time on experiment_points (tenant, experiment_id, at_ms);

-- What became of jobs that used a pattern, a day.
create table pattern_days (
  tenant text not null,
  simulated bigint not null,
  at_ms bigint not null,
  pattern_id text not null,
  project text not null,
  path text not null,
  succeeded bigint not null,
  failed bigint not null,
  primary key (tenant, simulated, at_ms, pattern_id)
);
