-- Brand voices and audience profiles, each a document of the public language.
create table profiles (
    tenant text not null,
    kind text not null,
    name text not null,
    document bytea not null,
    version bigint not null,
    changed_ms bigint not null,
    primary key (tenant, kind, name)
);

-- What a post said before it was edited or made again.
create table post_versions (
    tenant text not null,
    post_id text not null,
    version bigint not null,
    text text not null,
    state text not null,
    note text not null,
    why text not null,
    at_ms bigint not null,
    primary key (tenant, post_id, version)
);

-- Voice that a post is held to, the caller's own id of a row, and the post that it nearly repeats.
alter table posts add column voice text not null default '';
alter table posts add column custom_id text not null default '';
alter table posts add column duplicate_of text not null default '';

-- on_duplicate: "flag" or "reject". compared says that the finished posts were compared with each other. slot_source: where the slots come from.
alter table campaigns add column on_duplicate text not null default 'flag';
alter table campaigns add column compared bigint not null default 0;
alter table campaigns add column duplicates bigint not null default 0;
alter table campaigns add column slot_source text not null default 'given';
create index campaigns_to_compare on campaigns (created_ms) where compared = 0;
