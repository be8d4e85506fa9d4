-- An experiment. The counts of its arms are in experiment_arms.
create table experiments (
    tenant text not null,
    id text not null,
    name text not null,
    kind text not null,
    state text not null,
    allocation text not null,
    unit text not null,
    metric text not null,
    minimum bigint not null,
    alpha double precision not null,
    half_life bigint not null,
    baseline_rate double precision not null,
    simulated bigint not null default 0,
    idempotency_key text not null,
    created_ms bigint not null,
    primary key (tenant, id)
);
create unique index experiments_key on experiments (tenant, idempotency_key) where idempotency_key <> '';

-- An arm. fresh_successes and fresh_failures are the same counts with older results fading, for the allocation only.
create table experiment_arms (
    tenant text not null,
    experiment_id text not null,
    ordinal bigint not null,
    name text not null,
    content text not null,
    weight double precision not null,
    assigned bigint not null default 0,
    trials bigint not null default 0,
    successes bigint not null default 0,
    guards bigint not null default 0,
    impressions bigint not null default 0,
    fresh_successes double precision not null default 0,
    fresh_failures double precision not null default 0,
    primary key (tenant, experiment_id, ordinal)
);

-- Records that are counted.
create table experiment_records (
    tenant text not null,
    experiment_id text not null,
    record_id text not null,
    at_ms bigint not null,
    primary key (tenant, experiment_id, record_id)
);
