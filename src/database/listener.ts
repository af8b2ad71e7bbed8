/**
 * Hears what PostgreSQL notifies on one channel (LISTEN/NOTIFY), whichever replica it comes from. It has
 * a connection of its own, outside of every pool, open while anybody waits; a connection that breaks is
 * made anew, and everybody is told then, since nobody knows what was missed.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Warn } from '../log.js'

/** Milliseconds between tries to connect, at the first and at the longest. */
const FIRST_PAUSE = 100
const LONGEST_PAUSE = 10_000

/** What one subscriber has. */
export interface Subscription {
  /** Resolves once nothing is missed any more. */
  ready: Promise<void>
  end(): void
}

export class Listener {
  private readonly bells = new Map<string, Set<() => void>>()
  /** The connection that is open or being made; null while nobody waits. */
  private connection: { ready: Promise<void>; close(): void } | null = null

  /**
   * @param databaseUrl what `pg` connects to
   * @param channel the one that is listened to
   */
  constructor(
    private readonly databaseUrl: string,
    private readonly channel: string,
    private readonly warn: Warn,
  ) {}

  /** @param ring is called for each notification with this payload, and whenever something may have been missed */
  subscribe(payload: string, ring: () => void): Subscription {
    const bells = this.bells.get(payload) ?? new Set()
    bells.add(ring)
    this.bells.set(payload, bells)
    this.connection ??= this.open()
    return {
      ready: this.connection.ready,
      end: () => {
        bells.delete(ring)
        if (bells.size === 0 && this.bells.get(payload) === bells) this.bells.delete(payload)
        if (this.bells.size === 0) this.close()
      },
    }
  }

  /** Ends the connection; a later subscriber opens another. */
  close() {
    this.connection?.close()
    this.connection = null
  }

  private open() {
    const closing = new AbortController()
    let isReady = () => {}
    const ready = new Promise<void>((resolve) => {
      isReady = resolve
    })
    this.listen(closing.signal, isReady)
    return { ready, close: () => closing.abort() }
  }

  private async listen(signal: AbortSignal, isReady: () => void) {
    let pause = FIRST_PAUSE
    for (let first = true; !signal.aborted; ) {
      const client = new pg.Client({
        connectionString: this.databaseUrl,
        application_name: 'valetkey listener',
        connectionTimeoutMillis: 5_000,
        keepAlive: true,
      })
      const broken = new Promise<void>((resolve) => {
        // A connection that breaks says so by its error, by its end, or by both.
        client.once('end', resolve)
        client.on('error', () => resolve())
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
      try {
        client.on('notification', ({ payload }) => this.ring(payload ?? ''))
        await client.connect()
        await client.query(`listen ${this.channel}`)
        isReady()
        pause = FIRST_PAUSE
        if (!first) for (const payload of [...this.bells.keys()]) this.ring(payload)
        first = false
        await broken
        if (!signal.aborted)
          this.warn('listener.lost', 'The connection that hears of changes broke; it is being made anew.', {
            channel: this.channel,
          })
      } catch (error) {
        this.warn('listener.failed', 'The database cannot be listened to; trying again.', {
          channel: this.channel,
          err: error,
        })
        await sleep(pause)
        pause = Math.min(pause * 2, LONGEST_PAUSE)
      } finally {
        client.end().catch(() => {})
      }
    }
  }

  private ring(payload: string) {
    for (const ring of [...(this.bells.get(payload) ?? [])]) ring()
  }
}
