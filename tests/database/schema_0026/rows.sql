-- What people and programs leave behind, in every table that the cast of tests/people.py leaves empty.

insert into dashboard.batch (id, author_id, source, reason)
values
    ('00000000-0000-4000-8000-000000000101', '00000000-0000-4000-8000-000000000043', 'form', 'first'),
    ('00000000-0000-4000-8000-000000000102', '00000000-0000-4000-8000-000000000043', 'undo', null);

insert into dashboard.kept (student_id, module_id, fields, held, author_id, reason, batch_id)
values
    (
        '00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000022', '{score}',
        '{"score": 55}', '00000000-0000-4000-8000-000000000043', 'as agreed',
        '00000000-0000-4000-8000-000000000101'
    ),
    (
        '00000000-0000-4000-8000-000000000032', '00000000-0000-4000-8000-000000000021', '{score}',
        '{"score": null}', '00000000-0000-4000-8000-000000000043', 'for a while', null
    );

update dashboard.kept
set released_by = '00000000-0000-4000-8000-000000000043', release_reason = 'over'
where reason = 'for a while';

-- Put back, and noted.
update public.student_module_progress
set score = 12
where student_id = '00000000-0000-4000-8000-000000000031'
    and module_id = '00000000-0000-4000-8000-000000000022';

insert into dashboard.left_as_is (rule, student_id, module_id, judged, author_id, reason)
values (
    'no date', '00000000-0000-4000-8000-000000000032', '00000000-0000-4000-8000-000000000021',
    md5('judged'), '00000000-0000-4000-8000-000000000043', 'known'
);

insert into dashboard.draft (person_id, class_id, edits)
values ('00000000-0000-4000-8000-000000000043', '00000000-0000-4000-8000-000000000011', '[]');

insert into dashboard.saved_view (owner_id, organisation_id, name, parameters, is_default)
values (
    '00000000-0000-4000-8000-000000000043', '00000000-0000-4000-8000-000000000001', 'Mine', '{"name": "Ann"}', true
);

insert into dashboard.note (id, student_id, author_id, act, kind, text)
values (
    '00000000-0000-4000-8000-000000000201', '00000000-0000-4000-8000-000000000031',
    '00000000-0000-4000-8000-000000000041', 'written', 'note', 'Spoke with her'
);

insert into dashboard.identity (issuer, subject, staff_id)
values ('https://accounts.example.org', 'cora', '00000000-0000-4000-8000-000000000043');

insert into dashboard.staff_session (id, staff_id, signed_in_at, ends_at)
values (
    '00000000-0000-4000-8000-000000000301', '00000000-0000-4000-8000-000000000043', now(), now() + interval '8 hours'
);

insert into dashboard.sessions_valid_after (staff_id)
values ('00000000-0000-4000-8000-000000000041');

insert into internal.demo_marker default values;

update public.student_module_progress
set progress_percentage = 100
where status = 'InProgress';

-- Begun without a percentage, and recomputed since; and completed, and not any more.
insert into public.student_module_progress (student_id, module_id, status, last_updated)
values
    (
        '00000000-0000-4000-8000-000000000033', '00000000-0000-4000-8000-000000000022', 'InProgress',
        '2026-01-01T10:00:00Z'
    ),
    (
        '00000000-0000-4000-8000-000000000033', '00000000-0000-4000-8000-000000000023', 'Completed',
        '2026-01-02T10:00:00Z'
    );

update public.student_module_progress
set last_updated = '2026-02-01T10:00:00Z'
where student_id = '00000000-0000-4000-8000-000000000033'
    and module_id = '00000000-0000-4000-8000-000000000022';

update public.student_module_progress
set status = 'InProgress'
where student_id = '00000000-0000-4000-8000-000000000033'
    and module_id = '00000000-0000-4000-8000-000000000023';
