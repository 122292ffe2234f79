-- What of the roster is the platform's own (platform.sql): names, modules and lessons as views.

create or replace view school.organisation as
select id, name
from public.organisations;

create or replace view school.module as
select
    id,
    name,
    internal.module_type(type) as type,
    sequence,
    internal.pass_mark(configuration) as pass_mark
from public.modules;

create or replace view school.lesson as
select id, module_id, title, sequence, has_quiz
from public.lessons;
