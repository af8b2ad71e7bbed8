/**
 * A real `oidc-provider` that rotates refresh tokens, which knows what is true: it is strict (a token
 * that is used twice ends the grant), or takes a used one again for a while. Grants are created without
 * a browser, answers can be late or get lost, and what happened is counted.
 */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { type Adapter, type AdapterPayload, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import { freePort } from '../support/world.js'

/**
 * How a refresh goes: it is served, fails before the provider looks at it, or is carried out while its answer is lost.
 */
export type Fate = 'served' | 'unavailable' | 'throttled' | 'page' | 'cut'

/** Keeps everything, unlike the default adapter of oidc-provider. */
class Kept implements Adapter {
  private static readonly rows = new Map<string, AdapterPayload>()
  constructor(private readonly model: string) {}
  private at = (id: string) => `${this.model}:${id}`
  async upsert(id: string, payload: AdapterPayload) {
    Kept.rows.set(this.at(id), payload)
  }
  async find(id: string) {
    return Kept.rows.get(this.at(id))
  }
  async findByUid() {
    return undefined
  }
  async findByUserCode() {
    return undefined
  }
  async consume(id: string) {
    const row = Kept.rows.get(this.at(id))
    if (row) row.consumed = Math.floor(Date.now() / 1000)
  }
  async destroy(id: string) {
    Kept.rows.delete(this.at(id))
  }
  async revokeByGrantId(grantId: string) {
    for (const [key, row] of Kept.rows) if (key.startsWith(this.model) && row.grantId === grantId) Kept.rows.delete(key)
  }
}

export class OracleProvider {
  /** Milliseconds until a refresh is answered. */
  delay = 0
  fate: () => Fate = () => 'served'
  private held: Promise<void> | null = null
  /** Called when the provider has decided, before it answers. */
  decided: () => void | Promise<void> = () => {}
  renewed = 0
  revoked = 0
  underWay = 0
  mostUnderWay = 0
  /** Refresh tokens whose refresh was carried out while its answer was cut off: their accounts may be lost. */
  readonly cut = new Set<string>()

  private constructor(
    readonly issuer: string,
    private readonly provider: Provider,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  /** @param grace seconds for which a used refresh token is taken again; 0 is strict */
  static async open(grace: number): Promise<OracleProvider> {
    const port = await freePort()
    const issuer = `http://127.0.0.1:${port}`
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const provider = new Provider(issuer, {
      adapter: Kept,
      clients: [
        {
          client_id: 'app',
          client_secret: 'app-secret-of-at-least-32-characters',
          redirect_uris: ['https://app.example/callback'],
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          id_token_signed_response_alg: 'ES256',
        },
      ],
      jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'ES256' } as JWK as never] },
      cookies: { keys: ['a key of a test'] },
      enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
      scopes: ['openid', 'offline_access'],
      findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
      rotateRefreshToken: true,
      ttl: { AccessToken: 3600, RefreshToken: 86_400, Grant: 86_400, IdToken: 3600, Interaction: 600, Session: 600 },
      features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
    })
    const server = createServer()
    const oracle = new OracleProvider(issuer, provider, server)
    provider.on('grant.success', () => {
      oracle.renewed += 1
    })
    provider.on('grant.revoked', () => {
      oracle.revoked += 1
    })
    if (grace > 0) {
      const find = provider.RefreshToken.find
      provider.RefreshToken.find = async function (
        this: typeof provider.RefreshToken,
        ...given: Parameters<typeof find>
      ) {
        const token = await find.apply(this, given)
        if (token && Math.floor(Date.now() / 1000) - Number((token as { consumed?: unknown }).consumed ?? 0) < grace)
          (token as { consumed?: unknown }).consumed = undefined
        return token
      } as typeof find
    }
    provider.use((context, next) => oracle.serve(context as KoaContextWithOIDC, next))
    server.on('request', provider.callback())
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return oracle
  }

  private async serve(context: KoaContextWithOIDC, next: () => Promise<unknown>) {
    if (context.path !== '/token') return next()
    this.underWay += 1
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay)
    try {
      const fate = this.fate()
      if (fate === 'unavailable' || fate === 'throttled') {
        context.status = fate === 'throttled' ? 429 : 503
        if (fate === 'throttled') context.set('retry-after', '1')
        context.body = {}
        return
      }
      if (fate === 'page') {
        context.type = 'html'
        context.body = '<!doctype html><title>Hold on</title>'
        return
      }
      await next()
      await this.decided()
      if (this.delay > 0) await sleep(this.delay)
      await this.held
      if (fate === 'cut') {
        this.cut.add(String(context.oidc.params?.refresh_token))
        context.req.socket.destroy()
      }
    } finally {
      this.underWay -= 1
    }
  }

  /** Creates a grant, as if a user had consented in a browser. */
  async grant(): Promise<{ accountId: string; refreshToken: string }> {
    const accountId = randomUUID()
    const { Grant, RefreshToken, Client } = this.provider
    const grant = new Grant({ accountId, clientId: 'app' })
    grant.addOIDCScope('openid offline_access')
    const grantId = await grant.save()
    const client = await Client.find('app')
    const token = new RefreshToken({
      accountId,
      client: client as never,
      grantId,
      gty: 'authorization_code',
      scope: 'openid offline_access',
    } as never)
    return { accountId, refreshToken: await token.save() }
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

  /** Refuses every grant, as in an outage. @returns a function that ends this */
  forget(): { remember(): void } {
    const find = this.provider.RefreshToken.find
    this.provider.RefreshToken.find = (async () => undefined) as typeof find
    return {
      remember: () => {
        this.provider.RefreshToken.find = find
      },
    }
  }

  /** Uses a refresh token without the server. @returns the provider's answer */
  async redeem(refreshToken: string): Promise<unknown> {
    const answer = await fetch(`${this.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('app:app-secret-of-at-least-32-characters')}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    })
    return answer.json()
  }

  async takes(accessToken: string): Promise<boolean> {
    return (await fetch(`${this.issuer}/me`, { headers: { authorization: `Bearer ${accessToken}` } })).status === 200
  }

  close() {
    this.server.closeAllConnections()
    this.server.close()
  }
}
