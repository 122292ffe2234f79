-- The mark of a lock is read where the lock is; the file of the facts grants the other columns.

revoke select on dashboard.fact from dashboard_person;
