-- Students and classes as they are found from every page, kept beside their names. What the next says is filled in there.
alter table school.student add column found_by tsvector;
alter table school.class add column found_by tsvector;

create index student_found_by on school.student using gin (found_by);
