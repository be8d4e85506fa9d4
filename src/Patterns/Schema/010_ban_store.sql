-- The store that a ban was taken over from: whatever answers under its address later lifts nothing, and the same store under another address does.
alter table bans add column store text not null default '';
update bans set store = coalesce((select max(c.store) from sync_cursors c where c.tenant = bans.tenant and c.server = bans.via), '') where via <> '';
create index bans_by_store on bans (tenant, store, hash);
