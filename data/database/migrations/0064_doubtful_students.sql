-- It tells of how many students, too: what a function returns is changed by making it anew.
drop function if exists dashboard.doubt_counts();
