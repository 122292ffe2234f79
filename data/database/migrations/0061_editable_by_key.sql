-- Whose progress somebody may change is asked of each student by key (roster.editable), and no more made as a list. What
-- asked that list is made anew afterwards.

drop function if exists internal.my_editable_students() cascade;
drop function if exists internal.editable_students(uuid);
