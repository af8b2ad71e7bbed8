/** Walks the chain over the audit log (chain.ts): finds what was changed, removed, added or put in another order. */
import type { KeyObject } from 'node:crypto'
import type { Pool } from 'pg'
import {
  type AuthenticationKey,
  BATCHES,
  type Batch,
  CHAIN,
  checkpointOf,
  contentOf,
  DIGEST,
  digestOf,
  EXPIRIES,
  type Expiry,
  expiryMacOf,
  FORMAT,
  macOf,
  SEALABLE,
  type SealableEvent,
} from './chain.js'

/** Batches that are read at once. */
const AT_ONCE = 50
/** Seconds that an event may be unsealed. */
const SEALED_WITHIN = 60
/** Seconds that an event may be older than what was sealed before it: longer than any transaction of the server. */
const LATE_BY = 300

/** Something that is not as the server left it. */
export interface Finding {
  what: 'changed' | 'removed' | 'added' | 'unsealed' | 'backdated' | 'batch' | 'checkpoint' | 'expiry'
  /** The batch; null for what is in none. */
  batch: string | null
  /** The event's uuid; null where it is not about one. */
  event: string | null
  message: string
}

/** What was looked at. */
export interface Verified {
  batches: number
  /** Events that are as they were sealed. */
  events: number
  /** Events that have expired, as a signed note says. */
  expired: number
  /** Events of the last minute that are not sealed yet. */
  waiting: number
  /** The end of the chain; null while there is none. */
  head: string | null
}

/**
 * Verifies the whole log. It may be written to meanwhile.
 *
 * @param key as `Vault.authenticationKey`
 * @param checkpoints of the server's log: without one, a tail that was cut off is not noticed
 * @param report called for each finding, in order
 */
export async function verifyAuditLog(
  pool: Pick<Pool, 'query'>,
  key: AuthenticationKey,
  checkpoints: readonly string[],
  report: (finding: Finding) => void,
): Promise<Verified> {
  return new Verification(pool, key, report).run(checkpoints)
}

class Verification {
  private readonly verified: Verified = { batches: 0, events: 0, expired: 0, waiting: 0, head: null }
  /** Of expired batches, by month. */
  private readonly stubs = new Map<string, Pick<Batch, 'number' | 'mac' | 'count'>[]>()
  private readonly keys = new Map<string, KeyObject | null>()
  private previous: Batch | null = null
  /** The latest `through` of a batch before. */
  private through = 0

  constructor(
    private readonly pool: Pick<Pool, 'query'>,
    private readonly key: AuthenticationKey,
    private readonly report: (finding: Finding) => void,
  ) {}

  async run(checkpoints: readonly string[]): Promise<Verified> {
    const expected = new Map(checkpoints.map((checkpoint) => [checkpoint.split(':')[0] ?? '', checkpoint]))
    for (;;) {
      const { rows } = await this.pool.query<Batch>(
        `${BATCHES} where number > $1 order by audit_batch.number limit ${AT_ONCE}`,
        [this.previous?.number ?? '0'],
      )
      if (rows.length === 0) break
      const events = await this.eventsOf(rows)
      for (const batch of rows) {
        this.link(batch)
        const checkpoint = expected.get(batch.number)
        if (checkpoint !== undefined && checkpoint !== checkpointOf(batch))
          this.find('checkpoint', batch, null, 'The chain was made anew: the checkpoint says another code.')
        expected.delete(batch.number)
        if (batch.events.length === 0) this.stub(batch)
        else this.content(batch, events)
        this.previous = batch
      }
    }
    for (const checkpoint of expected.values())
      this.find(
        'checkpoint',
        null,
        null,
        `The chain has no batch for the checkpoint ${checkpoint}: its end was cut off.`,
      )
    await this.expiries()
    await this.unsealed()
    this.verified.head = this.previous ? checkpointOf(this.previous) : null
    return this.verified
  }

  /** The events of some batches, by id; more than one where one was copied. */
  private async eventsOf(batches: readonly Batch[]): Promise<Map<string, SealableEvent[]>> {
    const all: SealableEvent[] = []
    for (const [month, some] of Map.groupBy(batches, (batch) => batch.month)) {
      const ids = some.flatMap(({ events }) => events)
      if (ids.length === 0) continue
      const { rows } = await this.pool.query<SealableEvent>(
        `${SEALABLE} where id = any($1) and at >= $2::date::timestamp at time zone 'UTC'
          and at < ($2::date + interval '1 month') at time zone 'UTC'`,
        [ids, month],
      )
      all.push(...rows)
    }
    return Map.groupBy(all, ({ id }) => id)
  }

  /** The batch itself: its number, and its code over the one before. */
  private link(batch: Batch) {
    this.verified.batches += 1
    const number = BigInt(batch.number)
    const expected = BigInt(this.previous?.number ?? 0) + 1n
    if (number !== expected) this.find('batch', batch, null, `The batches ${expected} to ${number - 1n} were removed.`)
    const key = this.keyOf(batch.key_id)
    if (!key) this.find('batch', batch, null, `The vault does not know its key ${batch.key_id}.`)
    else if (batch.format !== FORMAT) this.find('batch', batch, null, 'Its format is not known to this version.')
    else if (!macOf(batch, this.previous?.mac ?? null, key).equals(batch.mac))
      this.find('batch', batch, null, 'It was changed, or is not the one that followed the batch before.')
  }

  private stub(batch: Batch) {
    this.stubs.set(batch.month, [...(this.stubs.get(batch.month) ?? []), batch])
  }

  /** The events of a batch that has not expired. */
  private content(batch: Batch, stored: ReadonlyMap<string, readonly SealableEvent[]>) {
    if (!contentOf(batch.events, batch.digests).equals(batch.content))
      this.find('batch', batch, null, 'The list of its events was changed.')
    const key = this.keyOf(batch.key_id)
    for (const [index, id] of batch.events.entries()) {
      const [event, copy] = stored.get(id) ?? []
      if (copy) this.find('added', batch, id, 'The event is there more than once.')
      if (!event) this.find('removed', batch, id, 'The event was removed.')
      else if (!key || !digestOf(event, key).equals(batch.digests.subarray(index * DIGEST, (index + 1) * DIGEST)))
        this.find('changed', batch, id, 'The event was changed, or has the place of another.')
      else if (event.tx !== '0' && Date.parse(event.at) < this.through - LATE_BY * 1000)
        this.find('backdated', batch, id, `The event says ${event.at}, and was recorded minutes later at the least.`)
      else this.verified.events += 1
    }
    this.through = Math.max(this.through, Date.parse(batch.through))
  }

  /** Every batch without events is of a month that the server ended. */
  private async expiries() {
    const { rows } = await this.pool.query<Expiry>(`${EXPIRIES} order by audit_expiry.month, audit_expiry.first_batch`)
    const noted = new Set<string>()
    for (const expiry of rows) {
      const batches = (this.stubs.get(expiry.month) ?? []).filter(
        ({ number }) => BigInt(number) >= BigInt(expiry.first_batch) && BigInt(number) <= BigInt(expiry.last_batch),
      )
      const events = batches.reduce((sum, { count }) => sum + count, 0)
      const key = this.keyOf(expiry.key_id)
      const macs = batches.map(({ mac }) => mac)
      const isRight =
        key !== null &&
        batches.length === expiry.batches &&
        String(events) === expiry.events &&
        expiryMacOf(expiry, macs, key).equals(expiry.mac)
      if (isRight) this.verified.expired += events
      else this.find('expiry', null, null, `The note that ${expiry.month.slice(0, 7)} has expired was changed.`)
      for (const { number } of batches) noted.add(number)
    }
    for (const batch of [...this.stubs.values()].flat())
      if (!noted.has(batch.number))
        this.find('removed', batch, null, `Its ${batch.count} events were removed, and no note says that they expired.`)
  }

  /** Events that are in no batch of their month: added afterwards, or not sealed yet. */
  private async unsealed() {
    const last = this.previous
    const { rows } = await this.pool.query<{ id: string; waiting: boolean; passed: boolean }>(
      `with sealed as materialized (select unnest(events) as id, month from audit_batch)
      select id::text, abs(extract(epoch from now() - at)) <= ${SEALED_WITHIN} as waiting,
        (tx, at, id) <= ($1::bigint, $2::timestamptz, $3::uuid)
          or exists (select from sealed where sealed.id = audit_event.id) as passed
      from audit_event where not exists (
        select from sealed where sealed.id = audit_event.id
          and sealed.month = date_trunc('month', audit_event.at at time zone 'UTC')::date)
      order by audit_event.at, audit_event.id`,
      [last?.last_tx ?? '-1', last?.last_at ?? '0001-01-01', last?.last_id ?? '00000000-0000-0000-0000-000000000000'],
    )
    for (const { id, waiting, passed } of rows)
      if (passed)
        this.find(
          'added',
          null,
          id,
          'The event is in no batch, and later ones are, or it is in one of another month: it was added.',
        )
      else if (waiting) this.verified.waiting += 1
      else this.find('unsealed', null, id, 'The event is in no batch: it was added, or no server has sealed it.')
  }

  private keyOf(id: string): KeyObject | null {
    const known = this.keys.get(id)
    if (known !== undefined) return known
    const key = this.key(CHAIN, id)?.key ?? null
    this.keys.set(id, key)
    return key
  }

  private find(what: Finding['what'], batch: Pick<Batch, 'number'> | null, event: string | null, message: string) {
    this.report({ what, batch: batch?.number ?? null, event, message })
  }
}
