/**
 * A connection as `oauth/` needs it: which connector and method it is of, what its templates are filled
 * from, which client speaks for it, and where its provider sends users back to.
 */
import { createHash } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuthMethod } from '../connectors/auth-method.js'
import type { Catalogue } from '../connectors/catalogue.js'
import type { Connector } from '../connectors/connector.js'
import { apiOf } from '../connectors/definition.js'
import { missingFields, templateValues } from '../connectors/form.js'
import { ValetkeyError } from '../errors.js'
import type { ClientCard } from '../oauth/discovery/client-registration.js'
import type { DiscoveryResult } from '../oauth/discovery.js'
import type { ConnectionSetup } from '../oauth/setup.js'
import type { Vault } from '../vault/vault.js'
import type { Connection } from './connection.js'
import { ConnectionSecret } from './connection.secret.js'

type Chosen = Pick<Connection, 'connectorKey' | 'methodId' | 'values'>

export class Setups {
  /**
   * @param publicUrl address of this server, without a slash at its end
   * @param applicationName as providers and their users see it
   */
  constructor(
    private readonly catalogue: Catalogue,
    private readonly vault: Vault,
    readonly publicUrl: string,
    private readonly applicationName: string,
  ) {}

  /** Whether this server's catalogue still has the connection's connector: it may have been started with fewer. */
  offers(connection: Pick<Connection, 'connectorKey' | 'methodId'>): boolean {
    return this.catalogue.get(connection.connectorKey)?.method(connection.methodId) !== undefined
  }

  /** @throws {ValetkeyError} CONNECTION_UNAVAILABLE where this server no longer offers the connection's connector */
  connectorOf(connection: Pick<Connection, 'connectorKey' | 'methodId'>): Connector {
    const connector = this.catalogue.get(connection.connectorKey)
    if (connector?.method(connection.methodId)) return connector
    throw new ValetkeyError(
      'CONNECTION_UNAVAILABLE',
      `This server's catalogue has no connector ${connection.connectorKey} with the auth method ${connection.methodId}.`,
    )
  }

  /** @throws {ValetkeyError} CONNECTION_UNAVAILABLE, as `connectorOf` */
  methodOf(connection: Chosen): AuthMethod {
    const method = this.connectorOf(connection).method(connection.methodId) as AuthMethod
    return method.fetches && connection.values.client_id !== undefined ? method.sharing() : method
  }

  /** With the connection's secrets: enough for every call. */
  async open(em: EntityManager, connection: Connection): Promise<ConnectionSetup> {
    const { values, discovered } = await this.secretsOf(em, connection)
    return this.describe(connection, values, discovered)
  }

  /** Without secrets, unless they are given: enough to apply most credentials. */
  describe(
    connection: Chosen & Pick<Connection, 'id' | 'scopes'>,
    secrets: Record<string, string> = {},
    discovered: DiscoveryResult | null = null,
  ): ConnectionSetup {
    const connector = this.connectorOf(connection)
    const { definition, connectionFields, runs } = this.methodOf(connection)
    const values = templateValues(connectionFields, { ...connection.values, ...secrets })
    const entered = { id: String(values.client_id ?? ''), secret: String(values.client_secret ?? '') }
    const redirectUri = this.redirectUri(connection)
    return {
      method: runs,
      api: apiOf(connector.definition, definition),
      client: clientOf(entered, discovered, definition.type === 'mcp'),
      redirectUri,
      trustHosts: connector.definition.trustHosts,
      scopes: connection.scopes.length > 0 ? connection.scopes : (discovered?.scopes ?? []),
      scope: {
        connection: { ...values, scopes: connection.scopes },
        env: connector.definition.environments?.[String(values.environment ?? '')] ?? {},
        server: {
          public_url: this.publicUrl,
          callback_url: redirectUri,
          callback_host: new URL(this.publicUrl).host,
          name: this.applicationName,
        },
        discovered: discovered?.values ?? {},
      },
    }
  }

  /** The connection's sealed half, opened. */
  async secretsOf(em: EntityManager, { uuid }: Connection) {
    const secret = await em.findOneOrFail(ConnectionSecret, { connection: uuid }, { populate: ['connection'] })
    return secret.open(this.vault)
  }

  /** How this server presents itself to authorization servers, for one connection. */
  clientCard(connection: Pick<Connection, 'id'>): ClientCard {
    return {
      name: this.applicationName,
      uri: this.publicUrl,
      redirectUri: this.redirectUri(connection),
      metadataUrl: this.publicUrl.startsWith('https://') ? this.metadataUrl(connection) : null,
    }
  }

  /** The address of the client ID metadata document of a connection, which is its client id too. */
  metadataUrl({ id }: Pick<Connection, 'id'>): string {
    return `${this.publicUrl}/oauth/client/${id}`
  }

  redirectUri({ id }: Pick<Connection, 'id'>): string {
    return `${this.publicUrl}/oauth/callback/${id}`
  }

  /** What a refresh token is tied to: it is not sent on behalf of another app, or to another address. */
  fingerprint(connection: Chosen): string {
    const values = Object.entries(connection.values).sort(([a], [b]) => (a < b ? -1 : 1))
    return createHash('sha256')
      .update(JSON.stringify([connection.connectorKey, connection.methodId, values]))
      .digest('base64url')
  }

  /** Labels of the required fields of the connection form that are still empty. */
  missing(connection: Connection): string[] {
    return missingFields(
      this.methodOf(connection).connectionFields,
      (key) => connection.isSet(key),
      (key) => connection.values[key],
    ).map(({ label }) => label)
  }
}

/** The developer's client where one was entered, else the one that was registered with the server. */
function clientOf(
  entered: { id: string; secret: string },
  discovered: DiscoveryResult | null,
  isMcp: boolean,
): ConnectionSetup['client'] {
  if (entered.id === '' && discovered?.client) return discovered.client
  return isMcp && entered.secret !== '' ? { ...entered, auth: 'basic' } : entered
}
