-- From how many attempts on somebody is stuck, each class's figures say: no fact and no cell says it for all.

drop view if exists dashboard.class_cell;
drop function if exists dashboard.class_cells_as_of(uuid, timestamptz);
drop function if exists dashboard.cell_with_marks(text, boolean, boolean);
drop function if exists dashboard.attention_figures(uuid[]);

alter table dashboard.fact drop column cell, drop column is_stuck;

drop function internal.cell_of(public.progress_status, smallint, numeric, boolean, boolean, boolean);

-- In older databases it is made after all migrations.
create or replace function internal.other_status(status public.progress_status) returns text
language sql immutable
set search_path = ''
return 'X{' || translate(status::text, ';{}', ',()') || '}';

create function internal.cell_of(
    status public.progress_status,
    percentage smallint,
    shown_score numeric,
    edited_by_staff boolean,
    has_problem boolean
)
returns text
language sql immutable
return case status
        when 'Completed' then 'C' when 'InProgress' then 'I' when 'NotStarted' then 'N'
        else internal.other_status(status)
    end
    || coalesce(percentage::text, '')
    || case when shown_score between -9999 and 9999 then '/' || trim_scale(shown_score)::text else '' end
    || case when edited_by_staff then 'e' else '' end
    || case when has_problem then 'p' else '' end;

alter table dashboard.fact add column cell text not null generated always as (
    internal.cell_of(status, percentage, shown_score, edited_by_staff, has_problem)
) stored;

comment on column dashboard.fact.attempts is
'The most attempts at a lesson quiz that is not passed; null where none says how many. From how many on somebody
is stuck, the figures of each class say.';
