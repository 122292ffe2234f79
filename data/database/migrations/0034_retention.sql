-- Periods after which what an organisation stores may go.

create table school.retention (
    organisation_id uuid primary key references public.organisations (id),
    leavers_months smallint check (leavers_months between 1 and 600),
    notes_months smallint check (notes_months between 1 and 600),
    history_months smallint check (history_months between 3 and 600),
    history_cut_at timestamptz
);

alter table school.retention enable row level security;

-- Nobody is the author of what a command of the owner removed.
alter table dashboard.erasure alter column author_id drop not null;
