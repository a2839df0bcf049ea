-- What teachers write about a submission. `author` names a teacher, so the row stays when the teacher is erased.
create table comment (
  comment_id uuid primary key,
  submission_id uuid not null references submission on delete cascade,
  author text not null,
  line integer check (line > 0),
  text text not null,
  created_at timestamptz not null default now()
);

create index comment_submission on comment (submission_id, created_at);

-- The classes whose teachers may read a comment: those of its author that the submission was handed in for.
create table comment_class (
  comment_id uuid not null references comment on delete cascade,
  class_id text not null,
  primary key (comment_id, class_id)
);
