-- planning: 1 while the posts of a campaign wait for its strategy; they are laid out when it is there. planned_usd: what the strategy cost, which counts against the budget.
alter table campaigns add column planning bigint not null default 0;
alter table campaigns add column planned_usd double precision not null default 0;

-- A campaign's strategy. request is what the engine is asked with, the same each time; attempt rises when an answer could not be used. document: themes, hooks, calls to action.
create table strategies (
    tenant text not null,
    campaign_id text not null,
    state text not null,
    source text not null default '',
    request bytea not null,
    document bytea not null,
    problem text not null default '',
    attempt bigint not null default 1,
    job_id text not null default '',
    model text not null default '',
    simulated bigint not null default 0,
    cost_usd double precision not null default 0,
    created_ms bigint not null,
    made_ms bigint not null default 0,
    primary key (tenant, campaign_id)
);

-- What the campaign's strategy gave to a post.
alter table posts add column hook text not null default '';
alter table posts add column call_to_action text not null default '';
