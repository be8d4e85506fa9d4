-- When the receipt of a request was confirmed to the person, and what was done about one that a human answers.
alter table privacy_requests add column confirmed_ms bigint not null default 0;

-- A consent that is given again after it was withdrawn is another consent: both stay on record.
create table consent_records (
    tenant text not null,
    pseudonym text not null,
    purpose text not null,
    version text not null,
    given_ms bigint not null,
    withdrawn_ms bigint not null default 0,
    actor text not null,
    primary key (tenant, pseudonym, purpose, version, given_ms)
);
insert into consent_records (tenant, pseudonym, purpose, version, given_ms, withdrawn_ms, actor) select tenant, pseudonym, purpose, version, given_ms, withdrawn_ms, actor from consents;
drop table consents;
