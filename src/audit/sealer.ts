/** Takes audit events into the chain (chain.ts), on one replica at a time. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import type { Warn } from '../log.js'
import {
  type AuthenticationKey,
  BATCHES,
  type Batch,
  CHAIN,
  checkpointOf,
  contentOf,
  digestOf,
  FORMAT,
  macOf,
  SEALABLE,
  type SealableEvent,
  utc,
} from './chain.js'

/** Milliseconds between two rounds where there was nothing more to do. */
const EVERY = 1_000
/** Events that are read at once, and so the most that a batch has. */
const AT_ONCE = 1_000
/** Milliseconds between two checkpoints in the log. */
const CHECKPOINTS = 60_000
/** Milliseconds for which a failure that lasts is not logged again. */
const SILENCE = 60_000
/** Looks at the transactions under way that are remembered. */
const LOOKS = 600

/** The place of an event in the order of all. */
type Place = Pick<Batch, 'last_tx' | 'last_at' | 'last_id'>
const BEGINNING: Place = {
  last_tx: '0',
  last_at: '0001-01-01T00:00:00.000Z',
  last_id: '00000000-0000-0000-0000-000000000000',
}

/** The time, and the transactions under way, as the database sees them. */
interface Look {
  now: string
  /** Every transaction before it has ended. */
  ended: bigint
  /** No transaction from it on has begun. */
  begun: bigint
  shift: bigint
}

class ChainCut extends Error {
  override readonly name = 'ChainCut'
}

/** Seals what is recorded, about a second later. */
export class Sealer {
  private readonly stopping = new AbortController()
  private running: Promise<void> = Promise.resolve()
  /** When which transaction had not begun: what begins later has later events. */
  private looks: Look[] = []
  /** The last batch that this process has seen. */
  private head: Batch | null = null
  private nextCheckpoint = 0
  private nextWarning = 0

  /**
   * @param key as `Vault.authenticationKey`
   * @param log gets the checkpoints: a stable event, a message, and what belongs to it
   */
  constructor(
    private readonly pool: Pool,
    private readonly key: AuthenticationKey,
    private readonly log: Warn,
    private readonly warn: Warn,
  ) {}

  /** Seals from now on; it never fails. */
  start() {
    this.running = this.run()
  }

  /** Ends the rounds, with a last one: what this process recorded is sealed when it stops, where that is possible. */
  async stop() {
    this.stopping.abort()
    await this.running
    await this.guarded()
  }

  /** Events that are in no batch yet, up to ten thousand. @throws the database's error */
  async waiting(): Promise<number> {
    const { rows: last } = await this.pool.query<Batch>(`${BATCHES} order by audit_batch.number desc limit 1`)
    const { last_tx, last_at, last_id } = last[0] ?? BEGINNING
    const { rows } = await this.pool.query(
      `select count(*)::int as count from (
         select from audit_event where tx >= $1 and (tx, at, id) > ($1::bigint, $2::timestamptz, $3::uuid) limit 10000
       ) as waiting`,
      [last_tx, last_at, last_id],
    )
    return rows[0].count
  }

  private async run() {
    while (!this.stopping.signal.aborted) {
      const more = await this.guarded()
      if (!more) await sleep(EVERY, null, { signal: this.stopping.signal }).catch(() => {})
    }
  }

  private async guarded(): Promise<boolean> {
    try {
      return await this.once()
    } catch (error) {
      if (performance.now() >= this.nextWarning) {
        this.nextWarning = performance.now() + SILENCE
        if (error instanceof ChainCut)
          this.warn(
            'audit.chain-cut',
            'Batches of the audit log were removed or changed while this server was running, and nothing is sealed ' +
              'any more. Run npm run audit:verify with the checkpoints of the log, and find out who it was. A ' +
              'restart goes on from what is there.',
            { err: error },
          )
        else
          this.warn(
            'audit.not-sealed',
            'Audit events could not be sealed; it is tried again every second. They are stored, and unprotected ' +
              'against changes by who controls the database until then.',
            { err: error },
          )
      }
      return false
    }
  }

  /**
   * One round: the events of all transactions that have ended, up to a thousand.
   *
   * @returns whether there may be more at once; false too where another replica is at it
   * @throws the database's error
   */
  async once(): Promise<boolean> {
    const client = await this.pool.connect()
    try {
      await client.query('begin')
      const { rows } = await client.query("select pg_try_advisory_xact_lock(hashtext('valetkey.audit-sealer')) as ours")
      const sealed = rows[0].ours ? await this.seal(client) : { batches: [], more: false }
      await client.query('commit')
      this.head = sealed.batches.at(-1) ?? this.head
      this.say(sealed.batches)
      return sealed.more
    } catch (error) {
      await client.query('rollback').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }

  private async seal(client: PoolClient): Promise<{ batches: Batch[]; more: boolean }> {
    const { rows: last } = await client.query<Batch>(`${BATCHES} order by audit_batch.number desc limit 1`)
    let previous = last[0] ?? null
    this.assertGoesOn(previous)
    const look = await this.look(client)
    // A backup was restored into another cluster while this process was running.
    if (previous && BigInt(previous.last_tx) > look.begun + look.shift) await client.query('select audit_prepare()')
    const through = this.throughOf(look, previous)
    const events = await this.next(client, previous ?? BEGINNING, look)
    if (events.length === 0) return { batches: [], more: false }
    const current = this.key(CHAIN)
    if (!current) throw new Error('The vault has no key.')
    const isAll = events.length < AT_ONCE && events[0]?.tx !== '0'
    const batches: Batch[] = []
    for (const ofOneMonth of runsOf(events)) {
      const end = ofOneMonth.at(-1) as SealableEvent
      const ids = ofOneMonth.map(({ id }) => id)
      const digests = Buffer.concat(ofOneMonth.map((event) => digestOf(event, current.key)))
      const unsigned = {
        number: String(BigInt(previous?.number ?? 0) + 1n),
        format: FORMAT,
        month: end.month,
        count: ids.length,
        events: ids,
        digests,
        content: contentOf(ids, digests),
        ...{ last_tx: end.tx, last_at: end.at, last_id: end.id },
        through: isAll && end === events.at(-1) ? through : (previous?.through ?? BEGINNING.last_at),
        sealed_at: look.now,
        key_id: current.id,
      }
      previous = { ...unsigned, mac: macOf(unsigned, previous?.mac ?? null, current.key) }
      batches.push(previous)
    }
    for (const batch of batches) await insert(client, batch)
    return { batches, more: events.length === AT_ONCE }
  }

  /** A chain that was cut is not gone on with: that would seal what somebody changed. @throws {ChainCut} */
  private assertGoesOn(last: Batch | null) {
    const { head } = this
    const goesOn =
      head === null ||
      (last !== null &&
        (BigInt(last.number) > BigInt(head.number) || (last.number === head.number && last.mac.equals(head.mac))))
    if (!goesOn)
      throw new ChainCut(`The last batch is ${last ? checkpointOf(last) : 'gone'}, and was ${checkpointOf(head)}.`)
    this.head = last
  }

  private async look(client: PoolClient): Promise<Look> {
    const { rows } = await client.query({
      name: 'audit-look',
      text: `select ${utc('clock_timestamp()')} as now, pg_snapshot_xmin(pg_current_snapshot())::text as ended,
        pg_snapshot_xmax(pg_current_snapshot())::text as begun, tx_offset::text as shift from audit_setting`,
    })
    const { now, ended, begun, shift } = rows[0]
    const look = { now, ended: BigInt(ended), begun: BigInt(begun), shift: BigInt(shift) }
    this.looks = [...this.looks.slice(1 - LOOKS), look]
    return look
  }

  /** Until when everything is sealed with the transactions that have ended: as early as this process can vouch for. */
  private throughOf({ ended }: Look, previous: Batch | null): string {
    const known = this.looks.findLast(({ begun }) => begun <= ended)?.now ?? BEGINNING.last_at
    return previous && previous.through > known ? previous.through : known
  }

  /** The next events in order. Those from before there was a chain come first: they have no transaction. */
  private async next(client: PoolClient, after: Place, { ended, shift }: Look): Promise<SealableEvent[]> {
    const place = [after.last_tx, after.last_at, after.last_id]
    if (after.last_tx === '0') {
      const { rows } = await client.query<SealableEvent>(
        `${SEALABLE} where tx = 0 and (at, id) > ($1::timestamptz, $2::uuid)
          order by audit_event.at, audit_event.id limit ${AT_ONCE}`,
        place.slice(1),
      )
      if (rows.length > 0) return rows
    }
    const { rows } = await client.query<SealableEvent>({
      name: 'audit-next',
      text: `${SEALABLE} where tx > 0 and tx >= $1 and tx < $4
          and (tx, at, id) > ($1::bigint, $2::timestamptz, $3::uuid)
        order by audit_event.tx, audit_event.at, audit_event.id limit ${AT_ONCE}`,
      values: [...place, String(ended + shift)],
    })
    return rows
  }

  private say(batches: readonly Batch[]) {
    const head = batches.at(-1)
    if (!head || performance.now() < this.nextCheckpoint) return
    this.nextCheckpoint = performance.now() + CHECKPOINTS
    this.log('audit.checkpoint', 'Audit events are sealed up to this batch.', { checkpoint: checkpointOf(head) })
  }
}

/** Cuts a list where the month changes. */
function runsOf(events: readonly SealableEvent[]): SealableEvent[][] {
  const runs: SealableEvent[][] = []
  for (const event of events) {
    const run = runs.at(-1)
    if (run?.[0]?.month === event.month) run.push(event)
    else runs.push([event])
  }
  return runs
}

async function insert(client: PoolClient, batch: Batch) {
  const { number, format, month, count, events, digests, content, mac } = batch
  await client.query({
    name: 'audit-batch',
    text: `insert into audit_batch (number, format, month, count, events, digests, content, last_tx, last_at, last_id,
        through, sealed_at, key_id, mac)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    values: [
      ...[number, format, month, count, events, digests, content, batch.last_tx, batch.last_at, batch.last_id],
      ...[batch.through, batch.sealed_at, batch.key_id, mac],
    ],
  })
}
