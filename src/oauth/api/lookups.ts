/** Reads further values after connecting: the requests of `afterConnect`, which may have to choose one of several. */
import { at, holds, valuesAt } from '../answer/answer-body.js'
import { plain } from '../answer/provider-text.js'
import type { Calls } from '../calls.js'
import type { ChoiceDefinition } from '../definition/choice.js'
import type { ConnectionSetup } from '../setup.js'
import { TokenFailure } from '../token-endpoint/token-failure.js'
import type { StoredTokens } from '../token-endpoint/token-set.js'

/** One of several tenants that a grant opens, such as a site or an organisation. */
export interface Tenant {
  id: string
  /** For people. */
  label: string
}

/** Several tenants, of which somebody has to choose one. */
export interface Choice {
  /** What people call one of them. */
  what: string
  tenants: Tenant[]
}

/** What the lookups came to. */
export interface Found {
  values: Record<string, unknown>
  /** Id of the tenant that was taken; null where the definition chooses none. */
  tenant: string | null
  /** Where somebody has to choose first: then the values are those of before. */
  choice: Choice | null
}

/** Characters. */
const LONGEST_ID = 300
const LONGEST_LABEL = 120

/**
 * The values of the lookups, each of which sees the earlier ones' values.
 *
 * @param wanted id of the tenant to take; null where it is open
 * @throws {TokenFailure} where a lookup fails, or where there is no tenant, or not the wanted one
 */
export async function lookedUp(
  calls: Calls,
  setup: ConnectionSetup,
  tokens: StoredTokens,
  account: Record<string, unknown>,
  wanted: string | null,
): Promise<Found> {
  const values: Record<string, unknown> = {}
  let tenant: string | null = null
  for (const definition of setup.method.afterConnect) {
    const body = await calls.request(definition, setup, tokens, { ...account, ...values })
    let source = body
    if (definition.choose) {
      const candidates = candidatesIn(body, definition.choose)
      const taken = theOne(candidates, definition.choose, wanted)
      if (!taken) {
        const tenants = candidates.map(({ id, label }) => ({ id, label }))
        return { values, tenant, choice: { what: definition.choose.what, tenants } }
      }
      tenant = taken.id
      source = taken.item
    }
    Object.assign(values, valuesAt(source, definition.pick))
  }
  return { values, tenant, choice: null }
}

/** The items that may be chosen, each once. One without an id is none. */
function candidatesIn(body: unknown, { from, where, id, label }: ChoiceDefinition): (Tenant & { item: unknown })[] {
  const list = at(body, from)
  const found = new Map<string, Tenant & { item: unknown }>()
  for (const item of Array.isArray(list) ? list : []) {
    const key = said(at(item, id), LONGEST_ID)
    if (key === '' || found.has(key) || (where && !holds(where, item))) continue
    found.set(key, { id: key, label: (label && said(at(item, label), LONGEST_LABEL)) || key, item })
  }
  return [...found.values()]
}

function said(value: unknown, longest: number): string {
  return typeof value === 'string' || typeof value === 'number' ? plain(String(value), longest) : ''
}

/** @returns undefined where there are several, and none is wanted @throws {TokenFailure} */
function theOne<T extends Tenant>(candidates: T[], { what }: ChoiceDefinition, wanted: string | null): T | undefined {
  if (candidates.length === 0)
    throw new TokenFailure(
      'rejected',
      `There is no ${what} that this grant opens: the one who signs in needs one, and has to share it there.`,
      'no_tenant',
    )
  if (wanted === null) return candidates.length === 1 ? candidates[0] : undefined
  const taken = candidates.find(({ id }) => id === wanted)
  if (taken) return taken
  throw new TokenFailure(
    'rejected',
    `The ${what} that this is for is not among those that the grant opens. Sign in as somebody who can use it, and ` +
      'share it there.',
    'tenant_missing',
  )
}
