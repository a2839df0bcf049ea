-- How well the program of a passed submission is written, 0-1 (docs/tutoring.md, "Review"); null for every other grade,
-- and until the progress agent has computed it.
alter table grade add column quality double precision check (quality between 0 and 1);
