"""The statements of drafts; row level security keeps them to their user's own."""

# Somebody who begins again begins anew: there is one draft of a kind.
BEGIN = """
    insert into portico.drafts (id, user_id, org_id, name, steps, created_at, expires_at)
    values (:id, :user, :org, :name, cast(:saved as jsonb), :now, :until)
    on conflict on constraint drafts_one_each do update
       set id = excluded.id, steps = excluded.steps, created_at = excluded.created_at, expires_at = excluded.expires_at
    returning steps, expires_at
"""
# Each step is put in by itself: two windows that save two steps at once lose neither.
SAVE = """
    update portico.drafts set steps = steps || cast(:saved as jsonb), expires_at = :until
     where id = :id and name = :name and org_id is not distinct from cast(:org as uuid) and expires_at > :now
    returning steps, expires_at
"""
GET = """
    select steps, expires_at from portico.drafts
     where id = :id and name = :name and org_id is not distinct from cast(:org as uuid) and expires_at > :now
"""
# What is taken is gone with the commit, or back with the roll-back; of two at once, one finds nothing.
TAKE = """
    delete from portico.drafts
     where id = :id and name = :name and org_id is not distinct from cast(:org as uuid) and expires_at > :now
    returning steps, expires_at
"""
