-- A batch that comes in a part at a time. arriving: 1 until its last item is stored, 2 when it is given up; its jobs are held meanwhile. touched_ms: when its last part came.
-- releasing: 1 while its jobs are let go.
alter table batches add column arriving bigint not null default 0;
alter table batches add column touched_ms bigint not null default 0;
alter table batches add column releasing bigint not null default 0;
create index batches_arriving on batches (touched_ms) where arriving > 0;
create index batches_releasing on batches (id) where releasing = 1;
