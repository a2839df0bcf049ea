-- What a language model was asked to word: at most once for each answer, counted against the student's budget of a UTC day. `outcome`
-- is `asked` until it is known. `reply` is the text that was shown, for an answer that is delivered again; `answer_hash` is of the
-- plain answer.
create table model_call (
  call_key text primary key,
  student_id text not null,
  day date not null,
  outcome text not null,
  reason text,
  reply text,
  answer_hash text not null,
  called_at timestamptz not null default now()
);

create index model_call_by_student on model_call (student_id, day);

create index model_call_by_day on model_call (day);
