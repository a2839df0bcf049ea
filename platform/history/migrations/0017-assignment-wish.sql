-- Which wish of `assigned_by` an assignment came from: its words and its seed, hashed, so that an erasure has nothing to look for. Null for one that was assigned by its id.
alter table assignment add column wish text;
