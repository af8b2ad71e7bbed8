/** The addresses in a definition, and where they must not lead. */
import type { ConnectorDefinition, MethodDefinition } from '../definition.js'
import type { Fault } from './error.js'
import { stringsIn } from './strings.js'

/** Every address in a definition, with the path to it. */
export function addressesIn(definition: ConnectorDefinition): { path: string; value: string }[] {
  return stringsIn({ api: definition.api, auth: definition.auth }, '')
    .filter(({ path }) => isAddress(path))
    .map(({ path, value }) => ({ path: path.slice(1), value }))
}

function isAddress(path: string): boolean {
  return /(^|\.)(url|baseUrl|serverUrl|stsUrl|discovery)$/.test(path)
}

/** Where a value can change the host, trustHosts must limit it, or a secret could be sent anywhere. */
export function untrustedHosts(definition: ConnectorDefinition, method: MethodDefinition, path: string): Fault[] {
  if (definition.trustHosts.length > 0) return []
  return stringsIn(method, path).flatMap(({ path, value }) =>
    /^(https?:\/\/[^/?#]*\{|\{(?!server\.|discovered\.))/.test(value) && isAddress(path)
      ? [{ path, reason: 'has a hole in its host, and the connector has no trustHosts' }]
      : [],
  )
}

/**
 * Addresses are https, without a user name or a fragment. Whether an address is private is for the
 * egress rules to decide.
 *
 * @param http whether plain http is allowed
 */
export function badAddresses(definition: ConnectorDefinition, http: boolean): Fault[] {
  return addressesIn(definition).flatMap(({ path, value }) => {
    if (!http && value.startsWith('http://'))
      return [{ path, reason: 'begins with https:// or with a hole that gives a whole address' }]
    const authority = /^https?:\/\/([^/?#]*)/.exec(value)?.[1] ?? ''
    if (authority.includes('@')) return [{ path, reason: 'has a user name in it; credentials go into fields' }]
    if (value.includes('#') && !path.endsWith('.authorize.url'))
      return [{ path, reason: 'has a fragment, which is never sent' }]
    const plain = value.replaceAll(/\{[^}]*\}/g, 'x')
    return value.startsWith('{') || URL.canParse(plain) ? [] : [{ path, reason: 'is not an address' }]
  })
}
