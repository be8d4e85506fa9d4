create table jobs (
    id text primary key,
    tenant text not null,
    kind text not null,
    lane text not null,
    priority bigint not null,
    state text not null,
    approach text not null,
    simulated bigint not null default 0,
    batch_id text,
    origin text not null default '',
    fence bigint not null default 0,
    deliveries bigint not null default 0,
    worker text,
    send_after_ms bigint not null default 0,
    lease_until_ms bigint not null default 0,
    cancel_requested bigint not null default 0,
    created_ms bigint not null,
    started_ms bigint not null default 0,
    closed_ms bigint not null default 0,
    snapshot text,
    snapshot_draft bigint not null default 0,
    snapshot_number bigint not null default 0,
    cost_usd double precision not null default 0,
    request bytea not null,
    route bytea not null,
    result bytea,
    failure bytea
);
create index jobs_waiting on jobs (lane, tenant, priority desc, id) where state = 'queued';
create index jobs_sent on jobs (lane, send_after_ms) where state = 'queued';
create index jobs_leased on jobs (lease_until_ms) where state = 'running';
create index jobs_of_tenant on jobs (tenant, id);
create index jobs_open on jobs (tenant) where state in ('queued', 'running');
create index jobs_closed on jobs (tenant, closed_ms);
create index jobs_of_batch on jobs (batch_id, state) where batch_id is not null;

create table job_events (
    job_id text not null,
    number bigint not null,
    event bytea not null,
    primary key (job_id, number)
);

create table job_watchers (
    job_id text not null,
    address text not null,
    expires_ms bigint not null,
    primary key (job_id, address)
);

create table idempotency (
    tenant text not null,
    key text not null,
    body_hash text not null,
    subject text not null,
    created_ms bigint not null,
    primary key (tenant, key)
);

create table batches (
    id text primary key,
    tenant text not null,
    total bigint not null,
    created_ms bigint not null
);

create table outbox (
    id text primary key,
    kind text not null,
    subject text not null,
    send_after_ms bigint not null,
    published_ms bigint not null default 0
);
create index outbox_due on outbox (send_after_ms);

create table feedback (
    id text primary key,
    job_id text not null,
    tenant text not null,
    verdict text not null,
    diff text not null,
    comment text not null,
    created_ms bigint not null
);

create table workspaces (
    tenant text not null,
    id text not null,
    files bigint not null,
    bytes bigint not null,
    content bytea not null,
    created_ms bigint not null,
    primary key (tenant, id)
);

create table switches (
    tenant text not null,
    name text not null,
    value bigint not null,
    primary key (tenant, name)
);
