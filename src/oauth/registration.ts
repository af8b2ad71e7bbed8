import { randomBytes, randomUUID } from 'node:crypto'
import { type ApiDefinition, type ExecutableMethod, fetches, type RedirectMethod, redirects } from './definition.js'
import type { TemplateScope } from './template.js'
import type { OAuthClient, TokenSet } from './token-request.js'

/** One connection's view of its provider: the definition and what its templates are filled from. */
export interface Registration<M extends ExecutableMethod = ExecutableMethod> {
  method: M
  api: ApiDefinition
  client: OAuthClient
  /** Exactly what is registered with the provider. */
  redirectUri: string
  /** Globs of hosts that a templated address may have. */
  trustHosts: readonly string[]
  /** What the connection asks for, where nobody chooses anything else. */
  scopes: readonly string[]
  /** `connection`, `env`, `server` and `discovered` of the templates. */
  scope: TemplateScope
}

export type RedirectRegistration = Registration<RedirectMethod>

export function sendsUsers(registration: Registration): registration is RedirectRegistration {
  return redirects(registration.method)
}

/** The part of a token set that later calls need. */
export type StoredTokens = Pick<TokenSet, 'accessToken' | 'refreshToken' | 'named' | 'captured'>

/** Where nothing is fetched: the credential is in the account's fields. */
export const NO_TOKENS: StoredTokens = { accessToken: '', refreshToken: null, named: {}, captured: {} }

/** The client that speaks for an account: its own where the account form asks for one, else the connection's. */
export function clientOf(
  { method, client }: Registration,
  account: Record<string, unknown>,
): OAuthClient & { own: boolean } {
  if (!fetches(method) || !account.client_id) return { ...client, own: false }
  return { id: String(account.client_id), secret: String(account.client_secret ?? ''), own: true }
}

/** What the templates of a call see. */
export function scopeOf(
  registration: Registration,
  account: Record<string, unknown>,
  tokens: StoredTokens = NO_TOKENS,
  more: TemplateScope = {},
): TemplateScope {
  const client = clientOf(registration, account)
  return {
    ...registration.scope,
    app: { client_id: client.id, client_secret: client.secret },
    account,
    token: { ...tokens.captured, ...tokens.named, access: tokens.accessToken, refresh: tokens.refreshToken },
    now: () => Math.floor(Date.now() / 1000),
    uuid: () => randomUUID(),
    nonce: () => randomBytes(16).toString('hex'),
    ...more,
  }
}
