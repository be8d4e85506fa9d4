-- sent: a submission was begun, so that the router may hold the batch. cancel_wanted: the router is asked to cancel the batch until it answers.
-- touched_ms: last row of a campaign that is being received. revision: rises whenever a finished post changes, so that a comparison of older texts is not written.
-- budget_usd and deadline_ms become the terms of the batch; the deadline counts from created_ms.
alter table campaigns add column sent bigint not null default 0;
alter table campaigns add column cancel_wanted bigint not null default 0;
alter table campaigns add column touched_ms bigint not null default 0;
alter table campaigns add column revision bigint not null default 0;
alter table campaigns add column budget_usd double precision not null default 0;
alter table campaigns add column deadline_ms bigint not null default 0;
create index campaigns_to_cancel on campaigns (created_ms) where cancel_wanted = 1;
create index campaigns_receiving on campaigns (created_ms) where state = 'receiving';

-- again_version: version under which a post is handed to the router to be made again; 0 when the router has it. again_after_ms: not before.
alter table posts add column again_version bigint not null default 0;
alter table posts add column again_after_ms bigint not null default 0;
alter table posts add column instruction text not null default '';
alter table posts add column ai_generated bigint not null default 0;
create index posts_again on posts (again_after_ms) where again_version > 0;
create index posts_single_pending on posts (created_ms) where state = 'pending' and campaign_id = '';

-- What each post counts for in an experiment whose trials are posts.
create table experiment_posts (
    tenant text not null,
    experiment_id text not null,
    post_id text not null,
    arm text not null,
    success bigint not null,
    impressions bigint not null,
    guards bigint not null,
    primary key (tenant, experiment_id, post_id)
);
create index posts_of_experiment on posts (tenant, experiment_id) where experiment_id <> '';
