/**
 * A small provider that keeps books: which refresh token came from which, when it was used, which access tokens it
 * has ended, and which answers may never have been read. How it treats a token that comes twice is set for each.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../support/world.js'
import { ODD_ANSWERS, type OddAnswer } from './odd-answers.js'

/** How a provider treats refresh tokens. */
export interface Habits {
  /** Seconds for which a used refresh token is taken again. */
  grace: number
  /** Whether a used token that comes again, after the grace, ends the whole grant. */
  killsFamily: boolean
  /** Whether a refresh ends the access tokens of before. */
  endsOldAccess: boolean
}

/** How a refresh is answered: as it should be, not carried out, or carried out with an answer that does not arrive. */
export type Fate = 'served' | 'unavailable' | 'late' | 'very late' | 'half' | 'half, reset' | 'never' | OddAnswer

/** Milliseconds by which an answer is late. */
function lateness(fate: Fate): number {
  return fate === 'late' ? 14_000 + Math.random() * 6_000 : fate === 'very late' ? 20_000 : 0
}

/** The tokens of one answer. */
interface Pair {
  family: Family
  refresh: string
  access: string
  usedAt: number | null
  /** When the access token ended. */
  endedAt: number | null
}

/** One user's grant. */
interface Family {
  pairs: Pair[]
  endedAt: number | null
  deliveries: Delivery[]
  log: string[]
}

interface Delivery {
  fate: Fate
  /** The refresh token that it answers to. */
  of: string
  /** Whether it was found on the disk of a process that was killed. */
  wasRead: boolean
  finishedAt: number | null
  closedAt: number | null
}

/** Milliseconds after its answer within which a closed socket tells that its process may not have read it. */
const UNREAD = 1_000

function isUnread({ fate, wasRead, finishedAt, closedAt }: Delivery): boolean {
  if (wasRead) return false
  if (fate === 'half' || fate === 'half, reset' || fate === 'never' || finishedAt === null) return true
  return closedAt !== null && closedAt - finishedAt < UNREAD
}

export class BookProvider {
  /** Milliseconds until a refresh is answered. */
  delay = 0
  fate: (refreshToken: string) => Fate = () => 'served'
  private held: Promise<void> | null = null
  private readonly byRefresh = new Map<string, Pair>()
  private readonly byAccess = new Map<string, Pair>()
  private readonly open = new Map<Socket, Delivery>()
  refreshes = 0
  underWay = 0

  private constructor(
    readonly name: string,
    readonly habits: Habits,
    readonly url: string,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  static async open(name: string, habits: Habits): Promise<BookProvider> {
    const port = await freePort()
    const server = createServer((request, response) => void provider.serve(request, response).catch(() => {}))
    const provider = new BookProvider(name, habits, `http://127.0.0.1:${port}`, server)
    server.keepAliveTimeout = 60_000
    server.on('connection', (socket) =>
      socket.on('close', () => {
        const delivery = provider.open.get(socket)
        if (delivery) delivery.closedAt = Date.now()
        provider.open.delete(socket)
      }),
    )
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return provider
  }

  private async serve(request: IncomingMessage, response: ServerResponse) {
    let body = ''
    for await (const chunk of request) body += chunk
    this.underWay += 1
    try {
      const token = new URLSearchParams(body).get('refresh_token') ?? ''
      const fate = this.fate(token)
      if (fate === 'unavailable') return void response.writeHead(503).end('{}')
      const pair = this.byRefresh.get(token)
      const answer = this.redeem(token)
      const delivery: Delivery = { fate, of: token, wasRead: false, finishedAt: null, closedAt: null }
      if (!answer.error) pair?.family.deliveries.push(delivery)
      if (this.delay > 0) await sleep(this.delay)
      await this.held
      await sleep(lateness(fate))
      await this.send(response, request.socket, answer, fate, delivery)
    } finally {
      this.underWay -= 1
    }
  }

  private async send(response: ServerResponse, socket: Socket, answer: object, fate: Fate, delivery: Delivery) {
    const text = JSON.stringify(answer)
    const status = 'error' in answer ? 400 : 200
    const headers = { 'content-type': 'application/json' }
    this.open.set(socket, delivery)
    if (socket.destroyed) {
      delivery.closedAt = Date.now()
      return
    }
    if (fate === 'never') return
    if (fate in ODD_ANSWERS) {
      delivery.finishedAt = Date.now()
      socket.end(ODD_ANSWERS[fate as OddAnswer](text))
      return
    }
    if (fate === 'served' || fate === 'late' || fate === 'very late') {
      await new Promise<void>((resolve) => {
        response.on('close', resolve)
        response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text, () => {
          delivery.finishedAt = Date.now()
          resolve()
        })
      })
      return
    }
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) })
    response.write(text.slice(0, text.length / 2))
    await sleep(50)
    if (fate === 'half, reset') socket.resetAndDestroy()
    else socket.destroy()
  }

  /** What the books say about a refresh token, and what follows from its use. */
  redeem(token: string): Record<string, string | number> {
    const pair = this.byRefresh.get(token)
    const now = Date.now()
    if (!pair || pair.family.endedAt !== null) {
      pair?.family.log.push(`${now} ${token.slice(0, 8)} refused: the grant is over`)
      return { error: 'invalid_grant', error_description: 'the grant is over' }
    }
    const { family } = pair
    if (pair.usedAt !== null && now - pair.usedAt >= this.habits.grace * 1000) {
      if (this.habits.killsFamily) {
        family.endedAt = now
        for (const other of family.pairs) other.endedAt ??= now
      }
      family.log.push(`${now} ${token.slice(0, 8)} refused: used ${now - pair.usedAt} ms ago`)
      return { error: 'invalid_grant', error_description: 'the refresh token was used before' }
    }
    if (this.habits.endsOldAccess) for (const other of family.pairs) other.endedAt ??= now
    const again = pair.usedAt === null ? '' : ' again'
    pair.usedAt ??= now
    this.refreshes += 1
    const next = this.issue(family)
    family.log.push(`${now} ${token.slice(0, 8)} used${again}, ${next.refresh.slice(0, 8)} given`)
    return { access_token: next.access, refresh_token: next.refresh, token_type: 'Bearer', expires_in: 3600 }
  }

  private issue(family: Family): Pair {
    const pair = { family, refresh: randomUUID(), access: randomUUID(), usedAt: null, endedAt: null }
    family.pairs.push(pair)
    this.byRefresh.set(pair.refresh, pair)
    this.byAccess.set(pair.access, pair)
    return pair
  }

  /** Creates a grant, as if a user had consented. */
  grant(): { refreshToken: string; accessToken: string } {
    const { refresh, access } = this.issue({ pairs: [], endedAt: null, deliveries: [], log: [] })
    return { refreshToken: refresh, accessToken: access }
  }

  /** Whether an access token worked at some time: one that ended before `at` did not. */
  worked(accessToken: string, at: number): boolean {
    const pair = this.byAccess.get(accessToken)
    return pair !== undefined && (pair.endedAt === null || pair.endedAt >= at)
  }

  /** Whether the refresh token that came with an access token is good for one more refresh. */
  isGood(accessToken: string): boolean {
    const pair = this.byAccess.get(accessToken)
    return pair !== undefined && pair.usedAt === null && pair.family.endedAt === null
  }

  /** An answer lay on the disk of a process that was killed just now; a refusal may lie there as well. */
  found(refreshToken: string) {
    const latest = this.byRefresh.get(refreshToken)?.family.deliveries.findLast(({ finishedAt }) => finishedAt !== null)
    if (latest && latest.closedAt !== null && Date.now() - latest.closedAt < UNREAD) latest.wasRead = true
  }

  /**
   * Whether the provider made the loss of this grant certain: an answer may never have been read by a process that
   * lived on. With a grace, the answer to another try within it as well.
   */
  isCertain(refreshToken: string): boolean {
    const deliveries = this.byRefresh.get(refreshToken)?.family.deliveries ?? []
    const unread = deliveries.filter(isUnread)
    if (this.habits.grace === 0) return unread.length > 0
    return unread.some(({ of }) => {
      const tries = deliveries.filter((other) => other.of === of)
      return tries.length > 1 && tries.every(isUnread)
    })
  }

  /** What happened to a grant, for whoever looks for the cause of a loss. */
  story(refreshToken: string): string {
    const family = this.byRefresh.get(refreshToken)?.family
    return family ? [...family.log, JSON.stringify(family.deliveries)].join('\n    ') : 'unknown'
  }

  /** Holds all answers back. @returns a function that releases them */
  hold(): () => void {
    let release = () => {}
    this.held = new Promise((resolve) => {
      release = () => {
        this.held = null
        resolve()
      }
    })
    return () => release()
  }

  close() {
    this.server.closeAllConnections()
    this.server.close()
  }

  /** The definition of a connector for this provider, which says of it what is true. */
  definition(): Record<string, unknown> {
    const { grace, endsOldAccess } = this.habits
    return {
      schema: 1,
      key: this.name,
      name: this.name,
      categories: ['testing'],
      trustHosts: ['127.0.0.1'],
      auth: [
        {
          id: 'oauth',
          type: 'oauth2',
          grant: 'authorization_code',
          connectionFields: [{ key: 'base', label: 'Base', kind: 'text', default: this.url }],
          authorize: { url: '{connection.base}/authorize' },
          scopes: { default: ['read'] },
          token: { url: '{connection.base}/token' },
          refresh: {
            using: 'refresh_token',
            rotation: 'rotates',
            ...(grace > 0 ? { reuseGraceSeconds: grace } : {}),
            ...(endsOldAccess ? { endsOldAccess } : {}),
          },
        },
      ],
    }
  }
}
