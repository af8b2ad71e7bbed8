/**
 * Limits that hold over all replicas: how often something is done in a window of time, counted in the database and by
 * its clock. A limit is kept for one party (a key, an account, a link, an address), so that one that exceeds it costs
 * nobody else anything.
 *
 *   hit    counts exactly, in one statement: for what is rare, and where a guesser tries
 *   flow   counts in this process, and tells the others once a second: for what is asked thousands of times a second.
 *          What exceeds the limit gets through for a second at the most
 */
import { performance } from 'node:perf_hooks'
import type { Pool } from 'pg'
import { RateLimited } from '../errors.js'
import type { Job } from '../jobs/jobs.js'

/** Milliseconds between two times that replicas tell each other what they counted. */
const TELL = 1_000

/** At most `most` in each window of `seconds`. */
export interface Limit {
  most: number
  seconds: number
}

/** How far a counter is. */
export interface Count {
  count: number
  /** Seconds until the window ends. */
  left: number
}

const ADD = `
  insert into limit_count as counter (subject, count, until)
  select subject, sum(count), clock_timestamp() + make_interval(secs => max(seconds))
  from unnest($1::text[], $2::int[], $3::int[]) as given (subject, count, seconds)
  group by subject order by subject
  on conflict (subject) do update set
    count = case when counter.until <= clock_timestamp() then excluded.count else counter.count + excluded.count end,
    until = case when counter.until <= clock_timestamp() then excluded.until else counter.until end
  returning subject, count, extract(epoch from until - clock_timestamp())::float8 as left`

interface Flowing {
  limit: Limit
  /** Counted here, and not told yet. */
  here: number
  /** Told by everybody, as of the last time. */
  told: number
  /** When the window ends, in milliseconds of `performance.now()`. */
  until: number
}

/** Counts for all limits of this process. */
export class Limits {
  private readonly flows = new Map<string, Flowing>()
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly pool: Pool) {}

  /**
   * Counts one, exactly.
   *
   * @param subject what is counted and for whom, such as `signin:192.0.2.7`
   */
  async count(subject: string, seconds: number): Promise<Count> {
    const { rows } = await this.pool.query({ name: 'limit-add', text: ADD, values: [[subject], [1], [seconds]] })
    return rows[0]
  }

  /** Counts one, exactly. @throws {RateLimited} with the seconds until the next try makes sense */
  async hit(subject: string, { most, seconds }: Limit, message: string) {
    const { count, left } = await this.count(subject, seconds)
    if (count > most) throw limited(message, left)
  }

  /** Counts one, in this process for now. @throws {RateLimited} */
  flow(subject: string, limit: Limit, message: string) {
    const now = performance.now()
    let flowing = this.flows.get(subject)
    if (!flowing || flowing.until <= now) {
      flowing = { limit, here: 0, told: 0, until: now + limit.seconds * 1000 }
      this.flows.set(subject, flowing)
    }
    this.timer ??= setInterval(() => this.tell().catch(() => {}), TELL).unref()
    if (flowing.told + flowing.here >= limit.most) throw limited(message, (flowing.until - now) / 1000)
    flowing.here += 1
  }

  stop() {
    clearInterval(this.timer)
  }

  readonly job: Job = {
    name: 'limit-counts',
    schedule: '*/10 * * * *',
    longest: 60,
    run: async () => {
      await this.pool.query("delete from limit_count where until < clock_timestamp() - interval '1 minute'")
    },
  }

  /** While the database is away, each process counts for itself. */
  private async tell() {
    const now = performance.now()
    for (const [subject, { until }] of this.flows) if (until <= now) this.flows.delete(subject)
    const counted = [...this.flows].filter(([, { here }]) => here > 0)
    if (counted.length === 0) return
    const amounts = counted.map(([, { here }]) => here)
    const { rows } = await this.pool.query({
      name: 'limit-add',
      text: ADD,
      values: [counted.map(([subject]) => subject), amounts, counted.map(([, { limit }]) => limit.seconds)],
    })
    for (const [index, [, flowing]] of counted.entries()) flowing.here -= amounts[index] ?? 0
    for (const { subject, count, left } of rows) {
      const flowing = this.flows.get(subject)
      if (!flowing) continue
      flowing.told = count
      flowing.until = performance.now() + left * 1000
    }
  }
}

function limited(message: string, left: number): RateLimited {
  const seconds = Math.max(1, Math.ceil(left))
  return new RateLimited(`${message} Try again in ${seconds} s.`, seconds)
}
