-- A flag that is gone after a figure or a holiday was changed did not go by itself.

alter table internal.flag_record add column has_new_figures boolean not null default false;

comment on column internal.flag_record.has_new_figures is
'Since it was last looked at, a figure of the rule was changed for the class or its organisation, or holidays were: that it
is gone tells nothing of the student.';

drop function if exists dashboard.rule_scores(timestamptz);
