/** A server process with a dump's database behind it, old or present, and what users and applications do at it. */
import type { CreateConnectedAccountInput, StartAuthorizationInput } from '../generated/graphql.js'
import { ServerProcess } from '../support/process.js'
import { type Visit, Visitor } from '../support/visitor.js'
import { type Answer, post } from '../support/world.js'
import {
  createAccount,
  findAccount,
  listAccounts,
  listAuditEvents,
  listConnections,
  readCredential,
  readRedirectUri,
  readViewer,
  startAuthorization,
  watchAccount,
} from './documents.js'
import { SERVER } from './stand-in.js'

type Document<T, V> = Parameters<typeof post<T, V>>[1]
export type Fields = Record<string, string>
type Item<T> = T extends Promise<(infer I)[]> ? I : never
export type ListedConnection = Item<ReturnType<Deployment['connections']>>
export type ListedAccount = Item<ReturnType<Deployment['accounts']>>
export type Credential = Awaited<ReturnType<Deployment['credential']>>
export type Viewer = Awaited<ReturnType<Deployment['viewer']>>

/** Where an application says that it waits for its users: nobody is there, and nobody goes there. */
export const APPLICATION = 'http://localhost:1'

/** Browsers say so of requests that a page of the server itself makes. */
const OWN_PAGE = { 'sec-fetch-site': 'same-origin' }

export const listed = (fields: Fields) => Object.entries(fields).map(([key, value]) => ({ key, value }))

/** What a database was filled with, and has to be served with. */
export interface Sealing {
  encryptionKeys: string
  adminKey: string
}

export class Deployment {
  private constructor(
    readonly process: ServerProcess,
    private readonly adminKey: string,
    /** The process's own folder. */
    readonly data: string,
  ) {}

  /**
   * Starts a server; the schema is its own affair.
   *
   * @param at where it listens; links and redirect URIs lead to SERVER all the same
   * @param build the folder of an old build; the present one, unless it is said
   */
  static async start(
    { encryptionKeys, adminKey }: Sealing,
    env: { DATABASE_URL: string; VALETKEY_DATA: string; VALETKEY_FAILPOINT?: string },
    at: { host: string; port: number } = SERVER,
    build?: string,
  ): Promise<Deployment> {
    const process = new ServerProcess(
      {
        ...env,
        HOST: at.host,
        PORT: String(at.port),
        PUBLIC_URL: SERVER.url,
        VALETKEY_ENCRYPTION_KEYS: encryptionKeys,
        VALETKEY_ADMIN_KEY: adminKey,
        VALETKEY_ALLOW_PRIVATE_NETWORK: 'on',
        VALETKEY_PLAYGROUND_TOKEN_SECONDS: '3600',
        TRUST_PROXY: '127.0.0.0/8',
      },
      `http://${at.host}:${at.port}`,
      build,
    )
    return new Deployment(await process.ready(), adminKey, env.VALETKEY_DATA)
  }

  async stop() {
    await this.process.signal('SIGTERM')
  }

  get url(): string {
    return this.process.url
  }

  /** What the log has at error or above. */
  get faults(): string[] {
    return this.process.output.split('\n').filter((line) => /^\{"level":[56]0,/.test(line))
  }

  ask<T, V>(document: Document<T, V>, variables?: V, key = this.adminKey): Promise<Answer<T>> {
    return post(this.url, document, variables, key)
  }

  /** The same, for what must succeed. */
  async get<T, V>(document: Document<T, V>, variables?: V, key?: string): Promise<T> {
    const { data, errors } = await this.ask(document, variables, key)
    if (errors) throw new Error(`${errors[0]?.extensions.code}: ${errors[0]?.message}`)
    return data
  }

  /** The code of the refusal, for what must be refused. */
  async refusal<T, V>(document: Document<T, V>, variables?: V, key?: string): Promise<string | undefined> {
    return (await this.ask(document, variables, key)).errors?.[0]?.extensions.code
  }

  // ── what is there ──

  connections() {
    return all(async (after) => (await this.get(listConnections, { after })).connections)
  }

  accounts() {
    return all(async (after) => (await this.get(listAccounts, { after })).connectedAccounts)
  }

  auditEvents() {
    return all(async (after) => (await this.get(listAuditEvents, { after })).auditEvents)
  }

  async account(connection: string, identifier: string) {
    const { connectedAccount } = await this.get(findAccount, { connection, identifier })
    if (!connectedAccount) throw new Error(`There is no ${identifier} on ${connection}.`)
    return connectedAccount
  }

  async credential(id: string, purpose?: string) {
    const { connectedAccount } = await this.get(readCredential, { id, purpose })
    if (!connectedAccount) throw new Error(`There is no account ${id}.`)
    return connectedAccount.token
  }

  async viewer(key?: string) {
    return (await this.get(readViewer, undefined, key)).viewer
  }

  /** Every status that an account takes on, the present one first; until `signal`. */
  async *watch(connection: string, identifier: string, signal: AbortSignal): AsyncGenerator<string> {
    const response = await fetch(`${this.url}/graphql/stream`, {
      method: 'POST',
      signal,
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${this.adminKey}`,
      },
      body: JSON.stringify({ query: watchAccount.toString(), variables: { connection, identifier } }),
    })
    let rest = ''
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      rest += Buffer.from(chunk).toString()
      const whole = rest.split('\n\n')
      rest = whole.pop() ?? ''
      for (const event of whole) {
        const data = /^event: next\ndata: (.+)$/m.exec(event)?.[1]
        if (data) yield JSON.parse(data).data.connectedAccountChanged.status
      }
    }
  }

  // ── people at the dashboard ──

  /** @returns the cookie of the session, as a browser sends it */
  async signIn(key: string): Promise<string> {
    const response = await fetch(`${this.url}/dashboard/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...OWN_PAGE },
      body: JSON.stringify({ key }),
    })
    if (response.status !== 204) throw new Error(`Nobody was signed in: ${response.status} ${await response.text()}`)
    return cookieOf(response) ?? ''
  }

  /** Who a session is; null where it has ended. `next` is the cookie that takes its place, if one does. */
  async signedIn(cookie: string): Promise<{ viewer: Viewer | null; next: string | null }> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, ...OWN_PAGE },
      body: JSON.stringify({ query: readViewer.toString() }),
    })
    const { data } = (await response.json()) as { data?: { viewer: Viewer } }
    return { viewer: data?.viewer ?? null, next: cookieOf(response) }
  }

  // ── users and their links ──

  async link(connection: string, identifier: string, more: Partial<StartAuthorizationInput> = {}): Promise<string> {
    const { startAuthorization: link } = await this.get(startAuthorization, {
      input: { connection, identifier, ...more },
    })
    return link.url as string
  }

  /** An account that brings its fields along. */
  async bring(connection: string, identifier: string, fields: Fields, more: Partial<CreateConnectedAccountInput> = {}) {
    return (await this.get(createAccount, { input: { connection, identifier, fields: listed(fields), ...more } }))
      .createConnectedAccount
  }

  /** Fills in the page of a link. @param until where the browser stops */
  async submit(
    link: string,
    fields: Fields = {},
    visitor = new Visitor(),
    until?: (url: string) => boolean,
  ): Promise<Visit> {
    const page = await visitor.open(this.here(link))
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    const form = Object.fromEntries(Object.entries(fields).map(([key, value]) => [`field.${key}`, value]))
    const visit = await visitor.open(this.here(link), { csrf, ...form }, until)
    if (until && visit.status !== 0) throw new Error(`${link} led to ${visit.status}: ${visit.text.slice(-600)}`)
    return visit
  }

  /**
   * From a link to the provider's door, and to what would bring the browser back.
   *
   * @param subject who signs in at the provider
   */
  async leave(
    connection: string,
    link: string,
    subject: string,
    { fields = {}, visitor = new Visitor(), back = {} }: { fields?: Fields; visitor?: Visitor; back?: Fields } = {},
  ): Promise<{ door: URL; callback: string; visitor: Visitor }> {
    const { url } = await this.submit(link, fields, visitor, (url) => /\/(authorize|install)\?/.test(url))
    const door = new URL(url)
    const callback = new URL((await this.get(readRedirectUri, { connection })).connection?.redirectUri as string)
    const { state, code_challenge, oauth_token } = Object.fromEntries(door.searchParams)
    const answer = oauth_token
      ? { oauth_token, oauth_verifier: subject }
      : { state, code: `${subject}.${code_challenge ?? ''}` }
    for (const [name, value] of Object.entries({ ...answer, ...back }))
      if (value) callback.searchParams.set(name, value)
    return { door, callback: callback.href, visitor }
  }

  /** Takes a user through a link, and back. @returns the page, or the address, that it ends on */
  async authorize(
    connection: string,
    identifier: string,
    more: { subject?: string; fields?: Fields; back?: Fields; link?: Partial<StartAuthorizationInput> } = {},
  ): Promise<Visit> {
    const link = await this.link(connection, identifier, more.link)
    const { callback, visitor } = await this.leave(connection, link, more.subject ?? identifier, more)
    return this.arrive(callback, visitor)
  }

  arrive(callback: string, visitor: Visitor): Promise<Visit> {
    return visitor.open(this.here(callback), undefined, (url) => url.startsWith(APPLICATION))
  }

  /** An address that leads to the deployment, at this very server. */
  here(address: string): string {
    return address.replace(SERVER.url, this.url)
  }
}

async function all<T>(
  page: (after: string | null) => Promise<{ items: T[]; endCursor?: string | null; hasNextPage: boolean }>,
): Promise<T[]> {
  const items: T[] = []
  for (let after: string | null = null; ; ) {
    const { items: more, endCursor, hasNextPage }: Awaited<ReturnType<typeof page>> = await page(after)
    items.push(...more)
    if (!hasNextPage) return items
    after = endCursor ?? null
  }
}

function cookieOf(response: Response): string | null {
  return response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] as string)[0] ?? null
}
