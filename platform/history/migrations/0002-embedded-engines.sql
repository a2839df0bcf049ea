-- What Kafka and Redis hold on the other targets; only the embedded drivers use these tables.

create table log_partition (
  topic text not null,
  partition integer not null,
  next_offset bigint not null default 0,
  primary key (topic, partition)
);

create table log_record (
  topic text not null,
  partition integer not null,
  log_offset bigint not null,
  key text not null,
  value text not null,
  at timestamptz not null default now(),
  primary key (topic, partition, log_offset)
);

create index log_record_age on log_record (topic, at);

create table log_commit (
  group_name text not null,
  topic text not null,
  partition integer not null,
  committed bigint not null,
  primary key (group_name, topic, partition)
);

create table state_entry (
  key text primary key,
  value jsonb not null,
  etag bigint not null default 1,
  expires_at timestamptz
);
