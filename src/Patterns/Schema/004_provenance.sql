-- What a pattern was made with, so that it can be made again alike: its signature, and the namespace or package it stands in.
alter table patterns add column signature text not null default '';
alter table patterns add column space text not null default '';

-- The folder a file was found in: what a walk of another folder does not see is not gone.
alter table files add column root text not null default '';

-- The project of a number that is gone, so that only its word index is written anew.
alter table removed add column project text not null default '';

-- Identity of the store, which the files derived from it carry; and how many patterns its size has cost.
alter table tenants add column store text not null default '';
alter table tenants add column evicted bigint not null default 0;

-- Who wrote the tests that a result passed: caller, generated, or none.
alter table results add column tests_trust text not null default '';

-- A fix is told to its own project, and to others when that is shared. Empty: learned before this was kept.
alter table fixes add column project text not null default '';

-- Licence of a pattern of another memory, since two of them may call a project alike; and who sent it, who alone may take it back.
alter table origins add column licence text not null default '';
alter table origins add column via text not null default '';

-- Identity of the other store, so that a cursor of one that was made anew is not followed.
alter table sync_cursors add column store text not null default '';

-- What was sent where, so that what is gone here can be taken back there.
create table sent (
  tenant text not null,
  server text not null,
  hash text not null,
  project text not null,
  pattern text not null,
  path text not null,
  content_hash text not null,
  at_ms bigint not null,
  primary key (tenant, server, hash)
);
