/**
 * Shares out the sessions of the database pool, so that what one party asks for keeps nobody else waiting.
 *
 *   a request        ──▶ the turn of its party ──▶ a session
 *   a token read     ──▶ a session
 *
 * Requests are limited together to most of the pool, and each party (a caller, or an address) to half of that:
 * parties take turns, however much one of them asks for. What hands out tokens is reserved the rest: it never waits
 * for a list. Work of the server itself, such as jobs, is not limited.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Pool, PoolClient } from 'pg'
import { ValetkeyError } from '../errors.js'

/** Of four sessions, one is reserved. */
const RESERVED = 1 / 4
/** Statements of one party that wait for their turn. */
const MOST_WAITING = 500
/** Milliseconds that one waits at most. */
const PATIENCE = 5_000

/** The party that what runs now is done for; undefined where it is not limited. */
const party = new AsyncLocalStorage<string | undefined>()

/** Runs `act` within the share of a party. */
export function limitedTo<T>(name: string, act: () => T): T {
  return party.run(name, act)
}

/** Runs `act` outside of every share: for what hands out tokens, and for what requests of many parties wait for. */
export function reserved<T>(act: () => T): T {
  return party.run(undefined, act)
}

type Connected = (error: Error | undefined, client?: PoolClient, done?: (release?: unknown) => void) => void

/** Makes a pool share out its sessions. @param size the largest number of its sessions, at least 2 */
export function shareOut(pool: Pool, size: number) {
  const turns = new Turns(size - Math.max(1, Math.floor(size * RESERVED)))
  const holders = new WeakMap<PoolClient, string>()
  const take = pool.connect.bind(pool) as (callback: Connected) => void
  // A released session goes to the next party before the pool gives it to those that are not limited.
  pool.on('release', (_error, client) => {
    const holder = holders.get(client)
    holders.delete(client)
    if (holder !== undefined) turns.end(holder)
  })
  const connect = (callback: Connected) => {
    const name = party.getStore()
    if (name === undefined) return take(callback)
    turns.wait(name, (refusal) => {
      if (refusal) return callback(refusal)
      take((error, client, done) => {
        if (error || !client) turns.end(name)
        else holders.set(client, name)
        callback(error, client, done)
      })
    })
  }
  pool.connect = ((callback?: Connected) =>
    callback
      ? connect(callback)
      : new Promise<PoolClient>((resolve, reject) => {
          connect((error, client) => (client ? resolve(client) : reject(error)))
        })) as Pool['connect']
}

type Waiting = (refusal?: Error) => void

/** Who may have a session next: each party in turn. */
class Turns {
  private readonly holding = new Map<string, number>()
  /** In the order of whose turn it is. */
  private readonly waiting = new Map<string, Set<Waiting>>()
  private held = 0
  private readonly mostOfOne: number

  /** @param most sessions that all parties have together */
  constructor(private readonly most: number) {
    this.mostOfOne = Math.ceil(most / 2)
  }

  /** Calls `go` at once or later: with a refusal, or to take a session, which `end` gives back. */
  wait(name: string, go: Waiting) {
    const queue = this.waiting.get(name) ?? new Set()
    if (queue.size >= MOST_WAITING) return go(busy())
    this.waiting.set(name, queue)
    const timer = setTimeout(() => {
      this.leave(name, next)
      go(busy())
    }, PATIENCE)
    const next = () => {
      clearTimeout(timer)
      go()
    }
    queue.add(next)
    this.serve()
  }

  end(name: string) {
    this.held -= 1
    const left = (this.holding.get(name) ?? 1) - 1
    if (left > 0) this.holding.set(name, left)
    else this.holding.delete(name)
    this.serve()
  }

  private serve() {
    while (this.held < this.most) {
      const name = [...this.waiting.keys()].find((name) => (this.holding.get(name) ?? 0) < this.mostOfOne)
      const [next] = (name !== undefined && this.waiting.get(name)) || []
      if (name === undefined || !next) return
      const queue = this.leave(name, next)
      // Its next one comes after those of all others.
      this.waiting.delete(name)
      if (queue.size > 0) this.waiting.set(name, queue)
      this.held += 1
      this.holding.set(name, (this.holding.get(name) ?? 0) + 1)
      next()
    }
  }

  private leave(name: string, next: Waiting): Set<Waiting> {
    const queue = this.waiting.get(name) ?? new Set()
    queue.delete(next)
    if (queue.size === 0) this.waiting.delete(name)
    return queue
  }
}

function busy(): ValetkeyError {
  return new ValetkeyError('BUSY', 'You ask for more at once than the server can read. Try again in a few seconds.')
}
