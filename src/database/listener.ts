/**
 * Receives the notifications of one PostgreSQL channel (LISTEN/NOTIFY), from every replica. It has a database
 * session of its own, outside of every pool, which is open while there are subscribers. When the session
 * breaks, it reconnects and then calls every subscriber, since notifications may have been missed.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Warn } from '../log.js'

/** Milliseconds until the first attempt to reconnect; doubled after each failure. */
const FIRST_PAUSE = 100
/** Milliseconds between two attempts at most. */
const LONGEST_PAUSE = 10_000

/** The handle of one subscriber. */
export interface Subscription {
  /** Resolves when notifications are received. */
  ready: Promise<void>
  /** Ends the subscription. */
  end(): void
}

/** Listens to one channel on behalf of many subscribers. */
export class Listener {
  private readonly callbacks = new Map<string, Set<() => void>>()
  /** The session that is open or being opened; null while there are no subscribers. */
  private session: { ready: Promise<void>; close(): void } | null = null

  /**
   * @param databaseUrl connection string for `pg`
   * @param channel name of the channel
   */
  constructor(
    private readonly databaseUrl: string,
    private readonly channel: string,
    private readonly warn: Warn,
  ) {}

  /** @param notify called for each notification with this payload, and after each reconnection */
  subscribe(payload: string, notify: () => void): Subscription {
    const callbacks = this.callbacks.get(payload) ?? new Set()
    callbacks.add(notify)
    this.callbacks.set(payload, callbacks)
    this.session ??= this.open()
    return {
      ready: this.session.ready,
      end: () => {
        callbacks.delete(notify)
        if (callbacks.size === 0 && this.callbacks.get(payload) === callbacks) this.callbacks.delete(payload)
        if (this.callbacks.size === 0) this.close()
      },
    }
  }

  /** Closes the session; a later subscriber opens another. */
  close() {
    this.session?.close()
    this.session = null
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
        // `pg` reports a broken session by `error`, by `end`, or by both.
        client.once('end', resolve)
        client.on('error', () => resolve())
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
      try {
        client.on('notification', ({ payload }) => this.notify(payload ?? ''))
        await client.connect()
        await client.query(`listen ${this.channel}`)
        isReady()
        pause = FIRST_PAUSE
        if (!first) for (const payload of [...this.callbacks.keys()]) this.notify(payload)
        first = false
        await broken
        if (!signal.aborted)
          this.warn(
            'listener.lost',
            'The database session for notifications broke, and is being reopened. Nothing is to be done unless ' +
              'this repeats.',
            { channel: this.channel },
          )
      } catch (error) {
        this.warn(
          'listener.failed',
          'The database session for notifications could not be opened; the server tries again. Check that the ' +
            'database is reachable and accepts another session.',
          { channel: this.channel, err: error },
        )
        await sleep(pause)
        pause = Math.min(pause * 2, LONGEST_PAUSE)
      } finally {
        client.end().catch(() => {})
      }
    }
  }

  private notify(payload: string) {
    for (const callback of [...(this.callbacks.get(payload) ?? [])]) callback()
  }
}
