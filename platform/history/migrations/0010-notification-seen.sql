-- Which notifications a person has seen. A notification is a row of `assignment`, `comment` or `struggle`; one that changed
-- after `seen_at` is unseen again.
create table notification_seen (
  student_id text not null,
  notification_id uuid not null,
  seen_at timestamptz not null default now(),
  primary key (student_id, notification_id)
);
