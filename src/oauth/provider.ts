/**
 * The provider's side: redirects users, exchanges codes, keys and refresh tokens for tokens, verifies and
 * revokes. It has no access to accounts or to the database; all differences between providers are in their
 * definitions (definition.ts).
 *
 *   redirect.ts         redirects users to the provider, and handles their return
 *   fetch.ts            tokens without a user
 *   refresh-tokens.ts   refreshes tokens
 *   discovery.ts        reads a server's metadata, and registers a client there
 *   calls.ts            sends requests: token-endpoint/ and api/ build them and read the answers
 *   setup.ts            the values of a connection that all of these need
 *   template.ts         text with values, from which a definition builds addresses and parameters
 */
import { clock } from '../clock.js'
import type { Egress } from '../egress/egress.js'
import type { EgressAnswer } from '../egress/exchange.js'
import { type Applied, appliedTo, digestUser, oauth1Keys } from './api/apply.js'
import { type Identity, identityOf } from './api/identity.js'
import { type Found, lookedUp } from './api/lookups.js'
import { type RevocationOutcome, revokeGrant } from './api/revocation.js'
import { type Verification, verifyCredential } from './api/verification.js'
import { Calls } from './calls.js'
import type { SignedJwtMethod } from './definition/other-methods.js'
import { fetches, type Method } from './definition.js'
import { type ClientCard, isForgotten } from './discovery/client-registration.js'
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

/** Every operation at a provider. Messages of its failures contain no secrets. */
export class Provider {
  private readonly calls: Calls

  constructor(egress: Egress) {
    this.calls = new Calls(egress)
  }

  /**
   * Prepares the redirect of a user's browser.
   *
   * @param account the `account` of the templates
   * @throws {TokenFailure} where the provider has to be called first (RFC 5849), and fails
   */
  depart(setup: RedirectSetup, scopes: readonly string[], account: Record<string, unknown>): Promise<Departure> {
    return depart(this.calls, setup, scopes, account)
  }

  /** Exchanges the code of a callback for tokens. @throws {TokenFailure} */
  async arrive(setup: RedirectSetup, arrival: Arrival): Promise<TokenSet> {
    return this.complete(setup, await arrive(this.calls, setup, arrival), arrival.account)
  }

  /** Fetches tokens without a user. @throws {TokenFailure} */
  async fetch(setup: ConnectionSetup, account: Record<string, unknown>): Promise<TokenSet> {
    if (!fetches(setup.method)) throw new Error('This method fetches nothing.')
    const tokens = await fetchTokens(this.calls, setup as Parameters<typeof fetchTokens>[1], account)
    return this.complete(setup, tokens, account)
  }

  /** Reads a server's metadata and registers a client where needed. @throws {TokenFailure} */
  discover(method: Method, setup: ConnectionSetup, card: ClientCard, former: string | null): Promise<DiscoveryResult> {
    return discover(this.calls, method, setup, card, former)
  }

  /** Whether the server has forgotten the client that it registered for a connection: its page is looked at. */
  async hasForgotten(setup: RedirectSetup): Promise<boolean> {
    const { address } = await this.depart(setup, setup.scopes, {})
    return isForgotten(this.calls, address)
  }

  /**
   * Refreshes tokens: with the refresh token (RFC 6749 §6), with the access token where the definition demands
   * that, or by fetching them again. The result's refresh token is null where the answer has none: then the
   * old one stays valid. With a refresh token this sends exactly one request, because its answer has to be
   * stored before the next call; `expiryByIntrospection` is therefore a separate method.
   *
   * @param keep called with the answer before it is parsed
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

  /** Reads the tokens from an answer that `keep` has stored. @throws {TokenFailure} */
  readStoredAnswer(setup: ConnectionSetup, answer: EgressAnswer, sentAt: Date): TokenSet {
    return rereadTokens(this.calls, setup, answer, sentAt)
  }

  /**
   * Reads the values to store as `account.*`, after connecting.
   *
   * @param wanted the tenant to take where a grant opens several; null where nobody has said
   * @throws {TokenFailure}
   */
  accountValues(
    setup: ConnectionSetup,
    tokens: StoredTokens,
    account: Record<string, unknown>,
    wanted: string | null,
  ): Promise<Found> {
    return lookedUp(this.calls, setup, tokens, account, wanted)
  }

  /** Reads whose account it is; null where the definition has no request for it. @throws {TokenFailure} */
  identity(
    setup: ConnectionSetup,
    tokens: StoredTokens,
    account: Record<string, unknown>,
    chosen: string | null,
  ): Promise<Identity | null> {
    return identityOf(this.calls, setup, tokens, account, chosen)
  }

  /**
   * Verifies a credential with the definition's request for this.
   *
   * @throws {TokenFailure} `grant` for an invalid credential, with the provider's reason; another type
   *   where the provider gave no verdict
   */
  verify(setup: ConnectionSetup, tokens: StoredTokens, account: Record<string, unknown>): Promise<Verification> {
    return verifyCredential(this.calls, setup, tokens, account)
  }

  /** Revokes the grant at the provider, where the definition has a request for it. Failures are returned. */
  revoke(setup: ConnectionSetup, tokens: StoredTokens, account: Record<string, unknown>): Promise<RevocationOutcome> {
    return revokeGrant(this.calls, setup, tokens, account)
  }

  /** Headers, parameters and base address of this account's calls. */
  apply(setup: ConnectionSetup, tokens: StoredTokens, account: Record<string, unknown>, jwt?: string): Applied {
    return appliedTo(setup, tokens, account, jwt)
  }

  /** Signs a token with an account's private key. @returns the token and the key @throws {ValetkeyError} */
  async signedToken(
    setup: ConnectionSetup<SignedJwtMethod>,
    account: Record<string, unknown>,
  ): Promise<{ jwt: string; expiresAt: Date; keyId: string | null; privateKey: string }> {
    const { jwt: definition } = setup.method
    const scope = scopeOf(setup, account)
    return {
      ...(await makeJwt(definition, scope, clock.seconds())),
      keyId: render(definition.header.kid ?? '', scope) || null,
      privateKey: render(definition.key, scope),
    }
  }

  /** The AWS keys that sign an account's calls. @throws {ValetkeyError} CONFLICT for another auth type */
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

  /** The keys of RFC 5849 that sign an account's calls. */
  oauth1Keys(setup: ConnectionSetup, tokens: StoredTokens): OAuth1Keys {
    return oauth1Keys(setup, tokens)
  }

  /** Reads the expiry by introspection; null where the definition has none, or the call fails. */
  expiryByIntrospection(
    setup: ConnectionSetup,
    tokens: StoredTokens,
    account: Record<string, unknown>,
  ): Promise<Date | null> {
    return expiryByIntrospection(this.calls, setup, tokens, account)
  }

  /** Adds the expiry from introspection, and converts scopes to the names by which they were requested. */
  private async complete(
    setup: ConnectionSetup,
    tokens: TokenSet,
    account: Record<string, unknown>,
  ): Promise<TokenSet> {
    const expiresAt = await expiryByIntrospection(this.calls, setup, tokens, account)
    return withRequestedNames({ ...tokens, ...(expiresAt ? { expiresAt } : {}) }, setup.method)
  }
}
