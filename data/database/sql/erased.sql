-- What an erasure takes away, table by table. Who may, and what lets the histories allow it: erasure.sql.

-- Everything of these entries, and how much it was of each kind. Writers of their rows are waited for and
-- wait: what they write meanwhile goes too, or finds nobody to be about.
create or replace function internal.erase(ids uuid[]) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
    names text[];
    meant text[] := array(select '%' || id || '%' from unnest(ids) as id);
    -- What they did as staff is not about them as a student.
    staff uuid[] := array(select staff.id from school.staff where staff.id = any (ids));
    emptied uuid[];
    emptied_rosters uuid[];
    counts jsonb := '{}';
    gone bigint;
begin
    -- No month is dropped or restored meanwhile; where one is, it is waited for while nobody waits for this.
    perform pg_catalog.pg_advisory_xact_lock_shared(7205759407);
    insert into internal.erasing (transaction) values (pg_current_xact_id());
    perform internal.hold_accounts(ids);
    perform from school.student where student.id = any (ids) for update;
    perform from public.student_module_progress as progress where progress.student_id = any (ids) for update;
    lock table
        dashboard.note, dashboard.flag_response, dashboard.dismissal, dashboard.draft, dashboard.saved_view,
        dashboard.disclosure, school.source_id, school.roster_lock
    in share row exclusive mode;
    names := array(
        select internal.plain(btrim(name))
        from school.student
        cross join unnest(array[student.full_name, student.email]) as name
        where student.id = any (ids)
    );

    delete from dashboard.note where note.student_id = any (ids);
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('note', gone);

    delete from dashboard.flag_response where flag_response.student_id = any (ids);
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('flag_response', gone);

    delete from dashboard.dismissal where dismissal.student_id = any (ids);
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('dismissal', gone);

    delete from dashboard.lock_attempt
    where lock_attempt.student_id = any (ids)
        or (lock_attempt.author_id = any (ids) and lock_attempt.author_id <> all (staff));
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('lock_attempt', gone);

    -- Saves that were about nobody else keep no word of it.
    emptied := array(
        select saved.id
        from (
            select history.batch_id from dashboard.history where history.student_id = any (ids)
            union
            select trace.batch_id from internal.dropped_trace as trace where trace.student_id = any (ids)
            union
            select lock.batch_id from dashboard.lock where lock.student_id = any (ids)
        ) as touched (id)
        join dashboard.batch as saved on saved.id = touched.id
        where not exists (
                select
                from dashboard.history
                where history.batch_id = saved.id and history.student_id <> all (ids)
            )
            and not exists (
                select
                from internal.dropped_trace as trace
                where trace.batch_id = saved.id and trace.student_id <> all (ids)
            )
            and not exists (
                select from dashboard.lock where lock.batch_id = saved.id and lock.student_id <> all (ids)
            )
    );

    delete from dashboard.lock where lock.student_id = any (ids);
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('lock', gone);

    delete from dashboard.history where history.student_id = any (ids);
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('history', gone);

    delete from public.student_module_progress as progress where progress.student_id = any (ids);
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('progress', gone);

    -- What the history recorded of just that; and the facts of rows that came in beside the triggers.
    delete from dashboard.history where history.student_id = any (ids);
    delete from dashboard.fact where fact.student_id = any (ids);

    update dashboard.history
    set author_id = null
    where history.author_id = any (ids) and history.author_id <> all (staff);

    delete from internal.dropped_trace where dropped_trace.student_id = any (ids);
    update internal.dropped_trace
    set author_id = null
    where dropped_trace.author_id = any (ids) and dropped_trace.author_id <> all (staff);

    select count(*) into gone
    from dashboard.draft
    cross join jsonb_array_elements(draft.edits) as edit
    where edit::text like any (meant);
    counts := counts || jsonb_build_object('draft', gone);

    update dashboard.draft
    set edits = (
        select coalesce(jsonb_agg(edit order by position), '[]')
        from jsonb_array_elements(draft.edits) with ordinality as typed (edit, position)
        where not edit::text like any (meant)
    )
    where draft.edits::text like any (meant);

    delete from dashboard.draft
    where draft.edits = '[]' or (draft.person_id = any (ids) and draft.person_id <> all (staff));

    delete from dashboard.saved_view
    where saved_view.parameters::text like any (meant)
        or internal.is_named(saved_view.name, names)
        or internal.is_named(saved_view.parameters ->> 'name', names)
        or (saved_view.owner_id = any (ids) and saved_view.owner_id <> all (staff));
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('saved_view', gone);

    delete from internal.digest_reader
    where digest_reader.staff_id = any (ids) and digest_reader.staff_id <> all (staff);
    delete from internal.news_read where news_read.staff_id = any (ids) and news_read.staff_id <> all (staff);

    update dashboard.disclosure
    set student_ids = array(select other.id from unnest(student_ids) as other (id) where other.id <> all (ids))
    where disclosure.student_ids && ids;
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('disclosure', gone);

    delete from dashboard.disclosure where disclosure.student_ids = '{}';

    update dashboard.disclosure
    set person_id = null
    where disclosure.person_id = any (ids) and disclosure.person_id <> all (staff);

    emptied_rosters := array(
        select saved.id
        from dashboard.roster_batch as saved
        where exists (
                select
                from dashboard.roster_change as change
                where change.batch_id = saved.id and internal.is_about(change, meant, staff)
            )
            and not exists (
                select
                from dashboard.roster_change as change
                where change.batch_id = saved.id and not internal.is_about(change, meant, staff)
            )
    );

    delete from dashboard.roster_change where internal.is_about(roster_change, meant, staff);
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('roster_change', gone);

    delete from school.source_id where source_id.kind = 'student' and source_id.our_id = any (ids);
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('source_id', gone);

    delete from school.roster_lock where roster_lock.kind = 'student' and roster_lock.locked_id = any (ids);
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('roster_lock', gone);

    delete from school.class_student where class_student.student_id = any (ids);
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('class_student', gone);
    -- Counts of ours, and that they are to be counted again. Nobody settles meanwhile.
    perform pg_catalog.pg_advisory_xact_lock(7205759404);
    perform internal.settle_sums(ids, '{}');
    -- Nor records flags.
    perform pg_catalog.pg_advisory_xact_lock(7205759406);
    delete from internal.flag_record where flag_record.student_id = any (ids);
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('flag_record', gone);
    delete from internal.standing where standing.student_id = any (ids);
    delete from internal.doubt where doubt.student_id = any (ids);
    delete from internal.class_summary
    where class_summary.flagged && ids
        or class_summary.class_id in (
            select known.class_id
            from internal.class_news as known
            where known.students && ids or known.authors && ids
        );
    delete from internal.unsettled where unsettled.student_id = any (ids) or unsettled.summary_of = any (ids);

    delete from school.student where student.id = any (ids);
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('student', gone);

    delete from dashboard.roster_change where internal.is_about(roster_change, meant, staff);

    perform internal.remove_accounts(array(select id from unnest(ids) as id where id <> all (staff)));

    update dashboard.batch
    set reason = 'erased'
    where reason <> 'erased' and (id = any (emptied) or internal.is_named(reason, names));
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('reason', gone);

    update dashboard.roster_batch
    set reason = 'erased'
    where reason <> 'erased' and (id = any (emptied_rosters) or internal.is_named(reason, names));
    get diagnostics gone = row_count;
    counts := counts || jsonb_build_object('reason', (counts ->> 'reason')::bigint + gone);

    delete from internal.erasing;
    return counts;
end
$$;
