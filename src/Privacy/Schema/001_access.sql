-- Keys that were made at run time. Only the SHA-256 of a key is here.
create table api_keys (
    id text primary key,
    tenant text not null,
    name text not null,
    role text not null,
    hash text not null,
    created_ms bigint not null,
    created_by text not null,
    expires_ms bigint not null default 0,
    revoked_ms bigint not null default 0,
    revoked_by text not null default ''
);
create index api_keys_of_tenant on api_keys (tenant, created_ms);

-- The audit log: a row holds ids only, and the hash of the row before it.
create table audit_log (
    seq bigint primary key,
    at_ms bigint not null,
    tenant text not null,
    actor text not null,
    action text not null,
    target text not null,
    detail text not null,
    previous text not null,
    hash text not null
);

-- One row: the end of the log, signed. Appending locks it, so that replicas append one after another.
create table audit_head (
    id bigint primary key,
    seq bigint not null,
    hash text not null,
    at_ms bigint not null,
    key_id text not null,
    signature text not null
);
insert into audit_head (id, seq, hash, at_ms, key_id, signature) values (1, 0, '', 0, '', '');

-- What people asked about their data, and by when they must have an answer.
create table privacy_requests (
    id text primary key,
    tenant text not null,
    kind text not null,
    law text not null,
    pseudonym text not null,
    state text not null,
    actor text not null,
    received_ms bigint not null,
    confirm_ms bigint not null default 0,
    due_ms bigint not null,
    extended bigint not null default 0,
    created_ms bigint not null,
    done_ms bigint not null default 0,
    send_after_ms bigint not null default 0
);
create index privacy_requests_of_tenant on privacy_requests (tenant, created_ms);
create index privacy_requests_due on privacy_requests (send_after_ms) where state = 'erasing';

-- What each module says it erased for a request.
create table erasure_acknowledgements (
    request_id text not null,
    module text not null,
    counts text not null,
    remote text not null,
    at_ms bigint not null,
    primary key (request_id, module)
);

create table consents (
    tenant text not null,
    pseudonym text not null,
    purpose text not null,
    version text not null,
    given_ms bigint not null,
    withdrawn_ms bigint not null default 0,
    actor text not null,
    primary key (tenant, pseudonym, purpose, version)
);

-- Retention: when a class is due again, and the proof of what was removed.
create table retention_classes (
    class text primary key,
    next_ms bigint not null
);
create table retention_runs (
    id text primary key,
    module text not null,
    class text not null,
    before_ms bigint not null,
    removed bigint not null,
    at_ms bigint not null
);
create index retention_runs_by_time on retention_runs (at_ms);
