/**
 * A trial by something that no failpoint plans: servers on one database, several providers of different habits at
 * once, and an oracle that is the providers' books. At the end every account's refresh token is redeemed once more,
 * and every token that was handed out is held against the books as they were when it was asked for.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createConnection, importTokens, readToken } from '../support/documents.js'
import { ServerProcess } from '../support/process.js'
import { createConnector } from '../support/workshop.js'
import { encryptionKeys, freePort, newDatabase, post } from '../support/world.js'
import { BookProvider, type Habits } from './books.js'
import { readStatus } from './lab.js'
import { Wire } from './wire.js'

/** An account of a trial, with the refresh token that it began with. */
export interface Subject {
  id: string
  kind: string
  connection: string
  identifier: string
  refreshToken: string
}

/** What the oracle found of the accounts of one provider, or of all. */
export interface Found {
  accounts: number
  lost: number
  /** Lost, and the account does not say so. */
  silent: number
  /** Lost, although the provider had not made it certain: an answer was read, or could be had again. */
  needless: number
  /** Tokens that were handed out and had ended before they were asked for. */
  dead: number
}

/** The kinds of providers that matter: what a used token costs, and when. */
export const KINDS: Record<string, Habits> = {
  strict: { grace: 0, killsFamily: true, endsOldAccess: false },
  'without family kill': { grace: 0, killsFamily: false, endsOldAccess: false },
  'grace of 30 s': { grace: 30, killsFamily: true, endsOldAccess: false },
  'grace of 120 s': { grace: 120, killsFamily: true, endsOldAccess: true },
}

export interface TrialOptions {
  kinds?: Record<string, Habits>
  /** For each server, whether it reaches its database through a wire that can be broken. */
  replicas?: ('direct' | 'wired')[]
  /** More environment variables, by server. */
  env?: (index: number) => Record<string, string>
  connections?: number
}

export class Trial {
  readonly adminKey = `trial-admin-${randomBytes(24).toString('hex')}`
  readonly data = path.join(tmpdir(), `valetkey-trial-${randomUUID()}`)
  readonly servers: ServerProcess[] = []
  readonly environments: Record<string, string>[] = []
  readonly providers = new Map<string, BookProvider>()
  private readonly connections = new Map<string, string[]>()
  private readonly byId = new Map<string, Subject>()
  /** Answers that lay on the disks of servers when they were killed, and what servers said, to look for causes in. */
  private readonly notes: string[] = []
  private readonly deadTokens = new Map<string, number>()
  readonly stories: string[] = []
  private made = 0

  private constructor(
    readonly url: string,
    readonly database: pg.Pool,
    readonly wire: Wire,
  ) {
    database.on('error', () => {})
  }

  static async open({
    kinds = KINDS,
    replicas = ['wired', 'direct'],
    env = () => ({}),
    connections = 2,
  }: TrialOptions = {}) {
    const url = await newDatabase()
    const wire = await Wire.open(url)
    const trial = new Trial(url, new pg.Pool({ connectionString: url, max: 3 }), wire)
    for (const [index, way] of replicas.entries()) {
      const port = String(await freePort())
      trial.environments.push({
        PORT: port,
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        DATABASE_URL: way === 'wired' ? wire.url : url,
        VALETKEY_ENCRYPTION_KEYS: encryptionKeys,
        VALETKEY_ADMIN_KEY: trial.adminKey,
        VALETKEY_ALLOW_PRIVATE_NETWORK: 'on',
        VALETKEY_DATA: path.join(trial.data, String(index)),
        VALETKEY_PLAYGROUND: 'off',
        LOG_LEVEL: 'warn',
        ...env(index),
      })
    }
    await Promise.all(trial.environments.map((_, index) => trial.start(index)))
    for (const [kind, habits] of Object.entries(kinds)) {
      const provider = await BookProvider.open(`books-${trial.providers.size}`, habits)
      trial.providers.set(kind, provider)
      await trial.must(createConnector, { definition: provider.definition() })
      const names = Array.from({ length: connections }, (_, index) => `${provider.name}-${index}`)
      const fields = [
        { key: 'client_id', value: 'app' },
        { key: 'client_secret', value: 'app-secret-of-at-least-32-characters' },
      ]
      for (const name of names)
        await trial.must(createConnection, { input: { connector: provider.name, name, fields } })
      trial.connections.set(kind, names)
    }
    // The other replicas look for new connectors every second.
    await sleep(1_500)
    return trial
  }

  /** Asks the last server. @throws what it refuses */
  async must<T, V>(document: Parameters<typeof post<T, V>>[1], variables: V): Promise<T> {
    const { data, errors } = await this.ask(document, variables, this.environments.length - 1)
    if (errors) throw new Error(errors[0]?.message)
    return data
  }

  async close() {
    this.wire.mend()
    for (const server of this.servers) server.resume()
    await Promise.all(this.servers.map((server) => server.signal('SIGKILL')))
    this.wire.close()
    await this.database.end()
    for (const provider of this.providers.values()) provider.close()
    rmSync(this.data, { recursive: true, force: true })
  }

  async start(index: number) {
    this.servers[index] = await new ServerProcess(this.environments[index] as Record<string, string>).ready()
  }

  /** Kills a server, and looks at which answers it had read. */
  async kill(index: number) {
    await this.servers[index]?.signal('SIGKILL')
    const said = this.servers[index]?.output ?? ''
    this.notes.push(...said.split('\n').filter((line) => /spool|answer|sweep|outcome/.test(line)))
    const folder = path.join(this.environments[index]?.VALETKEY_DATA as string, 'spool')
    if (!existsSync(folder)) return
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(path.join(folder, name))
      const subject = this.byId.get(name.split('.')[0] as string)
      if (!subject || bytes.length < 4 || bytes.readUInt32BE() === 0) continue
      this.providers.get(subject.kind)?.found(subject.refreshToken)
      this.notes.push(`${Date.now()} server ${index} killed with ${name}`)
    }
  }

  /** Creates accounts at each provider, with an access token that has run out. */
  async subjects(countOfEach: number, kinds = [...this.providers.keys()]): Promise<Subject[]> {
    const made: Subject[] = []
    for (const kind of kinds)
      made.push(...(await Promise.all(Array.from({ length: countOfEach }, (_, index) => this.subject(kind, index)))))
    await this.expire(made)
    return made
  }

  private async subject(kind: string, index: number): Promise<Subject> {
    const names = this.connections.get(kind) as string[]
    const connection = names[index % names.length] as string
    const identifier = `user-${++this.made}`
    const { refreshToken, accessToken } = (this.providers.get(kind) as BookProvider).grant()
    const oauth2 = { accessToken, refreshToken, expiresAt: new Date(Date.now() + 3_600_000).toISOString() }
    const { createConnectedAccount } = await this.must(importTokens, { input: { connection, identifier, oauth2 } })
    const { rows } = await this.database.query('select id from connected_account where identifier = $1', [identifier])
    if (!createConnectedAccount || !rows[0]) throw new Error('no account')
    const subject = { id: rows[0].id, kind, connection, identifier, refreshToken }
    this.byId.set(subject.id, subject)
    return subject
  }

  async expire(subjects: Subject[]) {
    await this.database.query(
      `update credential set expires_at = clock_timestamp() - interval '1 second' where account_id = any($1)`,
      [subjects.map(({ id }) => id)],
    )
  }

  /** As if a quarter of an hour had passed: refusals that were not believed yet are, and pauses end. */
  async lapse() {
    await this.database.query(
      `update refresh_lease set next_attempt_at = null, refused_at = refused_at - interval '15 minutes'
       where until is null or until < clock_timestamp()`,
    )
    await this.database.query('update connection set paused_until = null, failing = false')
  }

  ask<T, V>(document: Parameters<typeof post<T, V>>[1], variables: V, replica: number) {
    return post(this.environments[replica]?.PUBLIC_URL as string, document, variables, this.adminKey)
  }

  /** Asks for a token as an agent does; what is handed out is held against the books. */
  async token({ kind, connection, identifier, refreshToken }: Subject, replica = this.anyReplica()) {
    const began = Date.now()
    const { data } = await this.ask(readToken, { connection, identifier }, replica)
    const answer = data.connectedAccount?.token
    if (answer?.__typename === 'OAuthToken' && !this.providers.get(kind)?.worked(answer.accessToken, began)) {
      this.deadTokens.set(kind, (this.deadTokens.get(kind) ?? 0) + 1)
      this.stories.push(
        `${kind} ${identifier}: dead token from replica ${replica}, asked at ${began}\n    ${this.providers
          .get(kind)
          ?.story(refreshToken)}`,
      )
    }
    return answer
  }

  private anyReplica() {
    return Math.floor(Math.random() * this.environments.length)
  }

  /**
   * Asks again and again, while there is no server or it says that it takes a moment. An account whose grant
   * seems to be over is asked for some seconds more: an answer that comes late may revive it.
   */
  async patiently(subject: Subject, milliseconds: number) {
    let end = Date.now() + milliseconds
    let isOver = false
    for (;;) {
      const answer = await this.token(subject).catch(() => null)
      if (answer?.__typename === 'OAuthToken') return answer
      if (answer?.__typename === 'AuthorizationRequired' && !isOver) {
        isOver = true
        end = Date.now() + 12_000
      }
      if (Date.now() > end) return null
      await sleep(200 + Math.random() * 300)
    }
  }

  /** Whether the provider's books say that what the server gives works, and goes on working. */
  private async alive(subject: Subject, patience: number): Promise<boolean> {
    const provider = this.providers.get(subject.kind) as BookProvider
    const first = await this.patiently(subject, patience)
    if (first?.__typename !== 'OAuthToken' || !provider.worked(first.accessToken, Date.now())) return false
    await this.expire([subject])
    const second = await this.patiently(subject, patience)
    return (
      second?.__typename === 'OAuthToken' &&
      second.accessToken !== first.accessToken &&
      provider.worked(second.accessToken, Date.now()) &&
      provider.isGood(second.accessToken)
    )
  }

  private async isFlagged({ connection, identifier }: Subject): Promise<boolean> {
    const { data } = await this.ask(readStatus, { connection, identifier }, this.environments.length - 1)
    const { status, statusReason, lastRefresh } = data.connectedAccount ?? {}
    return (
      status === 'REAUTHORIZATION_REQUIRED' &&
      (String(statusReason).includes('refresh_outcome_lost') || Boolean(lastRefresh?.providerError))
    )
  }

  /** The oracle's word on every account. @param patience milliseconds, longer than a lease where one has to lapse */
  async verdict(subjects: Subject[], patience = 75_000): Promise<Found & { byKind: Record<string, Found> }> {
    const byKind: Record<string, Found> = {}
    for (const { kind } of subjects)
      byKind[kind] ??= { accounts: 0, lost: 0, silent: 0, needless: 0, dead: this.deadTokens.get(kind) ?? 0 }
    await Promise.all(
      subjects.map(async (subject) => {
        const found = byKind[subject.kind] as Found
        found.accounts += 1
        let isAlive = await this.alive(subject, patience)
        for (let round = 0; !isAlive && !(await this.isFlagged(subject)) && round < 3; round++) {
          await this.lapse()
          isAlive = await this.alive(subject, 15_000)
        }
        if (isAlive) return
        const provider = this.providers.get(subject.kind) as BookProvider
        const isFlagged = await this.isFlagged(subject)
        const isCertain = provider.isCertain(subject.refreshToken)
        found.lost += 1
        if (!isFlagged) found.silent += 1
        if (!isCertain) found.needless += 1
        if (!isFlagged || !isCertain) this.stories.push(await this.story(subject))
      }),
    )
    for (const [kind, found] of Object.entries(byKind)) found.dead = this.deadTokens.get(kind) ?? 0
    const sum = (of: keyof Found) => Object.values(byKind).reduce((total, found) => total + found[of], 0)
    return {
      accounts: sum('accounts'),
      lost: sum('lost'),
      silent: sum('silent'),
      needless: sum('needless'),
      dead: sum('dead'),
      byKind,
    }
  }

  private async story(subject: Subject): Promise<string> {
    const { rows } = await this.database.query(
      `select a.status, a.status_reason, a.refresh_outcome, c.version, c.parent_version, c.parent_fence, l.*,
         (select count(*) from refresh_answer r where r.account_id = a.id) as answers
       from connected_account a join credential c on c.account_id = a.id
       left join refresh_lease l on l.account_id = a.id where a.id = $1`,
      [subject.id],
    )
    const books = this.providers.get(subject.kind)?.story(subject.refreshToken)
    const notes = this.notes.filter((note) => note.includes(subject.id)).map((note) => `\n    ${note.slice(0, 400)}`)
    return `${subject.kind} ${subject.identifier}: lost\n    ${books}\n    ${JSON.stringify(rows[0])}${notes.join('')}`
  }
}

/** The numbers of a verdict, as a sentence of the table. */
export function told({ accounts, lost, silent, needless, dead, byKind }: Found & { byKind: Record<string, Found> }) {
  const where = Object.entries(byKind)
    .filter(([, found]) => found.lost > 0)
    .map(([kind, found]) => `${kind} ${found.lost}`)
  return (
    `${accounts} accounts: ${lost} lost${where.length > 0 ? ` (${where.join(', ')})` : ''}, ${needless} of them ` +
    `needlessly, ${silent} in silence, ${dead} dead tokens handed out`
  )
}
