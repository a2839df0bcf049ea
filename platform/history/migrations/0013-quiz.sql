-- A quiz that a student was given: of one module, made by `seed` from `made_from` (topic, exercises, submissions). `score`
-- (right answers / questions, 0-1) and `answered_at` are set with the last answer; it counts for the mastery of the module.
create table quiz (
  quiz_id uuid primary key,
  student_id text not null,
  module text not null,
  seed text not null,
  made_from jsonb not null,
  made_at timestamptz not null default clock_timestamp(),
  score double precision check (score between 0 and 1),
  answered_at timestamptz,
  check ((score is null) = (answered_at is null))
);

create index quiz_student on quiz (student_id, made_at desc);

-- A question, its key, which nobody is shown before the answer, and the answer with its judgement; `place` counts from 1.
create table quiz_question (
  quiz_id uuid not null references quiz,
  place integer not null,
  question jsonb not null,
  answer_key jsonb not null,
  judged jsonb,
  answered_at timestamptz,
  primary key (quiz_id, place),
  check ((judged is null) = (answered_at is null))
);
