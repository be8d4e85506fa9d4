-- How posts stand, as content tells it: figures, no texts. The highest version of a post counts.
create table pieces (
  tenant text not null,
  post_id text not null,
  version bigint not null,
  subject text not null,
  platform text not null,
  state text not null,
  simulated bigint not null,
  ai_generated bigint not null,
  score double precision not null,
  markers_before double precision not null,
  markers_after double precision not null,
  cost_nano bigint not null,
  created_ms bigint not null,
  at_ms bigint not null,
  primary key (tenant, post_id)
);
create index pieces_by_time on pieces (tenant, created_ms);
create index pieces_by_age on pieces (created_ms);
create index pieces_of_subject on pieces (tenant, subject) where subject <> '';
