/**
 * Builds a connection's setup: everything that `oauth/` needs to know of it. That is the connector's method,
 * the values for templates, the OAuth client, and the redirect URI.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuthMethod } from '../connectors/auth-method.js'
import type { Catalogue } from '../connectors/catalogue.js'
import type { Connector } from '../connectors/connector.js'
import { apiOf } from '../connectors/definition.js'
import { missingFields, templateValues, type Values, withDefaults } from '../connectors/form.js'
import { ValetkeyError } from '../errors.js'
import type { ClientCard } from '../oauth/discovery/client-registration.js'
import type { DiscoveryResult } from '../oauth/discovery.js'
import type { ConnectionSetup } from '../oauth/setup.js'
import type { Vault } from '../vault/vault.js'
import type { Connection } from './connection.js'
import { ConnectionSecret } from './connection.secret.js'
import { addressFields, isRegistration, type Registered, type Registration, registrationOf } from './registration.js'

type ConnectionChoice = Pick<Connection, 'connectorKey' | 'methodId' | 'values'>

/** Combines connections with the connectors of the catalogue. */
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

  /** Whether the catalogue has the connection's connector and method: a later start may offer fewer. */
  offers(connection: Pick<Connection, 'connectorKey' | 'methodId'>): boolean {
    return this.catalogue.get(connection.connectorKey)?.method(connection.methodId) !== undefined
  }

  /** The connection's connector. @throws {ValetkeyError} CONNECTION_UNAVAILABLE where the catalogue lacks it */
  connectorOf(connection: Pick<Connection, 'connectorKey' | 'methodId'>): Connector {
    const connector = this.catalogue.get(connection.connectorKey)
    if (connector?.method(connection.methodId)) return connector
    throw new ValetkeyError(
      'CONNECTION_UNAVAILABLE',
      `This server's catalogue has no connector ${connection.connectorKey} ` +
        `with the auth method ${connection.methodId}.`,
    )
  }

  /** The connection's auth method. @throws {ValetkeyError} CONNECTION_UNAVAILABLE, as `connectorOf` */
  methodOf(connection: ConnectionChoice): AuthMethod {
    const method = this.connectorOf(connection).method(connection.methodId) as AuthMethod
    return method.fetches && connection.values.client_id !== undefined ? method.sharing() : method
  }

  /** The setup with the connection's secrets, as calls of the provider need it. @throws {SealBroken} */
  async open(em: EntityManager, connection: Connection): Promise<ConnectionSetup> {
    const { values, discovered } = await this.secretsOf(em, connection)
    return this.describe(connection, values, discovered)
  }

  /** The setup from public values and, optionally, secrets. Without them it can apply most credentials. */
  describe(
    connection: ConnectionChoice & Pick<Connection, 'id' | 'scopes'>,
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

  /** The connection's decrypted secrets and result of discovery. @throws {SealBroken} */
  async secretsOf(em: EntityManager, { uuid }: Connection) {
    const secret = await em.findOneOrFail(ConnectionSecret, { connection: uuid }, { populate: ['connection'] })
    return secret.open(this.vault)
  }

  /** The client metadata that this server presents to authorization servers for one connection. */
  clientCard(connection: Pick<Connection, 'id' | 'scopes'>): ClientCard {
    return {
      scopes: connection.scopes,
      name: this.applicationName,
      uri: this.publicUrl,
      redirectUri: this.redirectUri(connection),
      metadataUrl: this.publicUrl.startsWith('https://') ? this.metadataUrl(connection) : null,
    }
  }

  /** Address of the connection's Client ID Metadata Document, which is also its client id. */
  metadataUrl({ id }: Pick<Connection, 'id'>): string {
    return `${this.publicUrl}/oauth/client/${id}`
  }

  /** The redirect URI of a connection. */
  redirectUri({ id }: Pick<Connection, 'id'>): string {
    return `${this.publicUrl}/oauth/callback/${id}`
  }

  /** The registration of grants that the connection gets now: see registration.ts. */
  registration(connection: Registered): Registration {
    return registrationOf(this.catalogue.get(connection.connectorKey), connection)
  }

  /** Whether a grant with this registration was given to the connection as it is now. */
  isRegistered(connection: Registered, registration: Registration): boolean {
    return isRegistration(registration, this.registration(connection))
  }

  /**
   * Whether what the connection's accounts unlock is fetched with the connection's own secrets alone: it belongs to
   * no user, and is fetched again where the connection has changed.
   */
  fetchesForItself(connection: ConnectionChoice): boolean {
    const method = this.methodOf(connection)
    return method.fetches && !method.accountFields.some(({ secret }) => secret)
  }

  /** Whether an account's public form values decide otherwise than before where something of it is sent. */
  isElsewhere(connection: ConnectionChoice, before: Values, after: Values): boolean {
    const keys = addressFields(this.connectorOf(connection), 'account')
    const read = (values: Values) => {
      const all = withDefaults(this.methodOf(connection).accountFields, values)
      return JSON.stringify([...keys].map((key) => all[key] ?? null))
    }
    return read(before) !== read(after)
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

/** The developer's client where one was entered, else the dynamically registered one. */
function clientOf(
  entered: { id: string; secret: string },
  discovered: DiscoveryResult | null,
  isMcp: boolean,
): ConnectionSetup['client'] {
  if (entered.id === '' && discovered?.client) return discovered.client
  return isMcp && entered.secret !== '' ? { ...entered, auth: 'basic' } : entered
}
