-- Posts that are handed to the router to be made once more, one or several of a campaign as one batch. id: key of the batch, the same whenever it is submitted. posts: their ids.
-- anew: they said something, and another text is wanted. attempts: 0 while nobody has submitted it. batch_id: the router's, empty until it has answered; a campaign that is
-- cancelled has these batches cancelled as well.
create table repeats (
    tenant text not null,
    id text not null,
    campaign_id text not null,
    posts text not null,
    anew bigint not null default 0,
    attempts bigint not null default 0,
    after_ms bigint not null,
    batch_id text not null default '',
    primary key (tenant, id)
);
create index repeats_due on repeats (after_ms) where batch_id = '';
create index repeats_of_campaign on repeats (tenant, campaign_id);

-- The batch that a post is handed over with; empty while it waits for one.
alter table posts add column again_batch text not null default '';
-- What was asked for before this version of the store went out alone, under a key of its own.
update posts set again_batch = id || '-v' || again_version where again_version > 0 and state = 'pending';
insert into repeats (tenant, id, campaign_id, posts, anew, attempts, after_ms)
    select tenant, again_batch, campaign_id, id, case when text <> '' or instruction <> '' then 1 else 0 end, 1, again_after_ms from posts where again_batch <> '';

-- note: what its author should know; unreadable: shared calls in a row whose answer was not in the form asked for.
alter table campaigns add column note text not null default '';
alter table campaigns add column unreadable bigint not null default 0;

-- Before this time nobody but the process that began to compare the campaign's posts begins again.
alter table campaigns add column compare_after_ms bigint not null default 0;
