-- The event that asks an agent to answer a question, so that it can be published again when the log has lost it. The
-- event of a submission is made again from the submission.
alter table request add column event jsonb;
