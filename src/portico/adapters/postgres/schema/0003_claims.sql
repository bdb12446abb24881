-- An action that works outside of a transaction claims its key before it calls out: a row with status 0 and a holder,
-- which the stored answer takes the place of. Whoever holds it past its lease is taken for dead, and told of once.
alter table portico.idempotency
  add column holder uuid,
  add column leased_until timestamptz,
  add column action text,
  add column org_id uuid,
  add column user_id uuid,
  add column told_at timestamptz,
  add constraint idempotency_claim_is_whole check ((holder is null) = (leased_until is null) and (holder is null or status = 0));
create index idempotency_leased_until_idx on portico.idempotency (leased_until) where leased_until is not null and told_at is null;
