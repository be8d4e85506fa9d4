-- Most parts that a post may have as a thread; 0 when it is to be one text. parts holds them with their (1/n) marks, text the whole without marks.
alter table posts add column thread_parts bigint not null default 0;
