-- Trace in which a job was accepted (W3C traceparent), so that what the ledger sends later belongs to it.
alter table jobs add column trace text not null default '';
