-- The platform's tables that are ours alone to write, closed as closed.sql closes the rest.

revoke all on public.organisations, public.modules, public.lessons from public;
