/** Checks that the scopes which the server's own calls need are among those that every connection asks for. */
import type { ExecutableMethod } from '../../oauth/definition.js'
import { lacking, ownCalls } from '../../oauth/needs.js'
import type { Fault } from './error.js'

/** Faults of calls that do not say what they need, and of calls that need what a connection may not ask for. */
export function unmetNeeds(method: ExecutableMethod, path: string): Fault[] {
  const scopes = 'scopes' in method ? method.scopes : undefined
  const always = [...(scopes?.required ?? []), ...(scopes?.offline ?? [])]
  const usual = [...always, ...(scopes?.default ?? [])]
  const isScoped = usual.length + (scopes?.known.length ?? 0) + Object.keys(scopes?.extra ?? {}).length > 0
  return ownCalls(method).flatMap(({ path: at, needs }): Fault[] => {
    if (needs === undefined)
      return isScoped
        ? [{ path: `${path}.${at}.needs`, reason: 'is missing: the scopes that this call needs, or none' }]
        : []
    return lacking(needs, always).flatMap((oneOf): Fault[] => {
      // Who replaces the preselected one of several is told where none of them is left: `checkedScopes`.
      if (oneOf.length > 1 && lacking([oneOf], usual).length === 0) return []
      const reason =
        oneOf.length > 1
          ? `lists ${oneOf.join(', ')}, and none of them is among the required or the default scopes`
          : `lists ${oneOf[0]}, which is not among the required scopes: a connection may leave out any other`
      return [{ path: `${path}.${at}.needs`, reason }]
    })
  })
}
