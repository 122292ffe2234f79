-- Of a database that was attached by a trial version: rows whose facts an error left behind are remembered.
do $$
begin
    if to_regclass('internal.attachment') is not null then
        create table internal.stale_fact (
            id bigint primary key generated always as identity,
            student_id uuid not null,
            module_id uuid not null
        );
        alter table internal.stale_fact enable row level security;
    end if;
end
$$;

drop function if exists internal.remove_facts_of_nothing();
