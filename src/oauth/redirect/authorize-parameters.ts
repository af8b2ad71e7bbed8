/** Parameters of the address to which a user's browser is sent. */
import type { ScopesDefinition } from '../definition/redirect.js'
import { render, type TemplateScope } from '../template.js'

/** Sets the definition's own parameters; one that renders empty is left out. */
export function addParameters(url: URL, parameters: Record<string, string>, scope: TemplateScope) {
  for (const [name, source] of Object.entries(parameters)) {
    const value = render(source, scope)
    if (value !== '') url.searchParams.set(name, value)
  }
}

/** Scopes by the parameter that requests them: those written `param:scope` have a parameter of their own. */
export function scopeParameters(
  { param, separator, extra }: ScopesDefinition,
  scopes: readonly string[],
): Map<string, string> {
  const lists = new Map<string, string[]>([[param, []]])
  for (const scope of scopes) {
    const further = Object.keys(extra).find((name) => scope.startsWith(`${name}:`))
    const name = further ?? param
    lists.set(name, [...(lists.get(name) ?? []), further ? scope.slice(further.length + 1) : scope])
  }
  return new Map([...lists].filter(([, list]) => list.length > 0).map(([name, list]) => [name, list.join(separator)]))
}
