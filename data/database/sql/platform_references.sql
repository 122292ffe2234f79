-- What of ours refers to the platform's tables; and what is there once only where it is we who say what is there.

alter table school.student add foreign key (id) references auth.users (id);
alter table school.student add foreign key (organisation_id) references public.organisations (id);
create unique index student_number on school.student (organisation_id, number) where number is not null;
alter table school.staff add unique (email);
alter table school.staff add foreign key (id) references auth.users (id);
alter table school.staff add foreign key (organisation_id) references public.organisations (id);
alter table school.class add foreign key (organisation_id) references public.organisations (id);
alter table school.class add unique nulls not distinct (organisation_id, name, school_year);
alter table school.class_module add foreign key (module_id) references public.modules (id);
alter table school.retired_module add foreign key (module_id) references public.modules (id);
alter table school.source_id add foreign key (organisation_id) references public.organisations (id);
alter table school.roster_lock add foreign key (organisation_id) references public.organisations (id);
alter table school.digest add foreign key (organisation_id) references public.organisations (id);
alter table school.retention add foreign key (organisation_id) references public.organisations (id);
