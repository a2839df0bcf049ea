-- One statement per paragraph: the runner sends them one by one. Written for PostgreSQL 15.

create table request (
  request_id uuid primary key,
  student_id text not null,
  kind text not null check (kind in ('submission', 'question')),
  agent text not null,
  status text not null default 'queued' check (status in ('queued', 'working', 'done', 'cancelled', 'failed')),
  result jsonb,
  error jsonb,
  traceparent text not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);

create index request_open on request (kind, created_at) where status in ('queued', 'working');

create index request_student on request (student_id, created_at desc);

create table request_event (
  event_id bigint generated always as identity primary key,
  request_id uuid not null references request on delete cascade,
  type text not null,
  data jsonb not null,
  at timestamptz not null default now()
);

create index request_event_request on request_event (request_id, event_id);

create table submission (
  submission_id uuid primary key references request on delete cascade,
  student_id text not null,
  exercise_id text not null,
  exercise_version integer not null check (exercise_version >= 1),
  attempt integer not null check (attempt >= 1),
  code text not null,
  received_at timestamptz not null default now(),
  unique (student_id, exercise_id, attempt)
);

create index submission_student on submission (student_id, received_at desc);

create table grade (
  submission_id uuid not null references submission on delete cascade,
  exercise_version integer not null check (exercise_version >= 1),
  student_id text not null,
  exercise_id text not null,
  module text not null,
  attempt integer not null,
  verdict text not null check (verdict in ('passed', 'failed', 'error', 'timed_out', 'out_of_memory', 'output_limit')),
  score double precision not null check (score between 0 and 1),
  duration_ms double precision not null,
  notes jsonb not null,
  tests jsonb not null,
  error jsonb,
  seed text not null,
  graded_at timestamptz not null default now(),
  primary key (submission_id, exercise_version)
);

create index grade_student on grade (student_id, module, exercise_id);

create table mastery (
  student_id text not null,
  module text not null,
  mastery double precision not null check (mastery between 0 and 100),
  level text not null,
  components jsonb not null,
  bank_version text not null,
  computed_at timestamptz not null,
  primary key (student_id, module)
);

create table idempotency_key (
  student_id text not null,
  key text not null,
  body_hash text not null,
  status integer not null,
  response jsonb not null,
  created_at timestamptz not null default now(),
  primary key (student_id, key)
);

create index idempotency_key_age on idempotency_key (created_at);

create table inbox (
  consumer text not null,
  idempotencykey text not null,
  lane text not null,
  position bigint generated always as identity,
  event jsonb not null,
  topic text not null,
  log_partition integer not null,
  log_offset text not null,
  state text not null default 'queued' check (state in ('queued', 'done', 'dead', 'cancelled')),
  attempts integer not null default 0,
  claims integer not null default 0,
  last_error text,
  available_at timestamptz not null default now(),
  received_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (consumer, idempotencykey)
);

create index inbox_head on inbox (consumer, lane, position) where state = 'queued';

create index inbox_age on inbox (finished_at) where state <> 'queued';

create table lane (
  consumer text not null,
  lane text not null,
  fence bigint not null default 0,
  owner text,
  lease_until timestamptz,
  ready_at timestamptz,
  primary key (consumer, lane)
);

create index lane_ready on lane (consumer, ready_at) where ready_at is not null;

create table outbox (
  outbox_id bigint generated always as identity primary key,
  topic text not null,
  partition integer not null,
  key text not null,
  value text not null,
  created_at timestamptz not null default now()
);

create index outbox_partition on outbox (topic, partition, outbox_id);

create table audit (
  audit_id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null
);

create table class_member (
  class_id text not null,
  student_id text not null,
  primary key (class_id, student_id)
);

create table assignment (
  assignment_id uuid primary key,
  class_id text not null,
  exercise_id text not null,
  exercise_version integer not null,
  assigned_by text not null,
  due timestamptz,
  assigned_at timestamptz not null default now(),
  unique (class_id, exercise_id)
);
