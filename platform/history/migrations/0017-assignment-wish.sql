-- Which wish an assignment came from: who wished, in which words and with which seed, as JSON. Null for one that was assigned by its id.
alter table assignment add column wish text;
