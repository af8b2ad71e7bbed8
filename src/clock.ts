/**
 * The time, by the database's clock. Replicas compare times with each other: what one of them calls over must be over
 * for all. Their own clocks differ, and jump; the database's is one for all of them. So no other code reads the
 * process's clock (no-own-clock.grit checks it); waits and time limits use `performance.now()`, which does not jump.
 */
import { performance } from 'node:perf_hooks'
import type { Pool } from 'pg'
import type { Warn } from './log.js'

/** Milliseconds between two looks at the database's clock. */
const INTERVAL = 10_000
/** Milliseconds that a look may take: the slower it is, the less it says. */
const LONGEST_LOOK = 500
/** Milliseconds of difference to the process's own clock that are worth a line in the log. */
const WORTH_SAYING = 5_000

/** What the database's clock showed when `performance.now()` was 0, in milliseconds since 1970. */
let origin = performance.timeOrigin

export const clock = {
  /** The time now, by the database's clock; before the first look at it, by the process's. */
  now: (): Date => new Date(origin + performance.now()),
  /** The same in seconds since 1970, to the millisecond. */
  seconds: (): number => clock.now().getTime() / 1000,
}

/**
 * Sets `clock` by the database's.
 *
 * @param longest milliseconds that the answer may take; a later one is not used
 * @throws where the database cannot be reached
 */
export async function setClock(pool: Pool, longest = Number.POSITIVE_INFINITY) {
  const before = performance.now()
  const { rows } = await pool.query('select extract(epoch from clock_timestamp())::float8 * 1000 as now')
  const after = performance.now()
  if (after - before <= longest) origin = rows[0].now - (before + after) / 2
}

/** Keeps `clock` in step with the database. */
export class ClockKeeper {
  private timer: NodeJS.Timeout | undefined
  private said = false

  constructor(
    private readonly pool: Pool,
    private readonly warn: Warn,
  ) {}

  /** Looks every ten seconds. While the database is away the clock goes on from the last look. */
  start() {
    this.timer = setInterval(() => this.look().catch(() => {}), INTERVAL).unref()
  }

  stop() {
    clearInterval(this.timer)
  }

  private async look() {
    await setClock(this.pool, LONGEST_LOOK)
    // The one place that reads the process's clock: to say that it is off.
    const ahead = Date.now() - clock.now().getTime()
    const isOff = Math.abs(ahead) > WORTH_SAYING
    if (isOff && !this.said)
      this.warn('clock.differs', "This machine's clock differs from the database's, which is the one that is used.", {
        secondsAhead: Math.round(ahead / 1000),
      })
    this.said = isOff
  }
}

/** The last moment that a year of four digits has. */
export const LAST_MOMENT = Date.UTC(10_000, 0) - 1

/** Whether a moment is one to keep: PostgreSQL knows no year 0, and nothing here was before 1970. */
export function isStorableTime(time: Date): boolean {
  return time.getTime() >= 0 && time.getTime() <= LAST_MOMENT
}
