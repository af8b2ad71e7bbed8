/**
 * The providers that a dump's connections lead to: every kind of them, at one address, which the dump
 * holds in its definitions and, sealed, in what was discovered. It keeps no memory: what a token is
 * for can be read from it, so that one that was given while a dump was made is good in every test.
 *
 *   at.<client>.<subject>.<n>   an access token          rt.<client>.<subject>.<n>   its refresh token
 *
 * It is strict: a client that does not know its secret, a code without its PKCE verifier and a JWT that
 * the key did not sign are refused, so that an answer proves that what was sealed was opened.
 */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { importSPKI, jwtVerify } from 'jose'
import { OddProvider, type OddRequest } from '../support/odd-provider.js'

/** A loopback address that nothing else listens at: whoever listens at 127.0.0.1 is not in the way. */
const HOST = '127.83.20.6'
/** Of the server: links, redirect URIs and the playground's issuer are built from it. */
export const SERVER = { host: HOST, port: 8151, url: `http://${HOST}:8151` }
export const PROVIDER = { host: HOST, port: 8152, url: `http://${HOST}:8152` }

/** Seconds. What is sealed with a time in it must not run out while the dump is in use. */
const YEARS = 5 * 365 * 24 * 3600
const HOUR = 3600

/** Milliseconds that another run of the same test may take. */
const OTHER_RUN = 4 * 60_000

export type Mood = 'down' | 'busy' | 'refusing' | 'a stranger'
type Answer = Awaited<ReturnType<OddProvider['answers'][string]>>

/** In every character that a secret may have and that an encoding could change. */
export function secretOf(clientId: string): string {
  return `${clientId}: 50% of "this" & that = ~+/?\\<>{}`
}

/** What a token says of itself. */
export function readToken(token: string): { client: string; subject: string; n: number } {
  const [, client = '', subject = '', n = ''] = /^[ar]t\.([^.]+)\.([^.]+)\.(\d+)$/.exec(token) ?? []
  return { client, subject, n: Number(n) }
}

export class StandIn {
  /** By client id. */
  readonly moods = new Map<string, Mood>()
  /** Subjects whose grants are gone. */
  readonly gone = new Set<string>()
  private fetched = 0

  private constructor(
    private readonly provider: OddProvider,
    private readonly publicKey: string,
    /** Tells what was fetched while a dump was made from what a test fetches. */
    private readonly era: string,
  ) {}

  /** @param publicKey PEM, of the key that connections and accounts sign with (ES256) */
  static async open(publicKey: string, era: string): Promise<StandIn> {
    const standIn = new StandIn(await listening(), publicKey, era)
    standIn.answerAll()
    return standIn
  }

  close() {
    this.provider.close()
  }

  requestsTo(path: string): OddRequest[] {
    return this.provider.requestsTo(path)
  }

  /** What the token endpoints were asked with, the latest last. */
  get refreshTokens(): string[] {
    return this.provider.requests.flatMap(({ form }) =>
      form.grant_type === 'refresh_token' ? [form.refresh_token ?? ''] : [],
    )
  }

  /** Tokens that were given back. */
  get revoked(): string[] {
    return this.provider.requests.flatMap(({ path, form }) => (path.endsWith('/revoke') ? [form.token ?? ''] : []))
  }

  private on(path: string, answer: (request: OddRequest) => Answer | Promise<Answer>) {
    this.provider.answers[path] = answer
  }

  private answerAll() {
    this.codeProviders()
    this.fetchingProviders()
    this.keyProviders()
    this.oauth1Providers()
    this.mcpServers()
  }

  // ── OAuth 2.0 with a user ──

  private codeProviders() {
    this.on('/code/token', (request) => this.tokens(request, { expires_in: HOUR, site: { id: 17 } }))
    this.on('/code/sites', (request) => ifBearer(request, () => ({ body: [{ id: 'cloud-7' }] })))
    this.on('/plain/token', (request) => this.tokens(request, {}))
    this.on('/lasting/token', (request) => this.tokens(request, { expires_in: YEARS }))
    this.on('/named/token', (request) =>
      this.tokens(request, { expires_in: YEARS, scope: 'chat:write' }, (access, refresh) => ({
        authed_user: {
          access_token: `person-${access}`,
          refresh_token: `person-${refresh}`,
          expires_in: YEARS,
          scope: 'search:read',
        },
      })),
    )
    this.on('/oidc/.well-known/openid-configuration', () => ({
      body: {
        issuer: `${PROVIDER.url}/oidc`,
        authorization_endpoint: `${PROVIDER.url}/oidc/authorize`,
        token_endpoint: `${PROVIDER.url}/oidc/token`,
        userinfo_endpoint: `${PROVIDER.url}/oidc/me`,
      },
    }))
    this.on('/oidc/token', (request) => this.tokens(request, { expires_in: HOUR, scope: 'openid' }))
    for (const key of ['code', 'oidc', 'lasting'])
      this.on(`/${key}/me`, (request) =>
        ifBearer(request, (token) => {
          const { subject } = readToken(token)
          return {
            body: { id: `id-of-${subject}`, name: `${subject} – Ünïcødé`, email: `${subject}@provider.example` },
          }
        }),
      )
    for (const key of ['code', 'plain', 'lasting', 'named']) this.on(`/${key}/revoke`, () => ({ body: {} }))
  }

  /**
   * A token endpoint (RFC 6749 §4.1.3, §6).
   *
   * @param further members of the answer; what depends on the tokens is made by `beside`
   */
  private tokens(
    request: OddRequest,
    further: object,
    beside: (access: string, refresh: string) => object = () => ({}),
  ): Answer {
    const client = clientOf(request)
    const mood = this.moods.get(client.id)
    if (mood === 'down') return { status: 503, body: {} }
    if (mood === 'busy') return { status: 429, body: { error: 'slow_down' }, headers: { 'retry-after': '3600' } }
    if (mood === 'a stranger' || client.secret !== secretOf(client.id))
      return { status: 401, body: { error: 'invalid_client', error_description: 'No such app, or not its secret' } }
    const granted = mood === 'refusing' ? null : this.granted(request, client.id)
    if (!granted || this.gone.has(granted.subject))
      return { status: 400, body: { error: 'invalid_grant', error_description: 'This grant is over' } }
    const tail = `${client.id}.${granted.subject}.${granted.n}`
    return {
      body: {
        token_type: 'bearer',
        access_token: `at.${tail}`,
        refresh_token: `rt.${tail}`,
        ...further,
        ...beside(`at.${tail}`, `rt.${tail}`),
      },
    }
  }

  /** @returns null for a code or a refresh token that is none */
  private granted({ form }: OddRequest, clientId: string): { subject: string; n: number } | null {
    if (form.grant_type === 'refresh_token') {
      const { client, subject, n } = readToken(form.refresh_token ?? '')
      return client === clientId ? { subject, n: n + 1 } : null
    }
    const [subject = '', challenge] = (form.code ?? '').split('.')
    return challenge ===
      createHash('sha256')
        .update(form.code_verifier ?? '')
        .digest('base64url')
      ? { subject, n: 1 }
      : null
  }

  // ── tokens that are fetched ──

  private fetchingProviders() {
    for (const key of ['app-client', 'own-client'])
      this.on(`/${key}/acme/token`, (request) => {
        const client = clientOf(request)
        return client.secret === secretOf(client.id)
          ? { body: { access_token: this.next(key), expires_in: HOUR, scope: 'read' } }
          : { status: 401, body: { error: 'invalid_client' } }
      })
    this.on('/service-account/token', ({ form }) =>
      this.ifSigned(form.assertion ?? '', ({ sub }) => ({
        body: { access_token: this.next(`as-${sub}`), expires_in: HOUR },
      })),
    )
    this.on('/session/challenge', () => ({ body: { ticket: 'ticket-1' } }))
    this.on('/session/signin', ({ body }) => {
      const { ticket, password } = JSON.parse(body).credentials
      return ticket === 'ticket-1' && password === secretOf('ada')
        ? { body: { session: { token: this.next('session'), lasts: '20:00:00', site: 'berlin' } } }
        : { status: 404, body: { message: 'no such user' } }
    })
    this.on('/installation/person', (request) =>
      clientOf(request).secret === secretOf(clientOf(request).id)
        ? { body: { access_token: 'the-person' } }
        : { status: 401, body: { error: 'invalid_client' } },
    )
    this.on('/installation/person/installations/42', ({ headers }) => ({
      status: headers.authorization === 'Bearer the-person' ? 200 : 401,
      body: {},
    }))
    this.on('/installation/installations/42/token', ({ headers }) =>
      this.ifSigned(headers.authorization?.slice(7) ?? '', () => ({
        status: 201,
        body: { token: this.next('installed'), expires_at: new Date(Date.now() + HOUR * 1000).toISOString() },
      })),
    )
    this.on('/installation/installations/42', () => ({ body: { id: 42, account: { login: 'acme' } } }))
    this.on('/aws/sts', ({ form, headers }) => {
      if (!/^AWS4-HMAC-SHA256 Credential=AKIAOLD\//.test(headers.authorization ?? '')) return { status: 403, body: {} }
      if (form.Action === 'GetCallerIdentity') return { body: '<GetCallerIdentityResponse/>' }
      const token = this.next('aws')
      return {
        body:
          '<R><AssumeRoleResult><Credentials><AccessKeyId>ASIAOLD</AccessKeyId>' +
          `<SecretAccessKey>secret of ${token}</SecretAccessKey><SessionToken>${token}</SessionToken>` +
          '<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></R>',
      }
    })
  }

  private next(what: string): string {
    return `${what}-${this.era}-${++this.fetched}`
  }

  private async ifSigned(jwt: string, answer: (claims: Record<string, unknown>) => Answer): Promise<Answer> {
    try {
      return answer((await jwtVerify(jwt, await importSPKI(this.publicKey, 'ES256'))).payload)
    } catch {
      return { status: 401, body: { error: 'invalid_client' } }
    }
  }

  // ── what users bring along ──

  private keyProviders() {
    this.on('/keys/me', () => ({ body: { id: 'of-the-key' } }))
    this.on('/keys/signed', ({ headers }) => this.ifSigned(headers.authorization?.slice(7) ?? '', () => ({ body: {} })))
    this.on('/keys/digest', ({ headers }) =>
      /^Digest username="pub", realm="r", nonce="n"/.test(headers.authorization ?? '')
        ? { body: {} }
        : {
            status: 401,
            body: {},
            headers: { 'www-authenticate': 'Digest realm="r", qop="auth", nonce="n", algorithm=MD5' },
          },
    )
  }

  // ── OAuth 1.0a, in PLAINTEXT (RFC 5849 §3.4.4): the signature is the two secrets themselves ──

  private oauth1Providers() {
    let requested = 0
    this.on('/oauth1/request', () => ({
      body:
        `oauth_token=${this.era}-${++requested}&oauth_token_secret=${encodeURIComponent(secretOf('request'))}` +
        '&oauth_callback_confirmed=true',
    }))
    this.on('/oauth1/access', ({ headers }) =>
      isSigned(headers.authorization, secretOf('request'))
        ? { body: `oauth_token=access-1&oauth_token_secret=${encodeURIComponent(secretOf('access'))}&user_id=7` }
        : { status: 401, body: 'The signature is wrong.' },
    )
    this.on('/oauth1/me', ({ headers }) => ({
      status: isSigned(headers.authorization, secretOf('access')) ? 200 : 401,
      body: { id: 7, name: 'Ada' },
    }))
  }

  // ── MCP ──

  private mcpServers() {
    for (const key of ['mcp', 'mcp-manual']) {
      const base = `${PROVIDER.url}/${key}`
      this.on(`/${key}/mcp`, () => ({
        status: 401,
        body: {},
        headers: { 'www-authenticate': `Bearer resource_metadata="${base}/prm", scope="files:read"` },
      }))
      this.on(`/${key}/prm`, () => ({ body: { resource: `${base}/mcp`, authorization_servers: [base] } }))
      this.on(`/.well-known/oauth-authorization-server/${key}`, () => ({
        body: {
          issuer: base,
          authorization_endpoint: `${base}/authorize`,
          token_endpoint: `${base}/token`,
          revocation_endpoint: `${base}/revoke`,
          ...(key === 'mcp' ? { registration_endpoint: `${base}/register` } : {}),
          code_challenge_methods_supported: ['S256'],
          authorization_response_iss_parameter_supported: true,
        },
      }))
      this.on(`/${key}/token`, (request) => this.tokens(request, { expires_in: HOUR, scope: 'files:read' }))
      this.on(`/${key}/revoke`, () => ({ body: {} }))
    }
    this.on('/mcp/register', () => ({
      status: 201,
      body: {
        client_id: 'registered',
        client_secret: secretOf('registered'),
        token_endpoint_auth_method: 'client_secret_basic',
      },
    }))
    this.on('/mcp-bearer/mcp', ({ headers }) => ({
      status: headers.authorization === `Bearer ${secretOf('mcp')}` ? 200 : 401,
      body: {},
    }))
    this.on('/mcp-open/mcp', () => ({ body: {} }))
  }
}

function ifBearer({ headers }: OddRequest, answer: (token: string) => Answer): Answer {
  const token = headers.authorization?.replace(/^Bearer /, '') ?? ''
  return readToken(token).client ? answer(token) : { status: 401, body: {} }
}

/** Who asks, whether it says so in the header or in the body (RFC 6749 §2.3.1). */
function clientOf({ headers, form }: OddRequest): { id: string; secret: string } {
  const decoded = (value = '') => decodeURIComponent(value.replaceAll('+', ' '))
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1]
  if (!basic) return { id: form.client_id ?? '', secret: form.client_secret ?? '' }
  const [id, secret] = Buffer.from(basic, 'base64').toString().split(':')
  return { id: decoded(id), secret: decoded(secret) }
}

function isSigned(header = '', tokenSecret: string): boolean {
  const [consumer = '', signature = ''] = ['oauth_consumer_key', 'oauth_signature'].map((name) =>
    decodeURIComponent(new RegExp(`${name}="([^"]*)"`).exec(header)?.[1] ?? ''),
  )
  return signature === [secretOf(consumer), tokenSecret].map(encodeURIComponent).join('&')
}

/** Another run of this test, in another working copy, has the address until it is done. */
async function listening(): Promise<OddProvider> {
  const giveUp = Date.now() + OTHER_RUN
  for (;;) {
    try {
      return await OddProvider.open(PROVIDER)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || Date.now() > giveUp)
        throw new Error(
          `The dumps in test/upgrade lead to ${PROVIDER.url}, which cannot be listened at: ${(error as Error).message}`,
        )
      await sleep(500)
    }
  }
}
