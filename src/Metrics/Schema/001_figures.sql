-- One row a closed job: figures and names, no texts.
create table jobs (
  job_id text primary key,
  closed_ms bigint not null,
  tenant text not null,
  simulated bigint not null,
  kind text not null,
  approach text not null,
  engine text not null,
  model text not null,
  language text not null,
  platform text not null,
  project text not null,
  lane text not null,
  state text not null,
  failure_code text not null,
  total_ms double precision not null,
  first_token_ms double precision not null,
  queue_ms double precision not null,
  jobs bigint not null,
  succeeded bigint not null,
  failed bigint not null,
  cancelled bigint not null,
  with_tests bigint not null,
  passed_first bigint not null,
  passed_after_fix bigint not null,
  with_patterns bigint not null,
  fallbacks bigint not null,
  engine_calls bigint not null,
  retries bigint not null,
  input_uncached bigint not null,
  input_cached bigint not null,
  cache_written bigint not null,
  output bigint not null,
  reasoning bigint not null,
  cost_nano bigint not null
);
create index jobs_by_time on jobs (closed_ms);
create index jobs_by_tenant on jobs (tenant, closed_ms);

-- One row a feedback; the latest of a job counts.
create table feedback (
  feedback_id text primary key,
  job_id text not null,
  tenant text not null,
  verdict text not null,
  at_ms bigint not null,
  added_lines bigint not null,
  removed_lines bigint not null
);
create index feedback_by_job on feedback (job_id);
create index feedback_by_time on feedback (at_ms);

-- One row a width, bucket and group. Histograms are LogHistogram bytes.
create table rollups (
  tenant text not null,
  step_seconds bigint not null,
  at_ms bigint not null,
  simulated bigint not null,
  kind text not null,
  approach text not null,
  engine text not null,
  model text not null,
  language text not null,
  platform text not null,
  jobs bigint not null,
  succeeded bigint not null,
  failed bigint not null,
  cancelled bigint not null,
  with_tests bigint not null,
  passed_first bigint not null,
  passed_after_fix bigint not null,
  with_patterns bigint not null,
  fallbacks bigint not null,
  engine_calls bigint not null,
  retries bigint not null,
  input_uncached bigint not null,
  input_cached bigint not null,
  cache_written bigint not null,
  output bigint not null,
  reasoning bigint not null,
  cost_nano bigint not null,
  total bytea not null,
  first_token bytea not null,
  queue bytea not null,
  primary key (tenant, step_seconds, at_ms, simulated, kind, approach, engine, model, language, platform)
);
create index rollups_by_step on rollups (step_seconds, at_ms);

create table alerts (
  id text primary key,
  tenant text not null,
  rule text not null,
  severity text not null,
  message text not null,
  value double precision not null,
  threshold double precision not null,
  opened_ms bigint not null,
  measured_ms bigint not null,
  closed_ms bigint not null,
  acknowledged_ms bigint not null,
  acknowledged_by text not null,
  calm bigint not null
);
-- A rule has at most one open alert a tenant, whichever replica measures.
create unique index alerts_open on alerts (tenant, rule) where closed_ms = 0;
create index alerts_by_tenant on alerts (tenant, opened_ms);
