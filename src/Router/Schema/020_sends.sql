-- Tickets sent since the job was last given back or let go: each makes the wait before the next one longer, and a job with any counts
-- against its lane's window. What was sent before is taken as sent once.
alter table jobs add column sends bigint not null default 0;
update jobs set sends = 1 where state = 'queued' and lane <> 'held' and send_after_ms > 0;
drop index jobs_waiting;
drop index jobs_sent;
create index jobs_fresh on jobs (lane, tenant, rank_ms, id) where state = 'queued' and sends = 0;
create index jobs_on_queue on jobs (lane, send_after_ms) where state = 'queued' and sends > 0;

-- What open jobs have spent so far counts against budgets before they are closed.
create index jobs_spending on jobs (tenant, cost_usd) where cost_usd > 0 and state in ('queued', 'running');

-- What one more job of a batch with a cost limit may spend, as last reckoned.
alter table batches add column room_usd double precision not null default 0;
update batches set room_usd = max_cost_usd;

-- Cancelled while it ran, and then given back: nobody may claim such a job, so the next sweep closes it as one whose lease ran out.
update jobs set state = 'running', lease_until_ms = 0 where state = 'queued' and cancel_requested = 1;
