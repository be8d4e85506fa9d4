-- What other modules are to be told of a committed change; subject is the message as JSON.
create table outbox (
    id text primary key,
    kind text not null,
    subject text not null,
    send_after_ms bigint not null,
    published_ms bigint not null default 0
);
create index outbox_due on outbox (send_after_ms);
