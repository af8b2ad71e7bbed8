/**
 * The provider's side: where to send the user, and the calls that turn a consent, a key or an old token
 * into a working credential, and that end a grant. It knows no accounts and no database; everything
 * special about a provider is in its definition (definition.ts).
 *
 *   redirect.ts         sending users to the provider and taking them back
 *   fetch.ts            tokens without a user
 *   refresh-tokens.ts   newer tokens for old ones
 *   discovery.ts        what a server publishes about itself, and becoming its client
 *   calls.ts            the calls themselves: token-endpoint/ and api/ build them and read the answers
 *   setup.ts            a connection as all of these see it
 *   template.ts         text with values, from which a definition builds addresses and parameters
 */
import type { Egress } from '../egress/egress.js'
import type { EgressAnswer } from '../egress/exchange.js'
import { type Applied, appliedTo, digestUser, oauth1Keys } from './api/apply.js'
import { accountValues, type Identity, identityOf } from './api/identity.js'
import { type RevocationOutcome, revokeGrant } from './api/revocation.js'
import { type Verification, verifyCredential } from './api/verification.js'
import { Calls } from './calls.js'
import type { SignedJwtMethod } from './definition/other-methods.js'
import { fetches, type Method } from './definition.js'
import type { ClientCard } from './discovery/client-registration.js'
import { type DiscoveryResult, discover } from './discovery.js'
import { fetchTokens } from './fetch.js'
import type { Arrival, Departure } from './redirect/departure.js'
import { arrive, depart } from './redirect.js'
import { refreshTokens, rereadTokens, withRequestedNames } from './refresh-tokens.js'
import { type ConnectionSetup, type RedirectSetup, scopeOf } from './setup.js'
import { type AwsKeys, awsKeys } from './signing/aws.js'
import { makeJwt } from './signing/jwt.js'
import type { OAuth1Keys } from './signing/oauth1.js'
import { render } from './template.js'
import { expiryByIntrospection } from './token-endpoint/introspection.js'
import type { StoredTokens, TokenSet } from './token-endpoint/token-set.js'

export class Provider {
  private readonly calls: Calls

  constructor(egress: Egress) {
    this.calls = new Calls(egress)
  }

  /**
   * Where the user's browser goes.
   *
   * @param account the `account` of the templates
   * @throws {TokenFailure} where the provider must be asked first, and refuses or does not answer
   */
  depart(setup: RedirectSetup, scopes: readonly string[], account: Record<string, unknown>): Promise<Departure> {
    return depart(this.calls, setup, scopes, account)
  }

  /** Exchanges what the browser brought back for tokens. @throws {TokenFailure} */
  async arrive(setup: RedirectSetup, arrival: Arrival): Promise<TokenSet> {
    return this.complete(setup, await arrive(this.calls, setup, arrival), arrival.account)
  }

  /** Tokens without a user. @throws {TokenFailure} */
  async fetch(setup: ConnectionSetup, account: Record<string, unknown>): Promise<TokenSet> {
    if (!fetches(setup.method)) throw new Error('This method fetches nothing.')
    const tokens = await fetchTokens(this.calls, setup as Parameters<typeof fetchTokens>[1], account)
    return this.complete(setup, tokens, account)
  }

  /** What a server publishes about itself, and the client that Valetkey became there. @throws {TokenFailure} */
  discover(method: Method, setup: ConnectionSetup, card: ClientCard): Promise<DiscoveryResult> {
    return discover(this.calls, method, setup, card)
  }

  /**
   * Newer tokens: by the refresh token (RFC 6749 §6), by the access token where the definition says
   * so, or fetched again. The refresh token is null where the answer has none: then the old one stays
   * valid. Where a refresh token is used up this sends one request and no more, because the answer has
   * to be stored before anything else is asked; hence `expiryByIntrospection` is a call of its own.
   *
   * @param keep receives the answer before anything in it is read
   * @throws {TokenFailure}
   */
  refresh(
    setup: ConnectionSetup,
    stored: StoredTokens,
    scopes: readonly string[],
    account: Record<string, unknown>,
    keep?: (answer: EgressAnswer, sentAt: Date) => void,
  ): Promise<TokenSet> {
    return refreshTokens(this.calls, setup, stored, scopes, account, keep)
  }

  /** The tokens of a refresh whose answer was stored by `keep`. @throws {TokenFailure} */
  readStoredAnswer(setup: ConnectionSetup, answer: EgressAnswer, sentAt: Date): TokenSet {
    return rereadTokens(this.calls, setup, answer, sentAt)
  }

  /** Values to store as `account.*`, asked of the provider after connecting. @throws {TokenFailure} */
  accountValues(
    setup: ConnectionSetup,
    tokens: StoredTokens,
    account: Record<string, unknown>,
  ): Promise<Record<string, unknown>> {
    return accountValues(this.calls, setup, tokens, account)
  }

  /** Whose account it is; null where the definition has no request for it. @throws {TokenFailure} */
  identity(setup: ConnectionSetup, tokens: StoredTokens, account: Record<string, unknown>): Promise<Identity | null> {
    return identityOf(this.calls, setup, tokens, account)
  }

  /**
   * Tries a credential with the cheapest call that the definition has.
   *
   * @throws {TokenFailure} `grant` for an invalid credential, with the provider's reason; another kind
   *   where the provider gave no verdict
   */
  verify(setup: ConnectionSetup, tokens: StoredTokens, account: Record<string, unknown>): Promise<Verification> {
    return verifyCredential(this.calls, setup, tokens, account)
  }

  /** Ends the grant at the provider, where the definition has a request for it. */
  revoke(setup: ConnectionSetup, tokens: StoredTokens, account: Record<string, unknown>): Promise<RevocationOutcome> {
    return revokeGrant(this.calls, setup, tokens, account)
  }

  /** Headers, parameters and base address with which this account's calls go out. */
  apply(setup: ConnectionSetup, tokens: StoredTokens, account: Record<string, unknown>, jwt?: string): Applied {
    return appliedTo(setup, tokens, account, jwt)
  }

  /** The token that an account's private key signs, and the key. */
  async signedToken(
    setup: ConnectionSetup<SignedJwtMethod>,
    account: Record<string, unknown>,
  ): Promise<{ jwt: string; expiresAt: Date; keyId: string | null; privateKey: string }> {
    const { jwt: definition } = setup.method
    const scope = scopeOf(setup, account)
    return {
      ...(await makeJwt(definition, scope, Date.now() / 1000)),
      keyId: render(definition.header.kid ?? '', scope) || null,
      privateKey: render(definition.key, scope),
    }
  }

  awsKeys(
    setup: ConnectionSetup,
    tokens: StoredTokens,
    account: Record<string, unknown>,
  ): AwsKeys & { region: string | null } {
    const { method } = setup
    const scope = scopeOf(setup, account, tokens)
    return {
      ...awsKeys(setup, tokens, scope),
      region: (method.type === 'aws' && method.region && render(method.region, scope)) || null,
    }
  }

  /** User name and password of an account that answers Digest challenges; null for all others. */
  digestUser(setup: ConnectionSetup, account: Record<string, unknown>): [string, string] | null {
    return digestUser(setup, account)
  }

  oauth1Keys(setup: ConnectionSetup, tokens: StoredTokens): OAuth1Keys {
    return oauth1Keys(setup, tokens)
  }

  /** When the tokens expire, by introspection; null where the definition has none, or the provider no answer. */
  expiryByIntrospection(
    setup: ConnectionSetup,
    tokens: StoredTokens,
    account: Record<string, unknown>,
  ): Promise<Date | null> {
    return expiryByIntrospection(this.calls, setup, tokens, account)
  }

  /** New tokens, with the expiry from introspection, and the scopes under the names by which they were requested. */
  private async complete(
    setup: ConnectionSetup,
    tokens: TokenSet,
    account: Record<string, unknown>,
  ): Promise<TokenSet> {
    const expiresAt = await expiryByIntrospection(this.calls, setup, tokens, account)
    return withRequestedNames({ ...tokens, ...(expiresAt ? { expiresAt } : {}) }, setup.method)
  }
}
