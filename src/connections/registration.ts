/**
 * The registration of a grant: the app that it was given to, and all that decides where its secrets are sent. It is
 * stored with the grant as a digest. A grant whose registration is not the connection's any more is paused: nothing
 * of it is sent or handed out until the connection is changed back, or the user consents to the new one.
 */
import { createHash } from 'node:crypto'
import { type Connector, ConnectorOrigin } from '../connectors/connector.js'
import { addressesIn } from '../connectors/definition/addresses.js'
import { addressNames, destinations, fieldKey } from '../connectors/definition/destinations.js'
import type { Connection } from './connection.js'

/** Said of an account whose grant has another registration. */
export const MOVED =
  "The connection's app or address changed, and this grant belongs to the old one: " +
  'change it back, or have the user authorize again.'

/** What a registration is made of. */
export type Registered = Pick<Connection, 'connectorKey' | 'methodId' | 'values' | 'authority'>

/** Digests (SHA-256, base64url), as they are stored with a grant. */
export interface Registration {
  /** Of the connector, the method and the public values of the connection's form. */
  app: string
  /**
   * Of all that a custom connector's definition says about where it sends, and of the authority that discovery found;
   * null where there is neither, and for grants of earlier versions.
   */
  destinations: string | null
}

/** The registration of grants that the connection gets now. */
export function registrationOf(connector: Connector | undefined, connection: Registered): Registration {
  const values = Object.entries(connection.values).sort(([a], [b]) => (a < b ? -1 : 1))
  const defined = connector?.origin === ConnectorOrigin.CUSTOM ? destinationsOf(connector) : null
  const { authority } = connection
  return {
    app: digest([connection.connectorKey, connection.methodId, values]),
    destinations: authority === null ? defined : digest([defined, authority]),
  }
}

/** Whether a stored registration is this one. */
export function isRegistration(stored: Registration, now: Registration): boolean {
  return stored.app === now.app && (stored.destinations === null || stored.destinations === now.destinations)
}

/** The keys of the fields of a form that decide where something is sent. */
export function addressFields(connector: Connector, form: 'connection' | 'account'): Set<string> {
  const names = addressesIn(connector.definition).flatMap(({ value }) => addressNames(value))
  return new Set(
    names.flatMap((name) => {
      if (form === 'connection' && name.startsWith('env.')) return 'environment'
      return fieldKey(name, form) ?? []
    }),
  )
}

const known = new WeakMap<Connector, string>()

/** Definitions that this server ships are trusted to move an address; those that are made over the API are not. */
function destinationsOf(connector: Connector): string {
  const before = known.get(connector)
  if (before !== undefined) return before
  const all = digest(destinations(connector.definition))
  known.set(connector, all)
  return all
}

/** Of what was digested lately: every token query asks for its connection's. */
const digests = new Map<string, string>()
const MOST_DIGESTS = 1_000

function digest(value: unknown): string {
  const text = JSON.stringify(value)
  const known = digests.get(text)
  if (known !== undefined) return known
  const made = createHash('sha256').update(text).digest('base64url')
  if (digests.size >= MOST_DIGESTS) digests.clear()
  digests.set(text, made)
  return made
}
