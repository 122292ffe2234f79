-- What changed within progress_details, and the way back. The history holds changed columns only, of details changed
-- keys only, and so on within them: where there is an object before and after, that one's changed keys. A list is told by
-- place, as an object is by key, where that is shorter: {"3": …} within is its fourth. What is no object on both sides
-- was there as a whole, or (where a side lacks the key) not at all. Null is a value.
--
-- Entries of earlier releases hold the changed keys of the details themselves, each value whole. Who reads one has to
-- know: the after of one that is told further within has a key "", which no column can be named.

-- So deep it is told; further in, values are whole.
create or replace function internal.details_depth() returns integer
language sql immutable
return 8;

-- Of two objects, or two lists, what each holds that the other does not. `is_within`: not of whole values only.
create or replace function internal.changes_within(
    was jsonb, became jsonb, depth integer, out before jsonb, out after jsonb, out is_within boolean
)
language plpgsql immutable
set search_path = ''
as $$
declare
    name text;
    inside jsonb;
    beside jsonb;
    part record;
begin
    before := '{}';
    after := '{}';
    is_within := false;
    if jsonb_typeof(was) = 'array' then
        -- As objects, by place.
        select
            coalesce(jsonb_object_agg(place, was -> place) filter (where was -> place is not null), '{}'),
            coalesce(jsonb_object_agg(place, became -> place) filter (where became -> place is not null), '{}')
        into was, became
        from generate_series(0, greatest(jsonb_array_length(was), jsonb_array_length(became)) - 1) as place
        where was -> place is distinct from became -> place;
    end if;
    for name, inside, beside in
        select key, value, became -> key
        from jsonb_each(was)
        where became -> key is distinct from value
        union all
        select key, null, value
        from jsonb_each(became)
        where not was ? key
    loop
        if depth > 1
            and jsonb_typeof(inside) in ('object', 'array')
            and jsonb_typeof(inside) = jsonb_typeof(beside)
        then
            part := internal.changes_within(inside, beside, depth - 1);
            -- What surrounds it is filled up to whole words: a list's new form may save less than it seems to.
            if jsonb_typeof(inside) = 'object'
                or pg_column_size(part.before) + pg_column_size(part.after) + 8
                < pg_column_size(inside) + pg_column_size(beside)
            then
                is_within := is_within or part.before <> inside or part.after <> beside;
                inside := part.before;
                beside := part.after;
            end if;
        end if;
        if inside is not null then
            before := before || jsonb_build_object(name, inside);
        end if;
        if beside is not null then
            after := after || jsonb_build_object(name, beside);
        end if;
    end loop;
end
$$;

-- A value as it was before a change, told from how it was after it. With the sides exchanged it leads forward.
create or replace function internal.value_before(value jsonb, before jsonb, after jsonb, depth integer)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
    found jsonb;
    name text;
begin
    if depth = 0
        or jsonb_typeof(before) is distinct from 'object'
        or jsonb_typeof(after) is distinct from 'object'
        or jsonb_typeof(value) not in ('object', 'array')
    then
        return before;
    end if;
    if jsonb_typeof(value) = 'array' then
        return (
            select coalesce(
                jsonb_agg(
                    case
                        when before ? place::text
                        then internal.value_before(
                            value -> place, before -> place::text, after -> place::text, depth - 1
                        )
                        else value -> place
                    end
                    order by place
                ),
                '[]'
            )
            from generate_series(
                0,
                jsonb_array_length(value) - 1
                + (select count(*)::integer from jsonb_object_keys(before))
                - (select count(*)::integer from jsonb_object_keys(after))
            ) as place
        );
    end if;
    found := value - array(select jsonb_object_keys(after)) || before;
    if depth > 1 then
        for name in
            select one.key
            from jsonb_each(before) as one
            where jsonb_typeof(one.value) = 'object' and jsonb_typeof(after -> one.key) = 'object'
        loop
            found := found || jsonb_build_object(
                name, internal.value_before(value -> name, before -> name, after -> name, depth - 1)
            );
        end loop;
    end if;
    return found;
end
$$;
