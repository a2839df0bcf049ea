-- The last hint that a student had on an exercise: its level 1-4, the program it was about and the hash of what is wrong.
create table hint (
  student_id text not null,
  exercise_id text not null,
  level integer not null check (level between 1 and 4),
  program_hash text not null,
  fault_hash text not null,
  given_at timestamptz not null default now(),
  primary key (student_id, exercise_id)
);
