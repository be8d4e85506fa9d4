-- A campaign and the brief it came from. submitted says that the router holds its batch; until then it is submitted again.
create table campaigns (
    tenant text not null,
    id text not null,
    name text not null,
    brief text not null,
    brief_hash text not null,
    idempotency_key text not null,
    state text not null,
    problem text not null default '',
    total bigint not null,
    ready bigint not null default 0,
    failed bigint not null default 0,
    cancelled bigint not null default 0,
    cost_usd double precision not null default 0,
    simulated bigint not null default 0,
    batch_id text not null default '',
    submitted bigint not null default 0,
    submit_after_ms bigint not null default 0,
    created_ms bigint not null,
    done_ms bigint not null default 0,
    primary key (tenant, id)
);
create unique index campaigns_key on campaigns (tenant, idempotency_key) where idempotency_key <> '';
create index campaigns_waiting on campaigns (submit_after_ms) where submitted = 0;

-- A post: one cell of a campaign's matrix, or a single post (campaign_id empty).
create table posts (
    tenant text not null,
    id text not null,
    campaign_id text not null,
    ordinal bigint not null,
    platform text not null,
    slot text not null,
    slot_ms bigint not null,
    variant text not null,
    theme text not null,
    intent text not null,
    subject_id text not null default '',
    request bytea not null,
    state text not null,
    text text not null default '',
    parts text not null default '',
    score double precision not null default 0,
    reasons text not null default '',
    length bigint not null default 0,
    job_id text not null default '',
    engine text not null default '',
    model text not null default '',
    prompt_version text not null default '',
    simulated bigint not null default 0,
    cost_usd double precision not null default 0,
    markers_before double precision not null default 0,
    markers_after double precision not null default 0,
    note text not null default '',
    version bigint not null default 1,
    created_ms bigint not null,
    closed_ms bigint not null default 0,
    primary key (tenant, id)
);
create index posts_by_campaign on posts (tenant, campaign_id, ordinal);

-- Jobs whose effect is stored: written in the same transaction, so that a message that comes twice counts once.
create table applied_jobs (
    job_id text primary key,
    at_ms bigint not null
);
