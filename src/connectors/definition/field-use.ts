import type { ExecutableMethod } from '../../oauth/definition.js'
import { isTemplate, plainNames, userNames } from '../../oauth/template.js'
import type { MethodDefinition } from '../definition.js'
import type { FieldUse } from '../form.js'
import { stringsIn } from './strings.js'

/** What a method's requests make of a form's field. */
export function fieldUse(
  definition: MethodDefinition,
  runs: ExecutableMethod,
  form: 'connection' | 'account',
  key: string,
): FieldUse {
  const name = `${form}.${key}`
  const { connectionFields: _connection, accountFields: _account, ...method } = definition
  const templates = stringsIn({ method, runs }, '').filter(({ value }) => value.includes(name) && isTemplate(value))
  const isKey = runs.type === 'static' && (runs.preset === 'api_key' || runs.preset === 'bearer')
  const isClient = key === 'client_id' || key === 'client_secret'
  return {
    isAscii:
      isKey ||
      isClient ||
      templates.some(
        ({ path, value }) => /\.(headers\.[^.]+|username)$/.test(path) && plainNames(value).includes(name),
      ),
    isUserName: templates.some(({ value }) => userNames(value).includes(name)),
  }
}
