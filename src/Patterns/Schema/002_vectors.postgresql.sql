create extension if not exists vector schema public;

create table postings (
  tenant text not null,
  term text not null collate "C",
  segment text not null,
  df bigint not null,
  data bytea not null,
  primary key (tenant, term, segment)
);
create index postings_by_segment on postings (segment);

-- Project, language and kind stand here too, so that a filtered vector query needs no join.
create table vectors (
  tenant text not null,
  number bigint not null,
  project text not null,
  language text not null,
  kind text not null,
  embedder text not null,
  embedding vector not null,
  primary key (tenant, number)
);
create index vectors_by_project on vectors (tenant, project);
