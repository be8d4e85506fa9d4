-- A tenant's counter numbers patterns and removals alike, so that one high-water mark covers both.
create table tenants (
  tenant text primary key,
  next_number bigint not null,
  trimmed bigint not null,
  embedder text not null
);

create table projects (
  tenant text not null,
  name text not null,
  licence text not null,
  shared bigint not null,
  simulated bigint not null,
  created_ms bigint not null,
  indexed_ms bigint not null,
  primary key (tenant, name)
);

create table files (
  tenant text not null,
  project text not null,
  path text not null,
  hash text not null,
  bytes bigint not null,
  language text not null,
  indexed_ms bigint not null,
  primary key (tenant, project, path)
);

create table patterns (
  tenant text not null,
  id text not null,
  number bigint not null,
  member text not null,
  project text not null,
  path text not null,
  start_line bigint not null,
  end_line bigint not null,
  language text not null,
  kind text not null,
  name text not null,
  record text not null,
  doc text not null,
  text text not null,
  content_hash text not null,
  shape bigint not null,
  tags text not null,
  job_id text not null,
  simulated bigint not null,
  successes bigint not null,
  failures bigint not null,
  used_ms bigint not null,
  created_ms bigint not null,
  primary key (tenant, id)
);
create unique index patterns_by_number on patterns (tenant, number);
create index patterns_by_path on patterns (tenant, project, path);
create index patterns_by_success on patterns (tenant, successes) where successes > 0;

-- Numbers that are gone; derived indexes drop them, then the rows are trimmed.
create table removed (
  tenant text not null,
  seq bigint not null,
  number bigint not null,
  primary key (tenant, seq)
);

-- The inverted index: immutable segments, one project each, merged now and then.
create table segments (
  id text primary key,
  tenant text not null,
  project text not null,
  docs bigint not null,
  first_number bigint not null,
  last_number bigint not null
);
create index segments_by_project on segments (tenant, project);

-- What was learned.
create table handled (
  tenant text not null,
  event text not null,
  at_ms bigint not null,
  primary key (tenant, event)
);

create table results (
  tenant text not null,
  pattern text not null,
  fingerprint text not null,
  project text not null,
  language text not null,
  task text not null,
  files text not null,
  tests_passed bigint not null,
  simulated bigint not null,
  rejected bigint not null,
  job_id text not null,
  created_ms bigint not null,
  primary key (tenant, pattern)
);
create index results_by_fingerprint on results (tenant, fingerprint);
create index results_by_job on results (tenant, job_id);

create table uses (
  tenant text not null,
  job_id text not null,
  pattern text not null,
  outcome text not null,
  at_ms bigint not null,
  primary key (tenant, job_id, pattern)
);
create index uses_by_pattern on uses (tenant, pattern, at_ms);

create table outcomes (
  tenant text not null,
  job_id text not null,
  project text not null,
  succeeded bigint not null,
  patterns bigint not null,
  withheld bigint not null,
  simulated bigint not null,
  at_ms bigint not null,
  primary key (tenant, job_id)
);

create table recalls (
  tenant text not null,
  job_id text not null,
  project text not null,
  found bigint not null,
  withheld bigint not null,
  at_ms bigint not null,
  primary key (tenant, job_id)
);

create table fixes (
  tenant text not null,
  id text not null,
  language text not null,
  code text not null,
  signature text not null,
  before_line text not null,
  after_line text not null,
  explanation text not null,
  successes bigint not null,
  failures bigint not null,
  simulated bigint not null,
  created_ms bigint not null,
  primary key (tenant, id)
);
create index fixes_by_signature on fixes (tenant, language, signature);
create index fixes_by_code on fixes (tenant, language, code);
