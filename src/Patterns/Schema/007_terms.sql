-- What the posting lists were made with: those of another tokeniser are made anew by a repair. Stores of before this was kept have the first.
alter table tenants add column terms text not null default 'terms/1';

-- Vectors of a repair under way, so that an embedding server is not waited for inside of a transaction. They are of one number each, whose text never changes.
create table staged_vectors (
  tenant text not null,
  number bigint not null,
  embedder text not null,
  embedding bytea not null,
  primary key (tenant, number)
);
