-- A student is in a class once they have joined; before that they are only invited. Staff is whoever called as such.
alter table class_member add column joined_at timestamptz;

create index class_member_student on class_member (student_id);

create table class_invitation (
  code_hash text primary key,
  class_id text not null,
  invited_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

create index class_invitation_class on class_invitation (class_id);

create table staff (
  subject text primary key,
  role text not null check (role in ('teacher', 'operator')),
  seen_at timestamptz not null default now()
);

-- What was handed in for a class is what its teachers may read.
create table submission_class (
  submission_id uuid not null references submission on delete cascade,
  class_id text not null,
  primary key (submission_id, class_id)
);

create index submission_class_class on submission_class (class_id);

-- Enrolments from before: who has ever used the platform has joined, the rest (typos among them) is only invited.
update class_member set joined_at = now()
where exists (select 1 from request where request.student_id = class_member.student_id);

-- What was handed in before for an exercise after its assignment to the class was handed in for that class.
insert into submission_class (submission_id, class_id)
select submission_id, class_member.class_id from class_member
join assignment on assignment.class_id = class_member.class_id
join submission on submission.student_id = class_member.student_id
  and submission.exercise_id = assignment.exercise_id and submission.received_at >= assignment.assigned_at
where joined_at is not null;
