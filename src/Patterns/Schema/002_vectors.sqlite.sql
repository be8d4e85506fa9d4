create table postings (
  tenant text not null,
  term text not null,
  segment text not null,
  df bigint not null,
  data blob not null,
  primary key (tenant, term, segment)
) without rowid;
create index postings_by_segment on postings (segment);

create table vectors (
  tenant text not null,
  number bigint not null,
  embedding blob not null,
  primary key (tenant, number)
);
