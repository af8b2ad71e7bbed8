/** Fields of the connection form besides those of the definition: the OAuth client and the environment. */
import type { ExecutableMethod } from '../oauth/definition.js'
import type { ConnectorDefinition, FieldDefinition, MethodDefinition } from './definition.js'
import { FormField } from './form.js'

/** Keys of the OAuth client's fields. */
export const CLIENT_FIELDS: ReadonlySet<string> = new Set(['client_id', 'client_secret'])

/** The select field for the environment; none where the connector has no environments. */
export function environmentField(environments: ConnectorDefinition['environments']): FormField[] {
  const names = Object.keys(environments ?? {})
  if (names.length === 0) return []
  const options = names.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) }))
  return [
    new FormField({
      key: 'environment',
      label: 'Environment',
      kind: 'select',
      required: true,
      default: names[0],
      options,
      normalize: [],
    }),
  ]
}

/**
 * The fields for client id and client secret, where the method has an OAuth client. They are optional where
 * each account may have its own client, or where Valetkey registers a client itself (RFC 7591).
 */
export function clientFields(method: MethodDefinition, runs: ExecutableMethod): FormField[] {
  if (runs.type !== 'oauth2' && runs.type !== 'oauth1' && runs.type !== 'app_installation') return []
  // An assertion authenticates the app; the method has a client only where the token call needs one as well.
  if (runs.type === 'oauth2' && runs.grant === 'jwt_bearer' && runs.token.clientAuth === 'none') return []
  const asksAccounts = method.accountFields.some(({ key }) => CLIENT_FIELDS.has(key))
  const registersItself = method.type === 'mcp' && method.registration.some((way) => way !== 'manual')
  if (registersItself && method.type === 'mcp' && !method.registration.includes('manual')) return []
  const required = !asksAccounts && !registersItself
  const oauth1 = runs.type === 'oauth1'
  const id = clientField({
    key: 'client_id',
    label: oauth1 ? 'Consumer key' : 'Client ID',
    kind: 'text',
    required,
    help: `From the app that you registered with the provider.${whyOptional(asksAccounts, registersItself)}`,
  })
  const auth = runs.type === 'oauth2' ? runs.token.clientAuth : 'body'
  if ((auth === 'none' && method.type !== 'mcp') || auth === 'private_key_jwt') return [id]
  const secret = clientField({
    key: 'client_secret',
    label: oauth1 ? 'Consumer secret' : 'Client secret',
    kind: runs.type === 'oauth1' && runs.signature === 'RSA-SHA1' ? 'pem' : 'secret',
    required: required && method.type !== 'mcp',
    help: `Stored encrypted; it can be replaced, but not read back.${whyOptional(asksAccounts, registersItself)}`,
  })
  return [id, secret]
}

function whyOptional(asksAccounts: boolean, registersItself: boolean): string {
  if (asksAccounts) return ' Leave empty to ask each account for its own.'
  return registersItself ? ' Leave empty: the client registers itself where the server lets it.' : ''
}

function clientField(definition: Pick<FieldDefinition, 'key' | 'label' | 'kind' | 'required' | 'help'>): FormField {
  return new FormField({ options: [], normalize: [], ...definition })
}
