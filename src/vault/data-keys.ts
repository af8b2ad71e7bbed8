/**
 * The data keys: which ones there are, and how one takes the place of another while the server runs.
 *
 *   created ──a minute──▶ seals new values ──a newer one does──▶ only opens ──all is sealed anew──▶ retired
 *
 * Every process looks for new ones every five seconds, so that each of them knows a key before anybody seals with it.
 * What an older one sealed is sealed anew by a job (resealing.ts). `npm run vault` rotates and retires.
 */
import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { LockMode, type MikroORM } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { clock } from '../clock.js'
import { StartRefused } from '../errors.js'
import type { Warn } from '../log.js'
import { DataKey } from './data-key.secret.js'
import { type KeyWrapping, UnknownKey, type Wrapped } from './key-wrapping.js'

/** Milliseconds between two looks for new ones. */
const LOOK = 5_000
/** Milliseconds after the last look from which a request waits for one: this process stood still. */
const STALE = 30_000
/** Seconds until a new one seals: all processes know it by then, and so do the requests that they are serving. */
export const LEAD = 60
/** Days after which a key that does not seal any more may be retired: answers in a spool may be as old. */
const REST_DAYS = 7
/** Bytes of a data key, and of what is derived from it. */
const LENGTH = 32

/** Stores an event with a change of the data key `id`. */
type Recorded = (em: EntityManager, id: string) => void

/** A key that was asked to be retired, and cannot be yet. */
export class NotRetired extends Error {
  override readonly name = 'NotRetired'
}

/** The data keys of the database, unwrapped, as far as this process knows them. */
export class DataKeys {
  private readonly inUse = new Map<string, KeyObject>()
  /** Of retired ones: the keys to authenticate with, by purpose. */
  private readonly kept = new Map<string, ReadonlyMap<string, KeyObject>>()
  /** Ids of those that this process cannot unwrap. */
  private unknown: readonly string[] = []
  private sealing = { id: '', since: new Date(0) }
  private lookedAt = Number.NEGATIVE_INFINITY
  private looking: Promise<void> | null = null
  private timer: NodeJS.Timeout | undefined
  private changed: () => void = () => {}
  private warn: Warn = () => {}

  private constructor(
    private readonly orm: MikroORM,
    private readonly wrapping: KeyWrapping,
  ) {}

  /**
   * Unwraps the data keys, creates one if there is none, and wraps all of them with the primary key.
   *
   * @throws {StartRefused} when one cannot be unwrapped: the key is missing or another one
   */
  static async open(orm: MikroORM, wrapping: KeyWrapping): Promise<DataKeys> {
    const keys = new DataKeys(orm, wrapping)
    await locked(orm, async (em) => {
      const rows = await em.find(DataKey, {})
      for (const row of rows) await keys.wrapAnew(row)
      if (!rows.some(({ retiredAt }) => retiredAt === null)) await keys.add(em, clock.now())
    })
    await keys.look()
    return keys
  }

  /** The one that seals, and since when. */
  get current(): { id: string; since: Date } {
    return this.sealing
  }

  /** @returns the key; undefined where it is retired, or this process does not know it */
  get(id: string): KeyObject | undefined {
    const key = this.inUse.get(id)
    // Another process may have made it since.
    if (!key) this.lookedAt = Number.NEGATIVE_INFINITY
    return key
  }

  /** A key of a purpose, which a retired data key leaves behind. */
  keptOf(id: string, purpose: string): KeyObject | undefined {
    return this.kept.get(id)?.get(purpose)
  }

  /** Ids of keys that this process cannot unwrap: it is not fit to serve. */
  get missing(): readonly string[] {
    return this.unknown
  }

  /**
   * Looks for new keys from now on.
   *
   * @param changed called when another key has begun to seal
   */
  follow(warn: Warn, changed: () => void) {
    this.warn = warn
    this.changed = changed
    this.timer = setInterval(() => this.look().catch(() => {}), LOOK).unref()
  }

  stop() {
    clearInterval(this.timer)
  }

  /** Before a request: waits for a look where the last one is too long ago. It never fails. */
  async upToDate(): Promise<void> {
    if (performance.now() - this.lookedAt < STALE) return
    await this.look().catch(() => {})
  }

  /** Reads the keys from the database. @throws the database's error */
  look(): Promise<void> {
    this.looking ??= this.read().finally(() => {
      this.looking = null
    })
    return this.looking
  }

  /**
   * Adds a key, which seals when all processes know it.
   *
   * @param lead seconds until then
   * @param recorded stores who did it, in the same transaction
   */
  async rotate(lead: number, recorded: Recorded): Promise<{ id: string; sealsFrom: Date }> {
    const added = await locked(this.orm, async (em) => {
      const key = await this.add(em, new Date(clock.now().getTime() + lead * 1000))
      recorded(em, key.uuid)
      return key
    })
    await this.look()
    return { id: added.uuid, sealsFrom: added.usableFrom }
  }

  /** All of them, the oldest first, with what can be told. */
  async list() {
    await this.look()
    const rows = await this.orm.em.fork().find(DataKey, {}, { orderBy: { usableFrom: 'asc', uuid: 'asc' } })
    return rows.map(({ uuid: id, keyId, createdAt, usableFrom, resealedAt, retiredAt }) => ({
      id,
      state: this.stateOf(id, usableFrom, retiredAt),
      wrappedBy: keyId,
      createdAt,
      sealsFrom: usableFrom,
      resealedAt,
      retiredAt,
    }))
  }

  private stateOf(id: string, usableFrom: Date, retiredAt: Date | null) {
    if (retiredAt) return 'RETIRED'
    if (id === this.sealing.id) return 'SEALS'
    return usableFrom > this.sealing.since ? 'WAITS' : 'OPENS'
  }

  /**
   * Forgets a key that no row needs: what it sealed can never be opened again, in no backup either.
   *
   * @param purposes of keys to authenticate with, which stay
   * @param using describes the values that it still seals; an empty list where there are none
   * @param recorded stores who did it, in the same transaction
   * @throws {NotRetired} saying why
   */
  async retire(
    id: string,
    purposes: readonly string[],
    using: () => Promise<string[]>,
    recorded: Recorded,
  ): Promise<void> {
    await this.look()
    await locked(this.orm, async (em) => {
      const row = await em.findOne(DataKey, { uuid: id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
      const key = this.inUse.get(id)
      if (!row) throw new NotRetired(`There is no data key ${id}.`)
      if (row.retiredAt) throw new NotRetired(`The data key ${id} was retired at ${row.retiredAt.toISOString()}.`)
      if (!key) throw new NotRetired(`The data key ${id} cannot be unwrapped with the encryption keys that are set.`)
      if (row.usableFrom >= this.sealing.since)
        throw new NotRetired(`The data key ${id} seals new values, or will: rotate first, and wait for the new one.`)
      const from = new Date(this.sealing.since.getTime() + REST_DAYS * 24 * 3600 * 1000)
      if (clock.now() < from)
        throw new NotRetired(
          `The data key ${id} sealed until ${this.sealing.since.toISOString()}. A process that is away may still ` +
            `have values of it in its folder: it can be retired from ${from.toISOString()} on.`,
        )
      const rows = await using()
      if (rows.length > 0)
        throw new NotRetired(
          `The data key ${id} is still needed: ${rows.join(', ')}. The job reseal seals them anew; what stays cannot ` +
            'be opened, and npm run vault -- check lists it.',
        )
      const keys = purposes.map((purpose) => [purpose, authenticationKey(key, purpose).export().toString('base64')])
      row.retire(await this.wrapping.wrap(Buffer.from(JSON.stringify(keys)), contextOf(id, 'kept')), clock.now())
      recorded(em, id)
    })
    await this.look()
  }

  private async add(em: EntityManager, usableFrom: Date): Promise<DataKey> {
    const row = new DataKey(usableFrom)
    row.hold(await this.wrapping.wrap(randomBytes(LENGTH), contextOf(row.uuid)))
    em.persist(row)
    return row
  }

  private async wrapAnew(row: DataKey) {
    const dataKey = await this.unwrapOrRefuse(row.dataKey, contextOf(row.uuid))
    const kept = await this.unwrapOrRefuse(row.keptKeys, contextOf(row.uuid, 'kept'))
    if (row.keyId === this.wrapping.primary) return
    row.hold(
      dataKey && (await this.wrapping.wrap(dataKey, contextOf(row.uuid))),
      kept && (await this.wrapping.wrap(kept, contextOf(row.uuid, 'kept'))),
    )
  }

  private async unwrapOrRefuse(wrapped: Wrapped | null, context: string): Promise<Buffer | null> {
    if (!wrapped) return null
    const bytes = await this.wrapping.unwrap(wrapped, context).catch((error) => {
      if (!(error instanceof UnknownKey)) throw error
      throw new StartRefused([
        `Stored secrets are sealed under the encryption key ${wrapped.keyId}, ` +
          `which VALETKEY_ENCRYPTION_KEYS does not hold (it holds ${this.wrapping.ids.join(', ')}).`,
      ])
    })
    if (bytes) return bytes
    throw new StartRefused([
      `The encryption key ${wrapped.keyId} is not the one that sealed the stored secrets, though it has the same id.`,
    ])
  }

  private async read() {
    const startedAt = performance.now()
    const rows = await this.orm.em.fork().find(DataKey, {}, { orderBy: { usableFrom: 'asc', uuid: 'asc' } })
    const unknown: string[] = []
    for (const row of rows) {
      if (row.retiredAt) this.inUse.delete(row.uuid)
      const isKnown = row.retiredAt ? this.kept.has(row.uuid) : this.inUse.has(row.uuid)
      if (!isKnown && !(await this.learn(row))) unknown.push(row.uuid)
    }
    this.say(unknown)
    this.unknown = unknown
    this.lookedAt = startedAt
    const known = rows.filter(({ uuid }) => this.inUse.has(uuid))
    // At a start the first one may be younger than the clock's last look.
    const last = known.findLast(({ usableFrom }) => usableFrom <= clock.now()) ?? known[0]
    if (!last || last.uuid === this.sealing.id) return
    this.sealing = { id: last.uuid, since: last.usableFrom }
    this.changed()
  }

  /** @returns whether it could be unwrapped */
  private async learn(row: DataKey): Promise<boolean> {
    const open = (wrapped: Wrapped | null, context: string) =>
      wrapped && this.wrapping.unwrap(wrapped, context).catch(() => null)
    const dataKey = await open(row.dataKey, contextOf(row.uuid))
    if (dataKey) this.inUse.set(row.uuid, createSecretKey(dataKey))
    const kept = await open(row.keptKeys, contextOf(row.uuid, 'kept'))
    if (kept) {
      const keys: [string, string][] = JSON.parse(kept.toString())
      const keyOf = (text: string) => createSecretKey(Buffer.from(text, 'base64'))
      this.kept.set(row.uuid, new Map(keys.map(([purpose, text]) => [purpose, keyOf(text)])))
    }
    return dataKey !== null || kept !== null
  }

  private say(unknown: readonly string[]) {
    const news = unknown.filter((id) => !this.unknown.includes(id))
    if (news.length > 0)
      this.warn(
        'data-key.unknown',
        'There is a data key that this process cannot unwrap: it is not ready any more. Restart it with the ' +
          'encryption key that wraps it in VALETKEY_ENCRYPTION_KEYS.',
        { dataKeys: news },
      )
  }
}

/** The key to authenticate with for a purpose. */
export function authenticationKey(dataKey: KeyObject, purpose: string): KeyObject {
  const derived = hkdfSync('sha256', dataKey, Buffer.alloc(0), `valetkey authentication v1 ${purpose}`, LENGTH)
  return createSecretKey(Buffer.from(derived))
}

/** What is wrapped: the same text is needed to unwrap it. */
function contextOf(id: string, what: 'data key' | 'kept' = 'data key'): string {
  return what === 'data key' ? `valetkey data key v1\0${id}` : `valetkey kept keys v1\0${id}`
}

/** One process at a time changes the keys. */
function locked<T>(orm: MikroORM, work: (em: EntityManager) => Promise<T>): Promise<T> {
  return (orm.em.fork() as EntityManager).transactional(async (em) => {
    await em.execute("select pg_advisory_xact_lock(hashtext('valetkey.vault'))")
    return work(em)
  })
}
