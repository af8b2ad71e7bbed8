/**
 * Work that nobody waits for in a request: pg-boss keeps the queues, in a schema of its own in the
 * same database, and gives each run to one replica.
 *
 * A job takes no data: what there is to do is in the rows that it looks at. So it may run twice, and a
 * run that a kill cut short is made up for by the next. Where a person waits for one, its progress is in
 * those rows too.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { PgBoss } from 'pg-boss'
import type { Warn } from '../log.js'

export interface Job {
  /** Stable, such as `retention`. */
  name: string
  /** When it runs by itself: a cron expression, in UTC and to the minute. */
  schedule: string
  /** Seconds after which a run counts as dead, and another may begin. */
  longest: number
  /** @param signal aborts when the run has to end: it took too long, or the process stops */
  run(signal: AbortSignal): Promise<void>
}

const SCHEMA = 'valetkey_jobs'
/** Connections of the jobs' own pool. */
const POOL = 2
/** Seconds between looks for a job to run. */
const POLL = 2
/** Milliseconds between tries to start, at the first and at the longest. */
const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 30_000
/** Milliseconds that runs under way have to end in when the process stops. */
const LAST_MOMENT = 15_000

export class Jobs {
  private readonly jobs: Job[] = []
  private readonly stopping = new AbortController()
  private boss: PgBoss | null = null

  /**
   * @param databaseUrl what `pg` connects to
   * @param keep days that finished jobs are kept
   */
  constructor(
    private readonly databaseUrl: string,
    private readonly keep: number,
    private readonly warn: Warn,
  ) {}

  /** Before `start`. */
  add(job: Job) {
    this.jobs.push(job)
  }

  /** Makes or updates the schema of the queues; a start does so too. */
  static async install(databaseUrl: string) {
    const boss = bossOf(databaseUrl, false)
    await boss.start()
    await boss.stop({ graceful: false })
  }

  /** Takes jobs from now on, or as soon as the database lets it. */
  async start() {
    for (let pause = FIRST_PAUSE; !this.stopping.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        return await this.tryStart()
      } catch (error) {
        this.warn('jobs.not-started', 'The job queue could not be started; trying again.', { err: error })
        await sleep(pause, null, { signal: this.stopping.signal }).catch(() => {})
      }
    }
  }

  private async tryStart() {
    const boss = bossOf(this.databaseUrl, true)
    boss.on('error', (error) => this.warn('jobs.failed', 'The job queue met an error; it goes on.', { err: error }))
    try {
      await boss.start()
      for (const job of this.jobs) await this.serve(boss, job)
      this.boss = boss
    } catch (error) {
      await boss.stop({ graceful: false }).catch(() => {})
      throw error
    }
  }

  /** Has a job run soon, on whichever replica. In vain before `start`: its schedule comes then. */
  async runSoon(name: string) {
    await this.boss?.send(name)
  }

  /** Takes no new job, and waits a moment for those under way. */
  async stop() {
    this.stopping.abort()
    await this.boss?.stop({ graceful: true, timeout: LAST_MOMENT })
    this.boss = null
  }

  private async serve(boss: PgBoss, { name, schedule, longest, run }: Job) {
    const options = { expireInSeconds: longest, retryLimit: 0, deleteAfterSeconds: this.keep * 24 * 3600 }
    // One is under way and one waits, at the most: what a third would do, the one that waits does.
    await boss.createQueue(name, { policy: 'stately', ...options })
    await boss.updateQueue(name, options)
    await boss.work(name, { pollingIntervalSeconds: POLL }, async ([job]) => {
      if (!job || this.stopping.signal.aborted) return
      try {
        await run(AbortSignal.any([job.signal, this.stopping.signal]))
      } catch (error) {
        this.warn('job.failed', 'A job failed; it runs again on its schedule.', { job: name, err: error })
        throw error
      }
    })
    await boss.schedule(name, schedule, null, { tz: 'UTC' })
  }
}

function bossOf(databaseUrl: string, supervise: boolean): PgBoss {
  return new PgBoss({
    connectionString: databaseUrl,
    application_name: 'valetkey jobs',
    schema: SCHEMA,
    max: POOL,
    connectionTimeoutMillis: 5_000,
    supervise,
    schedule: supervise,
  })
}
