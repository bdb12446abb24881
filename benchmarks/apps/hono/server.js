// Hono with zod and node-postgres: one statement per concern, named (hence prepared) statements.
import { createHash, randomUUID } from 'node:crypto'
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import pg from 'pg'
import { z } from 'zod'
import { problem, SlidingWindow } from './parts.js'
import * as sql from './statements.js'

const ROLES = {
  owner: new Set(['appointments:read', 'appointments:create', 'appointments:write']),
  member: new Set(['appointments:read', 'appointments:create']),
  guest: new Set(['appointments:read']),
}

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.POOL_SIZE ?? 10),
  idleTimeoutMillis: 0,
})
const limiter = new SlidingWindow(Number(process.env.RATE_LIMIT ?? 100))

const sha256 = (text) => createHash('sha256').update(text).digest()

const newAppointment = z.object({
  customer_id: z.uuid(),
  service_id: z.uuid(),
  staff_id: z.uuid(),
  scheduled_at: z.iso.datetime({ offset: true }),
  notes: z.string().max(500).default(''),
})
const small = z.object({ name: z.string().min(1).max(100), count: z.int().min(0).max(1000) })
const listing = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().max(200).optional(),
})

const body = (schema) => zValidator('json', schema, refuseInvalid)
const query = (schema) => zValidator('query', schema, refuseInvalid)

function refuseInvalid(result, c) {
  if (result.success) return
  const errors = {}
  for (const issue of result.error.issues) {
    ;(errors[issue.path.join('.')] ??= []).push({ code: issue.code, message: issue.message })
  }
  return problem(c, 422, 'VALIDATION_ERROR', 'Some fields are not valid.', { errors })
}

async function authenticate(c, next) {
  const header = c.req.header('authorization') ?? ''
  const token = header.startsWith('Bearer ') ? header.slice(7) : ''
  const found = token ? await pool.query(sql.sessionUser(sha256(token))) : { rows: [] }
  if (found.rows.length === 0) {
    return problem(c, 401, 'UNAUTHORIZED', 'Sign in first.', {}, { 'WWW-Authenticate': 'Bearer' })
  }
  c.set('user', found.rows[0])
  await next()
}

const allow = (permission) => async (c, next) => {
  const org = z.uuid().safeParse(c.req.header('x-org-id'))
  const found = org.success ? await pool.query(sql.membership(c.get('user').id, org.data)) : { rows: [] }
  if (found.rows.length === 0 || !ROLES[found.rows[0].role]?.has(permission)) {
    return problem(c, 403, 'FORBIDDEN', 'You may not do this here.')
  }
  c.set('org', org.data)
  await next()
}

const limitBy = (keyOf) => async (c, next) => {
  const taken = limiter.take(keyOf(c))
  if (taken.retryAfter) {
    return problem(c, 429, 'RATE_LIMIT_EXCEEDED', 'Too many requests.', {}, { 'Retry-After': taken.retryAfter })
  }
  c.set('limits', taken.headers)
  await next()
}

async function keyed(c, next) {
  const key = c.req.header('idempotency-key')
  if (!key || key.length > 257) return problem(c, 400, 'IDEMPOTENCY_KEY_REQUIRED', 'Send an Idempotency-Key header.')
  c.set('key', key.replace(/^"|"$/g, ''))
  await next()
}

// Runs the work in a transaction that sees one organization only.
async function inOrganization(c, begin, work) {
  const client = await pool.connect()
  try {
    await client.query(begin)
    await client.query(sql.setScope(c.get('org'), c.get('user').id))
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

const app = new Hono()

app.post(
  '/api/v1/appointments',
  authenticate,
  allow('appointments:create'),
  limitBy((c) => c.get('user').id),
  keyed,
  body(newAppointment),
  async (c) => {
    const data = c.req.valid('json')
    const fingerprint = sha256(`create ${JSON.stringify(data)}`)
    return inOrganization(c, 'BEGIN', (client) => create(c, client, data, fingerprint))
  },
)

async function create(c, client, data, fingerprint) {
  const [org, user, key] = [c.get('org'), c.get('user').id, c.get('key')]
  const claimed = await client.query(sql.claimKey(org, user, key, fingerprint))
  if (claimed.rowCount === 0) return replay(c, client, fingerprint)
  const inserted = await client.query(sql.insertAppointment(org, data, user))
  if (inserted.rowCount === 0) {
    throw new HTTPException(404, { message: 'There is no such service or staff member.' })
  }
  const appointment = inserted.rows[0]
  const location = `/api/v1/appointments/${appointment.id}`
  const text = JSON.stringify({ data: appointment })
  await client.query(sql.insertAudit(org, user, appointment.id, c.env.incoming.socket.remoteAddress,
    c.req.header('user-agent') ?? null, randomUUID()))
  await client.query(sql.insertEvent(org, JSON.stringify(appointment)))
  await client.query(sql.storeAnswer(org, user, key, location, text))
  return c.body(text, 201, { 'Content-Type': 'application/json', Location: location, ...c.get('limits') })
}

async function replay(c, client, fingerprint) {
  const found = await client.query(sql.storedAnswer(c.get('org'), c.get('user').id, c.get('key')))
  const stored = found.rows[0]
  if (!stored?.status) {
    return problem(c, 409, 'IDEMPOTENCY_KEY_IN_USE', 'The first request still runs.', {}, { 'Retry-After': '1' })
  }
  if (!stored.fingerprint.equals(fingerprint)) {
    return problem(c, 422, 'IDEMPOTENCY_KEY_REUSED', 'This key was used for another request.')
  }
  const headers = { 'Content-Type': 'application/json', Location: stored.location, 'Idempotent-Replayed': 'true' }
  return c.body(stored.body, stored.status, { ...headers, ...c.get('limits') })
}

app.get('/api/v1/appointments', authenticate, allow('appointments:read'), query(listing), async (c) => {
  const { limit, after } = c.req.valid('query')
  const rows = await inOrganization(c, 'BEGIN READ ONLY', async (client) => {
    const found = await client.query(after ? nextPage(c, limit, after) : sql.firstPage(c.get('org'), limit + 1))
    return found.rows
  })
  const data = rows.slice(0, limit)
  return c.json({ data, meta: { limit, after: rows.length > limit ? cursorOf(data[data.length - 1]) : null } })
})

function nextPage(c, limit, after) {
  const [moment, id] = Buffer.from(after, 'base64url').toString().split('|')
  if (Number.isNaN(Date.parse(moment)) || !z.uuid().safeParse(id).success) {
    throw new HTTPException(422, { message: 'The cursor is not one of ours.' })
  }
  return sql.nextPage(c.get('org'), limit + 1, moment, id)
}

const cursorOf = (row) => Buffer.from(`${row.scheduled_at.toISOString()}|${row.id}`).toString('base64url')

app.post(
  '/api/v1/empty',
  limitBy((c) => getConnInfo(c).remote.address),
  body(small),
  (c) => c.json({ data: c.req.valid('json') }, 200, c.get('limits')),
)

app.onError((error, c) => {
  if (error instanceof HTTPException) return problem(c, error.status, 'REFUSED', error.message)
  if (error.code === '23P01') return problem(c, 409, 'BIZ_SLOT_TAKEN', 'That time is already taken.')
  if (error.code === '23503') return problem(c, 404, 'NOT_FOUND', 'There is no such customer.')
  console.error(error)
  return problem(c, 500, 'INTERNAL_ERROR', 'Something went wrong.')
})

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) })
process.on('SIGTERM', () => server.close(() => pool.end().then(() => process.exit(0))))
