-- The licence of a project when something was learned for it: another one later says nothing of what was learned before. Empty: what its project has, as for indexed code, which stands in the project now.
alter table patterns add column licence text not null default '';
