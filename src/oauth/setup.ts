import { randomBytes, randomUUID } from 'node:crypto'
import type { ApiDefinition } from './definition/api-call.js'
import { type ExecutableMethod, fetches, type RedirectMethod, redirects } from './definition.js'
import type { TemplateScope } from './template.js'
import type { OAuthClient } from './token-endpoint/token-request.js'
import { NO_TOKENS, type StoredTokens } from './token-endpoint/token-set.js'

/** A connection as the provider's side sees it: the definition, and the values that fill its templates. */
export interface ConnectionSetup<M extends ExecutableMethod = ExecutableMethod> {
  method: M
  api: ApiDefinition
  client: OAuthClient
  /** Exactly as the developer entered it at the provider. */
  redirectUri: string
  /** Globs of hosts that a templated address may have. */
  trustHosts: readonly string[]
  /** The scopes to request when nobody chooses others. */
  scopes: readonly string[]
  /** `connection`, `env`, `server` and `discovered` of the templates. */
  scope: TemplateScope
}

export type RedirectSetup = ConnectionSetup<RedirectMethod>

export function sendsUsers(setup: ConnectionSetup): setup is RedirectSetup {
  return redirects(setup.method)
}

/** The client that authenticates for an account: its own if the account form asked for one, else the connection's. */
export function clientOf(
  { method, client }: ConnectionSetup,
  account: Record<string, unknown>,
): OAuthClient & { own: boolean } {
  if (!fetches(method) || !account.client_id) return { ...client, own: false }
  return { id: String(account.client_id), secret: String(account.client_secret ?? ''), own: true }
}

/** The values that a call's templates can read. */
export function scopeOf(
  setup: ConnectionSetup,
  account: Record<string, unknown>,
  tokens: StoredTokens = NO_TOKENS,
  more: TemplateScope = {},
): TemplateScope {
  const client = clientOf(setup, account)
  return {
    ...setup.scope,
    app: { client_id: client.id, client_secret: client.secret },
    account,
    token: { ...tokens.captured, ...tokens.named, access: tokens.accessToken, refresh: tokens.refreshToken },
    now: () => Math.floor(Date.now() / 1000),
    uuid: () => randomUUID(),
    nonce: () => randomBytes(16).toString('hex'),
    ...more,
  }
}
