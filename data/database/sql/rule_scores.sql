-- How each rule of attention did, for who manages classes: described, not claimed as its doing.

-- What came of each rule's flags that were first seen since a moment, in the classes I manage, and of students I see there.
-- Of all that were made, some are still there, some are gone with the student, some after figures of the rule were changed,
-- and the rest is gone; the other numbers overlap with these and with each other. A response counts that was given while
-- the flag was there and not taken back until it was gone; "not a concern" also where it was said of an earlier one and
-- holds. Gone by itself is of the rest what was not responded to. Moved are only those that were two weeks old when it
-- was last looked: of so many (`settled`).
create or replace function dashboard.rule_scores(since timestamptz)
returns table (
    rule text,
    made integer,
    still_there integer,
    left_with_student integer,
    gone_with_figures integer,
    gone_by_itself integer,
    contacted integer,
    dismissed integer,
    settled integer,
    moved integer
)
language sql stable security definer rows 10
set search_path = ''
set jit = off
as $$
    with record as materialized (
        select
            known.class_id, known.student_id, known.rule, known.raised_at, known.gone_at, known.has_left, known.moved_at,
            known.has_new_figures and not known.has_left as has_new_figures,
            coalesce(known.unseen_at, known.raised_at) as unseen_at,
            coalesce(known.gone_at, 'infinity') as until,
            known.raised_at <= (
                select flags_recorded.recorded_at - interval '336 hours' from internal.flags_recorded
            ) as is_settled
        from internal.flag_record as known
        join school.class on class.id = known.class_id
        join school.student
            on student.id = known.student_id
            and (
                student.organisation_id = class.organisation_id
                or (select internal.sees_guests())
            )
        where known.class_id in (select internal.my_managed_classes())
            and (rule_scores.since is null or known.raised_at >= rule_scores.since)
    ),
    given as (
        select
            response.class_id, response.student_id, response.rule, response.response, response.at,
            lead(response.at, 1, 'infinity') over next as next_at,
            coalesce(lead(response.response) over next, '') as next_response
        from dashboard.flag_response as response
        where response.class_id in (select internal.my_managed_classes())
        window next as (
            partition by response.class_id, response.student_id, response.rule order by response.number
        )
    ),
    answered as (
        select
            record.class_id, record.student_id, record.rule, record.raised_at,
            bool_or(given.response = 'contacted') as is_contacted,
            bool_or(given.response = 'not_a_concern') as is_dismissed
        from record
        join given using (class_id, student_id, rule)
        where given.response <> 'taken_back'
            and given.at <= record.until
            and not (given.next_response = 'taken_back' and given.next_at <= record.until)
            and (
                given.at >= record.unseen_at
                or given.response = 'not_a_concern' and given.next_at > record.raised_at
            )
        group by record.class_id, record.student_id, record.rule, record.raised_at
    )
    select
        record.rule,
        count(*)::integer,
        (count(*) filter (where record.gone_at is null))::integer,
        (count(*) filter (where record.has_left))::integer,
        (count(*) filter (where record.has_new_figures))::integer,
        (
            count(*) filter (
                where record.gone_at is not null
                    and not record.has_left
                    and not record.has_new_figures
                    and answered.rule is null
            )
        )::integer,
        (count(*) filter (where answered.is_contacted))::integer,
        (count(*) filter (where answered.is_dismissed))::integer,
        (count(*) filter (where record.is_settled))::integer,
        (count(*) filter (where record.is_settled and record.moved_at is not null))::integer
    from record
    left join answered using (class_id, student_id, rule, raised_at)
    group by record.rule
$$;

-- Since when flags are recorded, when they last were, and for how long nobody did between.
create or replace function dashboard.flags_recorded()
returns table (began_at timestamptz, recorded_at timestamptz, longest_gap interval)
language sql stable security definer rows 1
set search_path = ''
as $$
    select flags_recorded.began_at, flags_recorded.recorded_at, flags_recorded.longest_gap
    from internal.flags_recorded
    where internal.my_role() in ('coordinator', 'admin')
$$;

grant execute on function
dashboard.rule_scores(timestamptz),
dashboard.flags_recorded()
to dashboard_person;
