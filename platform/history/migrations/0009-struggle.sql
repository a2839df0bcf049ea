-- What a student struggled with and was told to the teachers: `evidence` are submissions or requests. A row is open until
-- `cleared_at`; the same one is not told twice within a day.
create table struggle (
  struggle_id uuid primary key,
  student_id text not null,
  rule text not null,
  exercise_id text,
  error text,
  evidence jsonb not null,
  detected_at timestamptz not null default now(),
  cleared_at timestamptz
);

create index struggle_student on struggle (student_id, detected_at);
