/**
 * The chain over the audit log: events are taken into batches, in order, and each batch has a code (HMAC) over its
 * events and the code of the batch before. Who does not have the vault's key cannot make one.
 *
 *   batch 1 ──mac──▶ batch 2 ──mac──▶ batch 3 ──mac──▶ the log of the server (audit.checkpoint)
 *      │                │                │
 *   events           expired          events      an expired one has no events any more, and a signed audit_expiry
 *
 *   sealer.ts   makes batches      expiry.ts   ends months      verify.ts   finds what was changed
 *
 * Events are not touched: what their order is, and their digests, is in the row of the batch (audit_batch). The order
 * is that of (tx, at, id), tx being the transaction that stored the event.
 */
import { createHash, createHmac, type KeyObject } from 'node:crypto'

/** Gives the key of a purpose, derived from the data key `id`, or from the current one; null for an unknown one. */
export type AuthenticationKey = (purpose: string, id?: string) => { id: string; key: KeyObject } | null

/** What the keys of this chain are for. */
export const CHAIN = 'audit chain'
/** The order of columns in a digest, and of values in a code; another number where either changes. */
export const FORMAT = 1
/** Bytes of an event's digest. */
export const DIGEST = 16

/** A time as it is authenticated: in UTC, to the millisecond. @param column an expression of SQL */
export function utc(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

/** An event as it is authenticated: each column as PostgreSQL writes it. */
export interface SealableEvent {
  id: string
  tx: string
  at: string
  /** The first day of its month, in UTC. */
  month: string
  action: string
  outcome: string
  actor: string
  connection: string | null
  identifier: string | null
  purpose: string | null
  ip_address: string | null
  details: string
}

/** Selects `SealableEvent`s from audit_event. */
export const SEALABLE = `
  select id::text, tx::text, ${utc('at')} as at, to_char(at at time zone 'UTC', 'YYYY-MM-"01"') as month,
    action, outcome, actor, connection, identifier, purpose, ip_address, details::text
  from audit_event`

/** A batch as it is authenticated. */
export interface Batch {
  number: string
  format: number
  /** The first day of the month that all of its events are of, in UTC. */
  month: string
  count: number
  /** Ids in order, and their digests one after another; both empty when the month has expired. */
  events: string[]
  digests: Buffer
  /** SHA-256 of the two, which stays. */
  content: Buffer
  /** The place of its last event in the order of all. */
  last_tx: string
  last_at: string
  last_id: string
  /** What was recorded until then is in this batch or in one before it. */
  through: string
  sealed_at: string
  key_id: string
  mac: Buffer
}

/** Selects `Batch`es from audit_batch. */
export const BATCHES = `
  select number::text, format, month::text, count, events::text[], digests, content,
    last_tx::text, ${utc('last_at')} as last_at, last_id::text, ${utc('through')} as through,
    ${utc('sealed_at')} as sealed_at, key_id::text, mac
  from audit_batch`

/** The digest of an event: a truncated HMAC, so that it tells nothing of an event that has expired. */
export function digestOf(event: SealableEvent, key: KeyObject): Buffer {
  const { id, tx, at, action, outcome, actor, connection, identifier, purpose, ip_address, details } = event
  const values = [id, tx, at, action, outcome, actor, connection, identifier, purpose, ip_address, details]
  return createHmac('sha256', key)
    .update(JSON.stringify(['event', FORMAT, ...values]))
    .digest()
    .subarray(0, DIGEST)
}

/** What stays of the events of a batch. */
export function contentOf(events: readonly string[], digests: Buffer): Buffer {
  return createHash('sha256').update(JSON.stringify(events)).update(digests).digest()
}

/** The code of a batch. @param previous that of the batch before; null for the first */
export function macOf(batch: Omit<Batch, 'mac' | 'events' | 'digests'>, previous: Buffer | null, key: KeyObject) {
  const { number, format, month, count, content, last_tx, last_at, last_id, through, sealed_at, key_id } = batch
  const values = [number, format, month, count, content.toString('hex'), last_tx, last_at, last_id, through]
  return createHmac('sha256', key)
    .update(JSON.stringify(['batch', previous?.toString('hex') ?? null, ...values, sealed_at, key_id]))
    .digest()
}

/** A note that the batches of a month, from one to another, have expired. */
export interface Expiry {
  month: string
  first_batch: string
  last_batch: string
  batches: number
  events: string
  expired_at: string
  key_id: string
  mac: Buffer
}

/** Selects `Expiry`s from audit_expiry. */
export const EXPIRIES = `
  select month::text, first_batch::text, last_batch::text, batches, events::text, ${utc('expired_at')} as expired_at,
    key_id::text, mac
  from audit_expiry`

/** The code of an expiry. @param macs those of its batches, in order */
export function expiryMacOf(expiry: Omit<Expiry, 'mac'>, macs: readonly Buffer[], key: KeyObject): Buffer {
  const { month, first_batch, last_batch, batches, events, expired_at, key_id } = expiry
  const values = [month, first_batch, last_batch, batches, events, expired_at, key_id]
  const hash = createHash('sha256')
  for (const mac of macs) hash.update(mac)
  return createHmac('sha256', key)
    .update(JSON.stringify(['expiry', ...values, hash.digest('hex')]))
    .digest()
}

/** A point of the chain, as the server's log has it: `number:code`. */
export function checkpointOf({ number, mac }: Pick<Batch, 'number' | 'mac'>): string {
  return `${number}:${mac.toString('base64url')}`
}
