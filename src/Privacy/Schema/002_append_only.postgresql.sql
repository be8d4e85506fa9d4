create function audit_log_is_append_only() returns trigger language plpgsql as $$ begin raise exception 'the audit log is append-only'; end $$;
create trigger audit_log_unchanged before update or delete on audit_log for each row execute function audit_log_is_append_only();
create trigger audit_log_untruncated before truncate on audit_log for each statement execute function audit_log_is_append_only();
