/**
 * What the server's own calls need of a grant. Identity, verification and lookups are made with whatever the user
 * granted, before anybody asks for the token: a call that needs more than what every connection asks for would make
 * a connector fail on its first use.
 */
import type { Needs } from './definition/api-call.js'
import type { ExecutableMethod } from './definition.js'

/** The lists of scopes, of which one each has to be granted, that have none among `granted`. */
export function lacking(needed: Needs | undefined, granted: readonly string[]): string[][] {
  if (needed === undefined || needed === 'none') return []
  return needed.map((entry) => [entry].flat()).filter((oneOf) => !oneOf.some((scope) => granted.includes(scope)))
}

/** The calls that are made with a user's grant, by their path in the method. */
export function ownCalls(method: ExecutableMethod): { path: string; needs: Needs | undefined }[] {
  return [
    ...method.afterConnect.map(({ needs }, index) => ({ path: `afterConnect.${index}`, needs })),
    ...(method.identity ? [{ path: 'identity', needs: method.identity.needs }] : []),
    ...(method.verify ? [{ path: 'verify', needs: method.verify.needs }] : []),
    ...(method.type === 'app_installation' ? [{ path: 'proof.check', needs: method.proof.check.needs }] : []),
  ]
}
