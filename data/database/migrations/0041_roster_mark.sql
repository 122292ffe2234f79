-- Where it was attached before: what the roster is read from may tell that it was written.
do $$
begin
    if to_regclass('internal.attachment') is not null then
        create table internal.roster_mark ();
        alter table internal.roster_mark enable row level security;
    end if;
end
$$;
