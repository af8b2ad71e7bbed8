/** Turns what is stored into a credential that goes onto requests, as its connector says. */
import type { EntityManager } from '@mikro-orm/postgresql'
import type { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Connection } from '../connections/connection.js'
import type { Setups } from '../connections/setups.js'
import { templateValues } from '../connectors/form.js'
import type { StoredCredential, StoredCredentials } from '../credentials/stored-credential.js'
import type { OAuth1Method, SignedJwtMethod, StaticMethod } from '../oauth/definition/other-methods.js'
import type { Provider } from '../oauth/provider.js'
import type { ConnectionSetup } from '../oauth/setup.js'
import type { StoredTokens } from '../oauth/token-endpoint/token-set.js'
import type { Credential, NamedToken, Usable } from './access.js'

/** What a credential is made of: the stored tokens, and what templates see as the account. */
interface Material {
  setup: ConnectionSetup
  tokens: StoredTokens
  account: Record<string, unknown>
  usable: Usable
}

export class CredentialMaker {
  constructor(
    private readonly credentials: StoredCredentials,
    private readonly setups: Setups,
    private readonly provider: Provider,
  ) {}

  async make(
    em: EntityManager,
    stored: StoredCredential,
    account: ConnectedAccount,
    connection: Connection,
  ): Promise<Credential> {
    const access = this.credentials.open(stored)
    const method = this.setups.methodOf(connection)
    // Most credentials are put together without the connection's secrets, and then those stay sealed.
    const setup = method.readsSecrets ? await this.setups.open(em, connection) : this.setups.describe(connection)
    const fields = templateValues(method.accountFields, { ...account.values, ...access.fields })
    const values = { ...fields, ...access.found }
    const tokens = {
      accessToken: access.accessToken,
      refreshToken: null,
      named: access.named,
      captured: access.captured,
    }
    const expiresAt = stored.expires_at === null ? null : new Date(stored.expires_at)
    const usable = { ...this.provider.apply(setup, tokens, values), expiresAt }
    const material: Material = { setup, tokens, account: values, usable }
    const token = {
      ...usable,
      type: 'OAuthToken' as const,
      accessToken: access.accessToken,
      tokenType: access.tokenType,
      scopes: stored.granted,
      namedTokens: [],
    }
    const { runs } = method
    switch (runs.type) {
      case 'oauth2':
      case 'token_exchange':
      case 'app_installation':
        return { ...token, namedTokens: namedTokens(access.named) }
      case 'oauth1':
        return runs.apply.sign === undefined ? token : this.oauth1(material, runs)
      case 'signed_jwt':
        return this.signedJwt(material)
      case 'aws': {
        const { sessionToken = null, ...keys } = this.provider.awsKeys(setup, tokens, values)
        return { ...usable, type: 'AwsCredential', ...keys, sessionToken }
      }
      case 'none':
        return { ...usable, type: 'NoCredential' }
      case 'static':
        return this.entered(material, runs, access.fields, fields)
    }
  }

  /** For the agent to sign with: the names of RFC 5849 §3.1. */
  private oauth1({ setup, tokens, usable }: Material, { signature }: OAuth1Method): Credential {
    const keys = this.provider.oauth1Keys(setup, tokens)
    return {
      ...usable,
      type: 'CustomCredential',
      values: [
        { key: 'oauth_consumer_key', value: keys.consumerKey },
        { key: 'oauth_consumer_secret', value: keys.consumerSecret },
        { key: 'oauth_token', value: keys.token ?? '' },
        { key: 'oauth_token_secret', value: keys.tokenSecret ?? '' },
        { key: 'oauth_signature_method', value: signature },
      ],
    }
  }

  private async signedJwt({ setup, tokens, account }: Material): Promise<Credential> {
    const signed = await this.provider.signedToken(setup as ConnectionSetup<SignedJwtMethod>, account)
    const applied = this.provider.apply(setup, tokens, account, signed.jwt)
    const { keyId, privateKey, expiresAt } = signed
    return { ...applied, expiresAt, type: 'KeyPairCredential', keyId, privateKey }
  }

  /**
   * What the user entered.
   *
   * @param secrets the secret fields of the account form, in its order
   * @param fields all of them, as templates see them
   */
  private entered(
    { setup, account, usable }: Material,
    { preset }: StaticMethod,
    secrets: Record<string, string>,
    fields: Record<string, unknown>,
  ): Credential {
    const key = Object.values(secrets)[0] ?? ''
    switch (preset) {
      case 'bearer':
        return { ...usable, type: 'OAuthToken', accessToken: key, tokenType: 'Bearer', scopes: [], namedTokens: [] }
      case 'api_key':
        return { ...usable, type: 'ApiKeyCredential', apiKey: key }
      case 'basic': {
        const [username, password] = this.provider.digestUser(setup, account) ?? basicOf(usable)
        return { ...usable, type: 'BasicCredential', username, password }
      }
      case 'custom': {
        const values = Object.entries(fields).map(([key, value]) => ({
          key,
          value: typeof value === 'string' ? value : JSON.stringify(value),
        }))
        return { ...usable, type: 'CustomCredential', values }
      }
    }
  }
}

function namedTokens(named: StoredTokens['named']): NamedToken[] {
  return Object.entries(named).map(([name, { access, expiresAt }]) => ({
    name,
    accessToken: access,
    expiresAt: expiresAt && new Date(expiresAt),
  }))
}

/** User name and password as the connector puts them together: RFC 7617 §2, split at the first colon. */
function basicOf({ headers }: Usable): [string, string] {
  const header = headers.find(({ name, value }) => name.toLowerCase() === 'authorization' && value.startsWith('Basic '))
  const decoded = Buffer.from(header?.value.slice(6) ?? '', 'base64').toString()
  const [, username = '', password = ''] = /^([^:]*):([\s\S]*)$/.exec(decoded) ?? []
  return [username, password]
}
