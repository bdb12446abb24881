// The statements of the Hono peer; a name makes node-postgres prepare a statement once per connection.
const COLUMNS = 'id, customer_id, service_id, staff_id, scheduled_at, ends_at, status, notes, version, created_at'

const statement = (name, text) => (...values) => ({ name, text, values })

export const sessionUser = statement('session_user', `
  select u.id, u.email, u.name from sessions s join users u on u.id = s.user_id
  where s.token_hash = $1 and s.expires_at > now()`)

export const membership = statement('membership', 'select role from memberships where user_id = $1 and org_id = $2')

export const setScope = statement('set_scope',
  "select set_config('app.org', $1, true), set_config('app.user', $2, true)")

export const claimKey = statement('claim_key', `
  insert into idempotency_keys (org_id, user_id, key, fingerprint) values ($1, $2, $3, $4) on conflict do nothing`)

export const storedAnswer = statement('stored_answer', `
  select fingerprint, status, location, body from idempotency_keys where org_id = $1 and user_id = $2 and key = $3`)

export const storeAnswer = statement('store_answer', `
  update idempotency_keys set status = 201, location = $4, body = $5 where org_id = $1 and user_id = $2 and key = $3`)

const insert = statement('insert_appointment', `
  insert into appointments (org_id, customer_id, service_id, staff_id, scheduled_at, ends_at, slot, notes, created_by)
  select $1, $2, s.id, t.id, $5, $5 + make_interval(mins => s.minutes),
         int8range((t.number << 32) + m.minute, (t.number << 32) + m.minute + s.minutes), $6, $7
  from services s, staff t, (select extract(epoch from $5::timestamptz)::bigint / 60 as minute) m
  where s.org_id = $1 and s.id = $3 and t.org_id = $1 and t.id = $4
  returning ${COLUMNS}`)

export const insertAppointment = (org, data, user) =>
  insert(org, data.customer_id, data.service_id, data.staff_id, data.scheduled_at, data.notes, user)

export const insertAudit = statement('insert_audit', `
  insert into audit_log (org_id, user_id, action, target, ip, user_agent, request_id)
  values ($1, $2, 'appointment.created', $3, $4, $5, $6)`)

export const insertEvent = statement('insert_event', `
  insert into outbox (org_id, name, payload) values ($1, 'appointment.booked', $2)`)

export const firstPage = statement('first_page', `
  select ${COLUMNS} from appointments where org_id = $1 order by scheduled_at, id limit $2`)

export const nextPage = statement('next_page', `
  select ${COLUMNS} from appointments where org_id = $1 and (scheduled_at, id) > ($3, $4)
  order by scheduled_at, id limit $2`)
