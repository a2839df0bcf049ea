-- Whether the newest computation also stands in the state store; what does not is written again.
alter table mastery add column in_state boolean not null default false;

create index mastery_not_in_state on mastery (computed_at) where not in_state;
