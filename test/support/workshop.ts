/** Custom connectors, created over the API, with a provider that answers as it is told. */

import { graphql } from '../generated/gql.js'
import { createConnection, importTokens, startAuthorization } from './documents.js'
import { OddProvider } from './odd-provider.js'
import { Visitor } from './visitor.js'
import { createWorld, type World } from './world.js'

export const createConnector = graphql(`
  mutation CreateConnector($definition: JSONObject!) {
    createConnector(definition: $definition) {
      key
      origin
      iconUrl
      status
      endsOn
      source
      authMethods {
        id
        type
        name
        refreshable
        verifiable
        status
        endsOn
        connectionFields { key kind required secret helpUrl }
        accountFields { key kind required secret }
        scopes { value required default description }
      }
    }
  }
`)

export const readCredential = graphql(`
  query ReadAnyCredential($connection: ID!, $identifier: String!, $minValidity: Int) {
    connectedAccount(connection: $connection, identifier: $identifier) {
      id
      status
      statusReason
      grantedScopes
      missingScopes
      tokenExpiresAt
      reauthorizationDueAt
      providerIdentity { subject name email tenant }
      token(minValidity: $minValidity) {
        __typename
        ... on Credential {
          headers { name value }
          queryParams { name value }
          bodyParams { name value }
          apiBaseUrl
          expiresAt
        }
        ... on OAuthToken {
          accessToken
          tokenType
          scopes
          namedTokens { name accessToken }
        }
        ... on ApiKeyCredential { apiKey }
        ... on BasicCredential { username password }
        ... on CustomCredential {
          values { key value }
        }
        ... on KeyPairCredential { keyId privateKey }
        ... on AwsCredential { accessKeyId secretAccessKey sessionToken region }
        ... on AuthorizationRequired { status reason }
        ... on ConnectionUnavailable { connectionStatus: status reason }
        ... on ProviderUnavailable { reason retryAfter }
      }
    }
  }
`)

type Fields = Record<string, string>
const listed = (fields: Fields) => Object.entries(fields).map(([key, value]) => ({ key, value }))

export class Workshop {
  private made = 0

  private constructor(
    readonly world: World,
    readonly provider: OddProvider,
  ) {}

  static async open(
    env: Record<string, string> = {},
    shipped: (key: string) => boolean = (key) => key === 'playground',
  ): Promise<Workshop> {
    const provider = await OddProvider.open()
    return new Workshop(await createWorld({ shipped, env: { VALETKEY_ALLOW_PRIVATE_NETWORK: 'on', ...env } }), provider)
  }

  async close() {
    await this.world.close()
    this.provider.close()
  }

  /** An address of the provider; each connector has a path of its own. */
  at(key: string, path: string): string {
    return `${this.provider.url}/${key}${path}`
  }

  /** A new connector with one method, made by createConnector. @returns its key */
  async connector(
    method: (url: (path: string) => string) => Record<string, unknown>,
    frame: Record<string, unknown> = {},
  ): Promise<string> {
    const key = `made-${++this.made}`
    const definition = {
      schema: 1,
      key,
      name: key,
      categories: ['testing'],
      ...frame,
      auth: [{ id: 'main', ...method((path) => this.at(key, path)) }],
    }
    await this.world.get(createConnector, { definition })
    return key
  }

  /** Sets what the provider answers under a connector's path. */
  answer(key: string, path: string, answer: OddProvider['answers'][string]) {
    this.provider.answers[`/${key}${path}`] = answer
  }

  requestsTo(key: string, path: string) {
    return this.provider.requestsTo(`/${key}${path}`)
  }

  async connection(key: string, fields: Fields = { client_id: 'the-client', client_secret: 'the-client-secret' }) {
    return (
      await this.world.get(createConnection, {
        input: { connector: key, name: `${key}-${++this.made}`, fields: listed(fields) },
      })
    ).createConnection
  }

  /** Creates an account with these fields. */
  async account(connection: string, fields: Fields, identifier = 'ada') {
    return (await this.world.get(importTokens, { input: { connection, identifier, fields: listed(fields) } }))
      .createConnectedAccount
  }

  /** The answer of createConnectedAccount, refusals included. */
  tryAccount(connection: string, fields: Fields, identifier = 'ada') {
    return this.world.ask(importTokens, { input: { connection, identifier, fields: listed(fields) } })
  }

  /**
   * Takes a user through a link: to the provider, and back with the parameters that `bring` gives.
   *
   * @returns where the browser was sent, and the page that it ended on
   */
  async authorize(
    connection: string,
    bring: (address: URL) => Record<string, string>,
    fields: Fields = {},
    identifier = 'ada',
  ) {
    const { startAuthorization: link } = await this.world.get(startAuthorization, {
      input: { connection, identifier, fields: listed(fields) },
    })
    const visitor = new Visitor()
    const door = new URL(await visitor.start(link.url as string, (url) => url.startsWith(this.provider.url)))
    const back = new URL((await this.connectionOf(connection)).redirectUri)
    for (const [name, value] of Object.entries(bring(door))) back.searchParams.set(name, value)
    return { door, page: await visitor.open(back.href) }
  }

  async credential(
    connection: string,
    { identifier = 'ada', minValidity }: { identifier?: string; minValidity?: number } = {},
  ) {
    return (await this.world.get(readCredential, { connection, identifier, minValidity })).connectedAccount
  }

  /** Makes the stored token look as if it ran out. */
  async expire(identifier = 'ada') {
    await this.world.pool.query(
      `update credential set expires_at = now() - interval '1 second', obtained_at = now() - interval '1 hour'
       from connected_account a where a.id = account_id and a.identifier = $1`,
      [identifier],
    )
  }

  async connectionOf(connection: string): Promise<{ redirectUri: string }> {
    return (await this.world.get(readRedirect, { connection })).connection as { redirectUri: string }
  }
}

const readRedirect = graphql(`
  query ReadRedirect($connection: ID!) {
    connection(connection: $connection) { redirectUri }
  }
`)
