-- subject_id holds a pseudonym; request, text, parts, reasons and note of such a post are sealed under that person's key.
create index posts_of_subject on posts (tenant, subject_id) where subject_id <> '';
