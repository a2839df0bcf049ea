-- Grades tell which program they judged, so that an equal one need not run again; exercises that teachers add.

alter table grade add column fingerprint text;

alter table grade add column shape text;

alter table grade add column smallest_failing jsonb;

create index grade_fingerprint on grade (fingerprint) where fingerprint is not null;

create table exercise (
  exercise_id text not null,
  version integer not null check (version >= 1),
  owner text not null,
  source jsonb not null,
  exercise jsonb not null,
  added_at timestamptz not null default now(),
  retired_at timestamptz,
  primary key (exercise_id, version)
);
