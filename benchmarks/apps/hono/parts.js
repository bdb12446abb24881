// The errors and the rate limiter of the Hono peer.
import { randomUUID } from 'node:crypto'

// An error as problem+json.
export function problem(c, status, code, detail, more = {}, headers = {}) {
  const content = { type: 'about:blank', title: code, status, code, detail, request_id: randomUUID(), ...more }
  return c.body(JSON.stringify(content), status, { 'Content-Type': 'application/problem+json', ...headers })
}

// A sliding-window counter in memory: this window's count and the weighed rest of the last one's.
export class SlidingWindow {
  constructor(limit, seconds = 60) {
    this.limit = limit
    this.seconds = seconds
    this.counts = new Map()
    this.policy = `"user";q=${limit};w=${seconds}`
  }

  // Counts one call: the headers of its answer, or after how many seconds to come back.
  take(key) {
    const now = performance.now() / 1000
    const window = Math.floor(now / this.seconds)
    const passed = now - window * this.seconds
    let entry = this.counts.get(key)
    if (entry === undefined) this.counts.set(key, (entry = { window, count: 0, previous: 0 }))
    if (entry.window !== window) {
      entry.previous = entry.window === window - 1 ? entry.count : 0
      entry.count = 0
      entry.window = window
    }
    const used = entry.count + entry.previous * (1 - passed / this.seconds)
    const reset = Math.max(1, Math.floor(this.seconds - passed))
    if (used >= this.limit) return { retryAfter: String(reset) }
    entry.count += 1
    const left = Math.floor(this.limit - used - 1)
    return { headers: { 'RateLimit-Policy': this.policy, RateLimit: `"user";r=${left};t=${reset}` } }
  }
}
