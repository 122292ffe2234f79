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

-- Facts may be made by reading, where no trigger may be on the progress table.
alter table dashboard.fact add column if not exists made_of xid;

comment on column dashboard.fact.made_of is
'The xmin of the row it was made of, where facts are made by reading and not by triggers (facts_refreshed.sql).';

-- It tells one thing more now; its file makes it again.
drop function if exists dashboard.attachment();

-- Where it was attached before.
do $$
begin
    if to_regclass('internal.attachment') is null then
        return;
    end if;
    create unlogged table if not exists internal.changed_row (
        student_id uuid not null,
        module_id uuid not null,
        status public.progress_status not null,
        score numeric,
        progress_details jsonb,
        last_updated timestamptz not null,
        completed_at timestamptz,
        progress_percentage integer
    );
    alter table internal.changed_row enable row level security;
    create unlogged table if not exists internal.added_row (like internal.changed_row);
    alter table internal.added_row enable row level security;
end
$$;
