-- What of the roster nobody may do, whoever manages it.

-- A person's account is made with the person. Only an admin gives a role to an id that is somebody already: else a
-- coordinator could claim as a student whoever has progress here. (Who asks is asked only then: not once a row.)
create or replace function internal.make_account() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    insert into auth.users (id)
    select new.id
    where new.id is not null
    on conflict do nothing;
    if new.id is not null and not found and internal.my_role() <> 'admin' then
        raise exception 'this id is somebody else''s'
            using errcode = 'insufficient_privilege', constraint = 'id_is_taken';
    end if;
    return new;
end
$$;

create or replace trigger make_account
before insert on school.student
for each row execute function internal.make_account();

create or replace trigger make_account
before insert on school.staff
for each row execute function internal.make_account();

-- Somebody of whom nothing is stored may go again, with the account: entered by mistake, and undone. An account with an
-- address was not made here, and stays.
create or replace function internal.remove_account() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    delete from auth.users
    where id = old.id
        and email is null
        and not exists (select from school.student where student.id = old.id)
        and not exists (select from school.staff where staff.id = old.id);
    return null;
end
$$;

create or replace trigger remove_account
after delete on school.student
for each row execute function internal.remove_account();

create or replace trigger remove_account
after delete on school.staff
for each row execute function internal.remove_account();

create or replace function internal.guard_students() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if exists (select from dashboard.history where history.student_id = old.id)
        or exists (select from public.student_module_progress as progress where progress.student_id = old.id)
        or exists (select from dashboard.note where note.student_id = old.id)
    then
        raise exception 'of this student something is stored'
            using errcode = 'restrict_violation', constraint = 'student_has_progress';
    end if;
    return old;
end
$$;

create or replace trigger guard_students
before delete on school.student
for each row execute function internal.guard_students();

-- Who was entered twice is another of the same school, who is not somebody else again; and nobody is made part of
-- whoever says so.
create or replace function internal.guard_merges() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if not exists (
        select
        from school.student as remaining
        where remaining.id = new.merged_into
            and remaining.organisation_id = new.organisation_id
            and remaining.merged_into is null
            and remaining.id is distinct from (select internal.me())
    ) then
        raise exception 'nobody of this school is meant'
            using errcode = 'check_violation', constraint = 'student_merged_elsewhere';
    end if;
    return new;
end
$$;

create or replace trigger guard_merges
before insert or update of merged_into on school.student
for each row when (new.merged_into is not null)
execute function internal.guard_merges();

-- Nobody raises, moves or switches off themselves. Who has signed in or changed something is switched off and not
-- removed: the history must have a name.
create or replace function internal.guard_staff() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tg_op = 'UPDATE' then
        if (new.role, new.is_active, new.organisation_id)
            is distinct from (old.role, old.is_active, old.organisation_id)
        then
            if old.id = internal.me() then
                raise exception 'nobody changes their own role'
                    using errcode = 'insufficient_privilege', constraint = 'own_role';
            end if;
        end if;
        return new;
    end if;
    if exists (select from dashboard.identity where identity.staff_id = old.id)
        or exists (select from dashboard.history where history.author_id = old.id)
        or exists (select from dashboard.batch where batch.author_id = old.id)
        or exists (select from dashboard.roster_change where roster_change.author_id = old.id)
        or exists (select from dashboard.roster_batch where roster_batch.author_id = old.id)
        or exists (select from dashboard.lock where old.id in (lock.author_id, lock.unlocked_by))
        or exists (select from dashboard.dismissal where dismissal.author_id = old.id)
        or exists (select from dashboard.note where note.author_id = old.id)
        or exists (select from dashboard.flag_response where flag_response.author_id = old.id)
        or exists (select from dashboard.class_target where class_target.author_id = old.id)
        or exists (select from dashboard.attention_change where attention_change.author_id = old.id)
        or exists (select from dashboard.holiday where old.id in (holiday.author_id, holiday.removed_by))
        or exists (select from dashboard.erasure where erasure.author_id = old.id)
    then
        raise exception 'this colleague has worked here'
            using errcode = 'restrict_violation', constraint = 'staff_has_worked';
    end if;
    return old;
end
$$;

create or replace trigger guard_staff
before update or delete on school.staff
for each row execute function internal.guard_staff();

-- By a second address of the same letters nobody could tell any more who signs in: nobody gives one to a colleague.
create or replace function internal.guard_addresses() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if exists (
        select
        from school.staff as other
        where lower(other.email collate "C") = internal.folded_email(new.email)
            and other.email <> new.email
            and other.id <> new.id
    ) and internal.me() is not null
    then
        raise exception 'a colleague has this address' using errcode = 'unique_violation', constraint = 'staff_address';
    end if;
    return new;
end
$$;

create or replace trigger guard_addresses
before insert or update of email on school.staff
for each row execute function internal.guard_addresses();

-- Where there was an admin there is one afterwards. The lock makes two who switch each other off wait for one another:
-- the second then sees what the first did, unless its transaction looks at a moment from before.
create or replace function internal.guard_last_admin() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if exists (select from old_rows where role = 'admin' and is_active) then
        perform pg_advisory_xact_lock(7205759404);
        if current_setting('transaction_isolation') = 'repeatable read' then
            raise exception 'administrators change in transactions that see each other'
                using errcode = 'insufficient_privilege';
        end if;
        if not exists (select from school.staff where role = 'admin' and is_active) then
            raise exception 'the last administrator'
                using errcode = 'restrict_violation', constraint = 'last_admin';
        end if;
    end if;
    return null;
end
$$;

create or replace trigger guard_last_admin_in_updates
after update on school.staff
referencing old table as old_rows
for each statement execute function internal.guard_last_admin();

create or replace trigger guard_last_admin_in_deletes
after delete on school.staff
referencing old table as old_rows
for each statement execute function internal.guard_last_admin();
