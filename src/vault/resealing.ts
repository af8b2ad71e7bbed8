/**
 * Seals anew what older data keys have sealed, a few rows at a time, on one process at a time. It begins where there is
 * something left, so a process that is killed in the middle of it costs nothing, and another goes on at once. Rows that
 * are being changed are left for the next pass: whoever changes them seals with the current key.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { Warn } from '../log.js'
import {
  type BrokenValue,
  type Cursor,
  countByDataKey,
  nextValues,
  putValues,
  type SealedTable,
  tryOpen,
} from './sealed-tables.js'
import type { Vault } from './vault.js'

/** Rows that are locked at once: a refresh waits for them for a few milliseconds. */
const AT_ONCE = 100
/** Milliseconds between two of these, so that requests come first. */
const BREATH = 2
/** Passes over a table in one round: there may be rows that others had locked. */
const PASSES = 3
/** Milliseconds between two passes. */
const PAUSE = 1_000
/** Milliseconds until it is seen whether there is anything left, or whether the process that was at it still is. */
const AGAIN = { idle: 60_000, busy: 2_000, failed: 10_000 }
/** Milliseconds between two lines of progress in the log. */
const PROGRESS = 10_000
/** Values that cannot be opened, in one line of the log. */
const MOST_NAMED = 10
/** Seconds for which a process that stood still may have sealed with the key before. */
const STRAGGLERS = 3600

/** Another process is at it. */
class Busy extends Error {
  override readonly name = 'Busy'
}

/** Seals anew in the background. */
export class Resealing {
  private readonly stopping = new AbortController()
  private running: Promise<void> = Promise.resolve()
  private awake = new AbortController()

  constructor(
    private readonly pool: Pool,
    private readonly vault: Vault,
    private readonly tables: readonly SealedTable[],
    private readonly note: Warn,
    private readonly warn: Warn,
  ) {}

  /** Begins; it never fails. */
  start() {
    this.running = this.run()
  }

  /** Another data key seals: there is something to do. */
  wake() {
    this.awake.abort()
  }

  /** Ends after the rows that are in work. */
  async stop() {
    this.stopping.abort()
    this.wake()
    await this.running
  }

  private async run() {
    while (!this.stopping.signal.aborted) {
      this.awake = new AbortController()
      await sleep(AGAIN[await this.round()], null, { signal: this.awake.signal }).catch(() => {})
    }
  }

  private async round(): Promise<keyof typeof AGAIN> {
    try {
      await this.sealAll()
      return 'idle'
    } catch (error) {
      if (error instanceof Busy) return 'busy'
      this.warn(
        'reseal.failed',
        'Values could not be sealed anew with the current data key; it is tried again. They are readable meanwhile.',
        { err: error },
      )
      return 'failed'
    }
  }

  private async sealAll() {
    await this.vault.dataKeys.look()
    if (!(await this.isNeeded())) return
    const broken: BrokenValue[] = []
    let resealed = 0
    for (const table of this.tables) resealed += await this.sealTable(table, broken)
    if (this.stopping.signal.aborted) return
    if (broken.length > 0)
      this.warn(
        'reseal.unreadable',
        'Some values cannot be opened, and stay as they are: their accounts have to be connected again, or their ' +
          'connections set up again. npm run vault -- check lists all of them.',
        { count: broken.length, values: broken.slice(0, MOST_NAMED) },
      )
    const left = await this.left()
    this.note('reseal.done', 'What older data keys had sealed is sealed anew.', { resealed, left })
    if (left <= broken.length) await this.conclude()
  }

  /** @returns how many values it sealed */
  private async sealTable(table: SealedTable, broken: BrokenValue[]): Promise<number> {
    const { signal } = this.stopping
    const found = broken.length
    let resealed = 0
    let saidAt = performance.now()
    for (let pass = 1; pass <= PASSES && !signal.aborted; pass++) {
      broken.length = found
      let cursor: Cursor = null
      do {
        const batch = await this.batch(table, cursor, broken)
        resealed += batch.resealed
        cursor = batch.cursor
        if (performance.now() - saidAt > PROGRESS) {
          saidAt = performance.now()
          this.note('reseal.progress', 'Values are being sealed anew.', { table: table.table, resealed })
        }
        await sleep(BREATH)
      } while (cursor && !signal.aborted)
      if ((await this.left([table])) <= broken.length - found) break
      await sleep(PAUSE, null, { signal }).catch(() => {})
    }
    return resealed
  }

  private async batch(table: SealedTable, after: Cursor, broken: BrokenValue[]) {
    const { id } = this.vault.dataKeys.current
    const client = await this.pool.connect()
    try {
      await client.query('begin')
      const { rows } = await client.query("select pg_try_advisory_xact_lock(hashtext('valetkey.reseal')) as ours")
      if (!rows[0].ours) throw new Busy()
      const { values, cursor } = await nextValues(client, table, after, AT_ONCE, { otherThan: id, lock: true })
      const sealedAnew = values.flatMap((value) => {
        const opened = tryOpen(this.vault, table.table, value)
        if (typeof opened === 'string') return [{ ...value, sealed: this.vault.seal(opened, value.place) }]
        broken.push(opened)
        return []
      })
      await putValues(client, table, sealedAnew)
      await client.query('commit')
      return { resealed: sealedAnew.length, cursor }
    } catch (error) {
      await client.query('rollback').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }

  /** Whether there is a data key that another replaced, and what it sealed may not all be sealed anew. */
  private async isNeeded(): Promise<boolean> {
    const { id, since } = this.vault.dataKeys.current
    const { rows } = await this.pool.query(
      `select exists (select from data_key where id <> $1 and usable_from <= $2 and retired_at is null
         and (resealed_at is null or resealed_at < $2::timestamptz + make_interval(secs => $3))) as needed`,
      [id, since, STRAGGLERS],
    )
    return rows[0].needed
  }

  private async conclude() {
    const { id, since } = this.vault.dataKeys.current
    await this.pool.query(
      'update data_key set resealed_at = now() where id <> $1 and usable_from <= $2 and retired_at is null',
      [id, since],
    )
  }

  private async left(tables = this.tables): Promise<number> {
    const counts = await countByDataKey(this.pool, tables)
    counts.delete(this.vault.dataKeys.current.id)
    return [...counts.values()].flatMap((ofKey) => Object.values(ofKey)).reduce((sum, count) => sum + count, 0)
  }
}
