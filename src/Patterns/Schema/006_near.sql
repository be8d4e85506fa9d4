-- Bands of the code of results: results that share one may hold nearly the same code.
create table sketches (
  tenant text not null,
  project text not null,
  band bigint not null,
  pattern text not null,
  primary key (tenant, project, band, pattern)
);
create index sketches_by_pattern on sketches (tenant, pattern);

-- Results of other requests that were nearly the same as a known one and were counted on it: each is replayed for its own request as it was verified.
create table variants (
  tenant text not null,
  fingerprint text not null,
  pattern text not null,
  task text not null,
  files text not null,
  tests_passed bigint not null,
  tests_trust text not null,
  rejected bigint not null,
  job_id text not null,
  created_ms bigint not null,
  primary key (tenant, fingerprint, pattern)
);
create index variants_by_pattern on variants (tenant, pattern);
create index variants_by_job on variants (tenant, job_id);

-- What a job asked for: a pattern serves several requests, and what is said of one of them is not said of the others.
alter table uses add column fingerprint text not null default '';

-- Everything that can be replayed. Text that was rejected is rejected for every request it serves.
create view replays as
  select tenant, pattern, fingerprint, project, language, task, files, tests_passed, tests_trust, simulated, rejected, job_id, created_ms from results
  union all
  select v.tenant, v.pattern, v.fingerprint, r.project, r.language, v.task, v.files, v.tests_passed, v.tests_trust, r.simulated,
    case when v.rejected = 1 or (r.rejected = 1 and r.files = v.files) then 1 else 0 end, v.job_id, v.created_ms
  from variants v join results r on r.tenant = v.tenant and r.pattern = v.pattern;
