import { createHmac, timingSafeEqual } from 'node:crypto'
import { ValetkeyError } from '../../errors.js'
import { plain } from '../answer/provider-text.js'
import type { RedirectSetup } from '../setup.js'
import { render } from '../template.js'

/** Characters of a code: some providers put a whole signed token into it. */
const LONGEST_CODE = 16 * 1024
/** Characters of another parameter that is stored. */
const LONGEST_VALUE = 4096

/**
 * Reads the parameters with which a browser came back from the provider.
 *
 * @returns the code, and the parameters to store as `account.*`
 * @throws {ValetkeyError} BAD_USER_INPUT where one is missing, or they do not come from the expected provider
 */
export function readCallback(
  { method, client, scope }: RedirectSetup,
  params: Record<string, string>,
): { code: string; captured: Record<string, string> } {
  const { callback } = method
  const code = params[callback.codeParam]
  if (!code) throw new ValetkeyError('BAD_USER_INPUT', 'The provider sent no code.')
  if (code.length > LONGEST_CODE)
    throw new ValetkeyError('BAD_USER_INPUT', `The provider sent no code of up to ${LONGEST_CODE} characters.`)
  const absent = callback.require.find((name) => !params[name])
  if (absent)
    throw new ValetkeyError('BAD_USER_INPUT', `The provider did not send ${absent}, which this connector needs.`)
  // RFC 9207 §2.4: compared as a string, and required where the definition or the metadata has an issuer.
  const issuer =
    method.type === 'oauth2' && method.authorize.issuer !== undefined ? render(method.authorize.issuer, scope) : ''
  const { signature } = callback
  const key =
    signature && render(signature.key, { ...scope, app: { client_id: client.id, client_secret: client.secret } })
  if ((issuer !== '' && params.iss !== issuer) || (signature && !isSigned(params, signature.param, key ?? '')))
    throw new ValetkeyError('BAD_USER_INPUT', 'The answer does not come from the provider that was asked.')
  return {
    code,
    captured: Object.fromEntries(
      Object.entries(callback.capture).flatMap(([name, param]) =>
        params[param] === undefined ? [] : [[name, plain(params[param], LONGEST_VALUE)]],
      ),
    ),
  }
}

/** Whether the parameter `param` is the HMAC-SHA256 of all the others, in hexadecimal. */
function isSigned(params: Record<string, string>, param: string, key: string): boolean {
  const message = Object.entries(params)
    .filter(([name]) => name !== param)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const expected = createHmac('sha256', key).update(message).digest()
  const actual = Buffer.from(params[param] ?? '', 'hex')
  return key !== '' && actual.length === expected.length && timingSafeEqual(actual, expected)
}
