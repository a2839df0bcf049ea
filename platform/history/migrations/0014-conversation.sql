-- What a student and the agents said in turn; one student's alone. `turns`: how many there are.
create table conversation (
  conversation_id uuid primary key,
  student_id text not null,
  turns integer not null default 0,
  started_at timestamptz not null default clock_timestamp(),
  last_at timestamptz not null default clock_timestamp()
);

create index conversation_student on conversation (student_id, last_at desc);

-- One message and its answer; `place` counts from 1. What an agent answers stands in `request.result`; `agent` and `answer`
-- are only of what was answered at once. `exercise_id`: the exercise that it is about.
create table turn (
  conversation_id uuid not null references conversation,
  place integer not null,
  request_id uuid references request,
  text text not null,
  code text,
  exercise_id text,
  agent text,
  answer text,
  at timestamptz not null default clock_timestamp(),
  primary key (conversation_id, place)
);

create index turn_request on turn (request_id) where request_id is not null;
