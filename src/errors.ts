/**
 * The errors that Valetkey means. A `ValetkeyError` carries a stable code, a sentence that a person
 * can act on, and never a secret: its message is shown as it is. Every other error is a fault of
 * ours; the edges (GraphQL, HTML) mask it and log it under the request's id.
 */

/** Stable codes, as they appear in `extensions.code` of a GraphQL error. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'QUERY_TOO_COMPLEX'
  | 'CONNECTION_UNAVAILABLE'
  | 'PROVIDER_UNAVAILABLE'
  | 'PROVIDER_REJECTED'
  | 'EGRESS_BLOCKED'
  | 'REDIRECT_NOT_ALLOWED'
  | 'USER_VERIFICATION_FAILED'
  | 'INTERNAL_SERVER_ERROR'

export class ValetkeyError extends Error {
  override readonly name = 'ValetkeyError'

  /**
   * @param code stable, for programs
   * @param message a sentence for a person: what is wrong, where, and what to do
   * @param path for bad input, the way to the field at fault, such as `['input', 'scopes', 0]`
   * @param cause what lies behind it; goes to the log, never to the caller
   */
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly path?: readonly (string | number)[],
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause })
  }
}

/** What the caller sent is wrong: `path` leads to the field at fault. */
export function badInput(message: string, path: readonly (string | number)[]): ValetkeyError {
  return new ValetkeyError('BAD_USER_INPUT', message, path)
}

/** The same answer for what does not exist and for what this caller may not see. */
export function notFound(what: string): ValetkeyError {
  return new ValetkeyError('NOT_FOUND', `${what} was not found, or this API key may not see it.`)
}

/** A refusal outside of GraphQL, in the shape that GraphQL has: clients read one kind of error. */
export function refusal(code: ErrorCode, message: string) {
  return { errors: [{ message, extensions: { code } }] }
}

/** A start that cannot go on; every reason is listed, one a line. Thrown before anything is served. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
  constructor(readonly reasons: readonly string[]) {
    super(reasons.join('\n'))
  }
}

/** A query for one thing answers null where there is none, as GraphQL clients expect. */
export function nullWhereNotFound(error: unknown): null {
  if (error instanceof ValetkeyError && error.code === 'NOT_FOUND') return null
  throw error
}
