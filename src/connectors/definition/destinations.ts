/**
 * Where the addresses of a definition lead. An address is written down in parts: its own text, the defaults of form
 * fields, the values of environments, and what a provider's answer is read for. Each of them can move it.
 */
import { isTemplate, templateNames } from '../../oauth/template.js'
import type { ConnectorDefinition, FieldDefinition, MethodDefinition } from '../definition.js'
import { addressesIn } from './addresses.js'
import type { Fault } from './error.js'
import { stringsIn } from './strings.js'

/** The names that a template reads, with the form of the field that holds the OAuth client. */
export function addressNames(address: string): string[] {
  return templateNames(address).flatMap((name) =>
    name.startsWith('app.') ? [name.replace('app.', 'connection.'), name.replace('app.', 'account.')] : name,
  )
}

/** The key of the form field that a name reads, also where it reads a part of a JSON field. */
export function fieldKey(name: string, form: 'connection' | 'account'): string | null {
  const [namespace, key] = name.split('.')
  return namespace === form && key !== undefined ? key : null
}

/**
 * All that the definition itself says about where it sends. What a field takes (its pattern, options, prefix) is no
 * part of it: that decides about values which are entered later, and each of these is a change of its own.
 */
export function destinations(definition: ConnectorDefinition): unknown {
  const { trustHosts, environments = {} } = definition
  const addresses = addressesIn(definition).map(({ path, value }) => [
    path,
    value,
    sourcesOf(definition, definition.auth, addressNames(value)),
  ])
  return [addresses, trustHosts.toSorted(), environments]
}

/**
 * Compares where two definitions send the secrets of connections: scheme, host and port, whatever their path.
 *
 * @param methods ids of the auth methods that connections use
 * @returns the path in `next` of an address that leads elsewhere than the same one of `before`; of one that is new,
 *   where the method has sent nothing there before; null where there is none
 */
export function movedAddress(
  before: ConnectorDefinition,
  next: ConnectorDefinition,
  methods: ReadonlySet<string>,
): string | null {
  const former = leads(before, methods)
  const moved = leads(next, methods).find(({ of, name, lead }) => {
    const same = former.find((one) => one.of.id === of.id && one.name === name)
    if (same) return same.lead !== lead
    return !former.some(
      (one) => one.of.id === of.id && one.lead === lead && (getsSecrets(one) || !getsSecrets({ of, name })),
    )
  })
  return moved?.path ?? null
}

/** Faults of addresses whose host is a secret: whoever changes it is not seen to move what is sent there. */
export function secretHosts(definition: ConnectorDefinition, method: MethodDefinition, path: string): Fault[] {
  const index = definition.auth.indexOf(method)
  const isSecret = (name: string) =>
    /^(connection|account)\.client_secret$/.test(name) ||
    (['connection', 'account'] as const).some((form) =>
      method[`${form}Fields`].some(({ key, kind, secret }) => {
        return key === fieldKey(name, form) && (secret ?? (kind === 'secret' || kind === 'pem'))
      }),
    )
  return addressesIn(definition)
    .filter((address) => address.path.startsWith('api.') || address.path.startsWith(`auth.${index}.`))
    .flatMap(({ path: at, value }) => {
      // Faults of templates are reported where names are checked.
      const secret = isTemplate(value) ? addressNames(headOf(value)).find(isSecret) : undefined
      const reason = `has a secret (${secret}) in its host; a field that is part of a host is not secret`
      return secret === undefined ? [] : [{ path: at.startsWith('api.') ? at : at.replace(/^auth\.\d+/, path), reason }]
    })
}

interface Lead {
  of: MethodDefinition
  /** The path within the method, or that of the connector's API. */
  name: string
  /** The path in the definition. */
  path: string
  /** Equal for two addresses that lead to one origin. */
  lead: string
}

/** A browser is sent without secrets, and the API gets what was handed out: of a static method, all that there is. */
function getsSecrets({ of, name }: Pick<Lead, 'of' | 'name'>): boolean {
  return of.type === 'static' || !(name === 'authorize.url' || name.endsWith('api.baseUrl'))
}

function leads(definition: ConnectorDefinition, methods: ReadonlySet<string>): Lead[] {
  const used = definition.auth.filter(({ id }) => methods.has(id))
  return addressesIn(definition).flatMap(({ path, value }) => {
    const [, index, name = path] = /^auth\.(\d+)\.(.*)$/.exec(path) ?? []
    const head = headOf(value)
    // The connector's API is that of each of its methods.
    return used
      .filter((method) => index === undefined || method === definition.auth[Number(index)])
      .map((of) => ({ of, name, path, lead: JSON.stringify([head, sourcesOf(definition, [of], addressNames(head))]) }))
  })
}

/**
 * The part of an address that names its origin. Where that is not plain to see, because a value or something
 * unusual stands at its start, it is all of the address.
 */
function headOf(address: string): string {
  if (!address.includes('{') && URL.canParse(address)) return new URL(address).origin
  return /^https?:\/\/(?:\{(?=[A-Za-z'])(?:[^{}']|'[^']*')*\}|[^/\\?#{])+(?=[/?#]|$)/.exec(address)?.[0] ?? address
}

/** What the definition gives for names in an address. */
function sourcesOf(
  { environments = {} }: ConnectorDefinition,
  methods: MethodDefinition[],
  names: string[],
): unknown[] {
  return [...new Set(names)].toSorted().flatMap((name): unknown[] => {
    const [namespace, key = ''] = name.split('.')
    if (namespace === 'env')
      return [
        Object.entries(environments)
          .map(([environment, values]) => [environment, values[key] ?? null])
          .toSorted(),
      ]
    const form = namespace === 'connection' || namespace === 'account' ? namespace : null
    return methods.map((method) => [
      method.id,
      form && method[`${form}Fields`].filter((field) => field.key === key).map(given),
      stringsIn(method, '').filter(({ path }) => path.endsWith(`.pick.${key}`) || path.endsWith(`.capture.${key}`)),
    ])
  })
}

function given({ kind, default: value }: FieldDefinition) {
  return [kind, value ?? null]
}
