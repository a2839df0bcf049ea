-- What was decided about dead letters; the letters themselves stand on the topic `dead-letter.queue`. A letter is known by the record
-- that was refused and the group that refused it. A refusal after `refused_at`, which is that of the letter decided upon, is a new letter.
create table letter_decision (
  topic text not null,
  log_partition integer not null,
  log_offset text not null,
  consumer text not null,
  refused_at timestamptz not null,
  decision text not null check (decision in ('replayed', 'discarded')),
  decided_by text not null,
  decided_at timestamptz not null default now(),
  primary key (topic, log_partition, log_offset, consumer)
);
