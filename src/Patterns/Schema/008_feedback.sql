-- What a person edited a result to, until it is learned.
alter table verdicts add column diff text not null default '';

-- A ban that was taken over from another memory is lifted when it is lifted there: by whom, and what the pattern is known by there.
alter table bans add column via text not null default '';
alter table bans add column hash text not null default '';
alter table bans add column project text not null default '';
alter table bans add column path text not null default '';
