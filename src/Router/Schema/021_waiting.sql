-- Since when the oldest job that may be claimed waits: one entry a tenant is read, however many wait.
create index jobs_waiting_since on jobs (tenant, created_ms) where state = 'queued' and lane <> 'held';
