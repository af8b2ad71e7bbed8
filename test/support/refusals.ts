/** Ways in which a provider refuses one user's refresh, and names no grant. */
import type { Answer } from './odd-provider.js'

export const REFUSALS: [way: string, answer: Answer][] = [
  ['a list of errors without a code', { status: 400, body: { message: 'Bad Request', errors: [{ code: 'invalid' }] } }],
  ['a status of its own', { status: 400, body: { status: 'BAD_REFRESH_TOKEN' } }],
  [
    'unauthorized_client, said of the token',
    { status: 403, body: { error: 'unauthorized_client', error_description: 'The refresh token is not yours.' } },
  ],
  ['account_suspended', { status: 403, body: { error: 'account_suspended' } }],
  ['invalid_code', { status: 400, body: { error: 'invalid_code' } }],
  ['an error that is a number', { status: 400, body: { error: 101 } }],
  ['a 403 in HTML', { status: 403, body: '<html>Forbidden</html>' }],
  ['a 401 without a body', { status: 401, body: '' }],
  ['invalid_client, though others renew', { status: 401, body: { error: 'invalid_client' } }],
  ['a 404', { status: 404, body: { error: 'not_found' } }],
]
