-- Edits that wait for their job are few among all verdicts.
create index verdicts_by_edit on verdicts (tenant, at_ms) where diff <> '';
