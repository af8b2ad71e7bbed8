/**
 * Scheduled and background jobs. pg-boss stores the queues in a schema of its own in the same database, and
 * gives each run to one replica.
 *
 * A job has no arguments: it finds its work in the rows of the database. So it may run twice, and the next run
 * continues after a crash. The progress of a job that a person waits for can be read from those rows too.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { PgBoss } from 'pg-boss'
import type { Warn } from '../log.js'

/** A job, and when it runs. */
export interface Job {
  /** Stable, such as `retention`. */
  name: string
  /** Its schedule: a cron expression in UTC, with minutes as the smallest unit. */
  schedule: string
  /** Seconds after which a run counts as failed, and another may start. */
  longest: number
  /** @param signal aborts when the run has to end: it took too long, or the process stops */
  run(signal: AbortSignal): Promise<void>
}

const SCHEMA = 'valetkey_jobs'
/** Sessions in the database pool of the jobs. */
const POOL = 2
/** Seconds without a sign of life of its process after which a run counts as failed, so that another may start. */
const LIFE_SIGN = 30
/** Seconds between two looks for such runs. */
const SUPERVISION = 15
/** Seconds between two polls of a queue. */
const POLL = 2
/** Milliseconds until the second attempt to start; doubled after each failure. */
const FIRST_PAUSE = 1_000
/** Milliseconds between two attempts at most. */
const LONGEST_PAUSE = 30_000
/** Milliseconds that running jobs have to end when the process stops. */
const LAST_MOMENT = 15_000

/** The jobs of this process. */
export class Jobs {
  private readonly jobs: Job[] = []
  private readonly stopping = new AbortController()
  private boss: PgBoss | null = null
  /** Jobs that are to run as soon as the queue has started. */
  private readonly early = new Set<string>()

  /**
   * @param databaseUrl connection string for `pg`
   * @param keepDays days after which finished jobs are deleted
   */
  constructor(
    private readonly databaseUrl: string,
    private readonly keepDays: number,
    private readonly warn: Warn,
  ) {}

  /** Adds a job; only before `start`. */
  add(job: Job) {
    this.jobs.push(job)
  }

  /** Creates or updates the schema of the queues, as `start` does. */
  static async install(databaseUrl: string) {
    const boss = await bossOf(databaseUrl, false)
    await boss.start()
    await boss.stop({ graceful: false })
  }

  /** Starts to run jobs. Retries until the database can be reached. */
  async start() {
    for (let pause = FIRST_PAUSE; !this.stopping.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        return await this.tryStart()
      } catch (error) {
        this.warn(
          'jobs.not-started',
          'The job queue could not be started; the server tries again. Check that the database is reachable and ' +
            'lets this user create the schema valetkey_jobs.',
          { err: error },
        )
        await sleep(pause, null, { signal: this.stopping.signal }).catch(() => {})
      }
    }
  }

  private async tryStart() {
    const boss = await bossOf(this.databaseUrl, true)
    boss.on('error', (error) =>
      this.warn(
        'jobs.failed',
        'The job queue had an error and goes on. If this repeats, check the connection to the database.',
        { err: error },
      ),
    )
    try {
      await boss.start()
      for (const job of this.jobs) await this.serve(boss, job)
      this.boss = boss
      for (const name of this.early) await this.runSoon(name)
      this.early.clear()
    } catch (error) {
      await boss.stop({ graceful: false }).catch(() => {})
      throw error
    }
  }

  /** Queues a run of a job, for any replica. Where that fails, the job runs on its schedule. */
  async runSoon(name: string) {
    if (!this.boss) {
      this.early.add(name)
      return
    }
    await this.boss.send(name).catch((error) =>
      this.warn('job.not-queued', 'A job could not be queued; it runs on its schedule instead.', {
        job: name,
        err: error,
      }),
    )
  }

  /** Takes no new jobs, and waits up to 15 seconds for the running ones. */
  async stop() {
    this.stopping.abort()
    await this.boss?.stop({ graceful: true, timeout: LAST_MOMENT })
    this.boss = null
  }

  private async serve(boss: PgBoss, { name, schedule, longest, run }: Job) {
    const options = {
      expireInSeconds: longest,
      heartbeatSeconds: LIFE_SIGN,
      retryLimit: 0,
      deleteAfterSeconds: this.keepDays * 24 * 3600,
    }
    // At most one run is active and one is queued: the queued one also does the work of any further request.
    await boss.createQueue(name, { policy: 'stately', ...options })
    await boss.updateQueue(name, options)
    await boss.work(name, { pollingIntervalSeconds: POLL }, async ([job]) => {
      if (!job || this.stopping.signal.aborted) return
      try {
        await run(AbortSignal.any([job.signal, this.stopping.signal]))
      } catch (error) {
        this.warn('job.failed', 'A job failed and runs again on its schedule. If this repeats, look at the error.', {
          job: name,
          err: error,
        })
        throw error
      }
    })
    await boss.schedule(name, schedule, null, { tz: 'UTC' })
  }
}

async function bossOf(databaseUrl: string, supervise: boolean): Promise<PgBoss> {
  return new PgBoss({
    // Where it was made for a login that may make none (database/server-role.ts).
    createSchema: !(await hasSchema(databaseUrl)),
    connectionString: databaseUrl,
    application_name: 'valetkey jobs',
    schema: SCHEMA,
    max: POOL,
    connectionTimeoutMillis: 5_000,
    supervise,
    superviseIntervalSeconds: SUPERVISION,
    monitorIntervalSeconds: SUPERVISION,
    schedule: supervise,
  })
}

async function hasSchema(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query('select from pg_namespace where nspname = $1', [SCHEMA])).rows.length > 0
  } finally {
    await client.end().catch(() => {})
  }
}
