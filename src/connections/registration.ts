/**
 * The registration of a grant: the app that it was given to, and all that decides where its secrets are sent. It is
 * stored with the grant as a digest. A grant whose registration is not the connection's any more is paused: nothing
 * of it is sent or handed out until the connection is changed back, or the user consents to the new one.
 */
import { createHash } from 'node:crypto'
import { type Connector, ConnectorOrigin } from '../connectors/connector.js'
import { addressesIn } from '../connectors/definition/addresses.js'
import { templateNames } from '../oauth/template.js'
import type { Connection } from './connection.js'

/** Said of an account whose grant has another registration. */
export const MOVED =
  "The connection's app or address changed, and this grant belongs to the old one: " +
  'change it back, or have the user authorize again.'

/** What a registration is made of. */
export type Registered = Pick<Connection, 'connectorKey' | 'methodId' | 'values'>

/** SHA-256 of the connection's connector and method, its public form values, and where a custom definition sends. */
export function registrationOf(connector: Connector | undefined, connection: Registered): string {
  return digest(connection, connector?.origin === ConnectorOrigin.CUSTOM ? destinationsOf(connector) : null)
}

/**
 * The same as an earlier version stored it, which knew nothing of definitions: it still counts, and is replaced at the
 * account's next refresh.
 */
export function formerRegistrationOf(connection: Registered): string {
  return digest(connection, null)
}

/** The fields of the connection form that decide where something is sent. */
export function addressFields(connector: Connector): Set<string> {
  const names = addressesIn(connector.definition).flatMap(({ value }) => templateNames(value))
  return new Set(
    names.flatMap((name) => {
      if (name.startsWith('connection.')) return name.slice('connection.'.length)
      return name.startsWith('env.') ? 'environment' : []
    }),
  )
}

const destinations = new WeakMap<Connector, string>()

function digest({ connectorKey, methodId, values }: Registered, destinations: unknown): string {
  const sorted = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([connectorKey, methodId, sorted, ...(destinations === null ? [] : [destinations])]))
    .digest('base64url')
}

/** Definitions that this server ships are trusted to move an address; those that are made over the API are not. */
function destinationsOf(connector: Connector): string {
  const known = destinations.get(connector)
  if (known !== undefined) return known
  const { trustHosts, environments = {}, ...definition } = connector.definition
  const addresses = addressesIn({ trustHosts, ...definition }).map(({ path, value }) => `${path} ${value}`)
  const all = JSON.stringify([addresses.sort(), trustHosts.toSorted(), environments])
  destinations.set(connector, all)
  return all
}
