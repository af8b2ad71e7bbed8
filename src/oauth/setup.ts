import { randomBytes, randomUUID } from 'node:crypto'
import { clock } from '../clock.js'
import type { ApiDefinition } from './definition/api-call.js'
import { type ExecutableMethod, fetches, type RedirectMethod, redirects } from './definition.js'
import type { TemplateScope } from './template.js'
import type { OAuthClient } from './token-endpoint/token-request.js'
import { NO_TOKENS, type StoredTokens } from './token-endpoint/token-set.js'

/** The values of a connection that calls of its provider need: the definition, and the values for its templates. */
export interface ConnectionSetup<M extends ExecutableMethod = ExecutableMethod> {
  method: M
  api: ApiDefinition
  client: OAuthClient
  /** Exactly as the developer registered it with the provider. */
  redirectUri: string
  /** Globs of hosts that a templated address may have. */
  trustHosts: readonly string[]
  /** The scopes to request by default. */
  scopes: readonly string[]
  /** `connection`, `env`, `server` and `discovered` of the templates. */
  scope: TemplateScope
}

/** The setup of a connection that redirects its users. */
export type RedirectSetup = ConnectionSetup<RedirectMethod>

/** Whether the connection redirects its users to the provider. */
export function sendsUsers(setup: ConnectionSetup): setup is RedirectSetup {
  return redirects(setup.method)
}

/** The OAuth client of an account: its own if the account form has one, otherwise the connection's. */
export function clientOf(
  { method, client }: ConnectionSetup,
  account: Record<string, unknown>,
): OAuthClient & { own: boolean } {
  if (!fetches(method) || !account.client_id) return { ...client, own: false }
  return { id: String(account.client_id), secret: String(account.client_secret ?? ''), own: true }
}

/** The values that the templates of a call can read. */
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
    now: () => Math.floor(clock.seconds()),
    uuid: () => randomUUID(),
    nonce: () => randomBytes(16).toString('hex'),
    ...more,
  }
}
