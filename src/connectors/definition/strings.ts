/** Every string inside a JSON value, with the dotted path to it. */
export function stringsIn(value: unknown, path: string): { path: string; value: string }[] {
  if (typeof value === 'string') return [{ path, value }]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, item]) => stringsIn(item, `${path}.${key}`))
}
