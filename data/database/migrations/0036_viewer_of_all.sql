-- A viewer without an organisation is one of all of them.

alter table school.staff drop constraint staff_check;
alter table school.staff add check (role <> 'teacher' or organisation_id is not null);
