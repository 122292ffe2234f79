-- Pages of the history come student by student where these are not all there are.

create index history_student on dashboard.history (student_id, at, id);
