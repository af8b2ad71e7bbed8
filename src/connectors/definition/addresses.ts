/** Checks the addresses in a definition. */
import { isTemplate, writtenOrigin } from '../../oauth/template.js'
import type { ConnectorDefinition, MethodDefinition } from '../definition.js'
import type { Fault } from './error.js'
import { stringsIn } from './strings.js'

/** Every address in a definition, with its dotted path. */
export function addressesIn(definition: ConnectorDefinition): { path: string; value: string }[] {
  return stringsIn({ api: definition.api, auth: definition.auth }, '')
    .filter(({ path }) => isAddress(path))
    .map(({ path, value }) => ({ path: path.slice(1), value }))
}

function isAddress(path: string): boolean {
  return /(^|\.)(url|baseUrl|serverUrl|stsUrl|discovery)$/.test(path)
}

/**
 * Faults of addresses whose host has a placeholder although the connector has no trustHosts: a form value could
 * direct a secret to any host.
 */
export function untrustedHosts(definition: ConnectorDefinition, method: MethodDefinition, path: string): Fault[] {
  if (definition.trustHosts.length > 0) return []
  return stringsIn(method, path).flatMap(({ path, value }) =>
    isAddress(path) &&
    value.includes('{') &&
    !/^\{(server|discovered)\./.test(value) &&
    isTemplate(value) &&
    writtenOrigin(value) === null
      ? [{ path, reason: 'has a hole in its host, and the connector has no trustHosts' }]
      : [],
  )
}

/** How an address begins: with a scheme, two slashes and a host, or with a hole. */
const BEGINNING = /^(\{|https?:\/\/[A-Za-z0-9[{])/

/**
 * Faults of addresses that are not https, or that have a user name or a fragment, or are written so that they mean
 * another host than they seem to. Private addresses are refused later, by the egress rules.
 *
 * @param http whether plain http is allowed
 */
export function badAddresses(definition: ConnectorDefinition, http: boolean): Fault[] {
  return addressesIn(definition).flatMap(({ path, value }) => {
    const plain = value.replaceAll(/\{[^}]*\}/g, 'x')
    if (!BEGINNING.test(value) || (!http && value.startsWith('http:')))
      return [{ path, reason: 'begins with https:// and a host, or with a hole that gives a whole address' }]
    if (/[\\\s\p{Cc}]/u.test(plain)) return [{ path, reason: 'is not an address: it has a backslash or a blank in it' }]
    const authority = /^https?:\/\/([^/?#]*)/.exec(value)?.[1] ?? ''
    if (authority.includes('@')) return [{ path, reason: 'has a user name in it; credentials go into fields' }]
    if (value.includes('#') && !path.endsWith('.authorize.url'))
      return [{ path, reason: 'has a fragment, which is never sent' }]
    return value.startsWith('{') || URL.canParse(plain) ? [] : [{ path, reason: 'is not an address' }]
  })
}
