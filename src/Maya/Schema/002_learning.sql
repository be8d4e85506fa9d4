-- What happened to published posts: one row a post, made from its own row or from an import, with totals.
create table outcomes (
    tenant text not null,
    post_id text not null,
    campaign_id text not null,
    platform text not null,
    text text not null,
    theme text not null,
    format text not null,
    intent text not null,
    published_ms bigint not null,
    features text not null,
    simulated bigint not null default 0,
    impressions bigint not null default 0,
    likes bigint not null default 0,
    shares bigint not null default 0,
    comments bigint not null default 0,
    clicks bigint not null default 0,
    conversions bigint not null default 0,
    unfollows bigint not null default 0,
    changed_ms bigint not null,
    primary key (tenant, post_id)
);
create index outcomes_by_platform on outcomes (tenant, simulated, platform, published_ms);

-- Events that are counted: written in the same transaction as the totals, so that an event that comes twice counts once.
create table engagement_events (
    tenant text not null,
    event_id text not null,
    post_id text not null,
    kind text not null,
    count bigint not null,
    at_ms bigint not null,
    primary key (tenant, event_id)
);

-- Where a post's score comes from, and the experiment that shaped it.
alter table posts add column score_low double precision not null default 0;
alter table posts add column score_high double precision not null default 0;
alter table posts add column score_basis text not null default '';
alter table posts add column experiment_id text not null default '';
alter table posts add column arm text not null default '';
