/**
 * Expected errors. A `ValetkeyError` has a stable code and a message that is shown to the caller as it is: a
 * sentence that a person can act on, without secrets. Any other error is a bug. GraphQL and HTTP answers only
 * show its request id, under which it is logged.
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
  | 'TRUSTED_DOCUMENT_REQUIRED'
  | 'BUSY'
  | 'CONNECTION_UNAVAILABLE'
  | 'PROVIDER_UNAVAILABLE'
  | 'PROVIDER_REJECTED'
  | 'EGRESS_BLOCKED'
  | 'REDIRECT_NOT_ALLOWED'
  | 'USER_VERIFICATION_FAILED'
  | 'INTERNAL_SERVER_ERROR'

/** An error whose message is shown to the caller. */
export class ValetkeyError extends Error {
  override readonly name = 'ValetkeyError'

  /**
   * @param code stable, for programs
   * @param message what is wrong, where, and what to do, in a sentence for a person
   * @param path for bad input, the path of the field at fault, such as `['input', 'scopes', 0]`
   * @param cause the underlying error; it is logged, and not shown to the caller
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

/** Too much was asked in a window of time. `retryAfter` in seconds. */
export class RateLimited extends ValetkeyError {
  constructor(
    message: string,
    readonly retryAfter: number,
  ) {
    super('RATE_LIMITED', message)
  }
}

/** Makes an error about the caller's input. @param path of the field at fault, such as `['input', 'name']` */
export function badInput(message: string, path: readonly (string | number)[]): ValetkeyError {
  return new ValetkeyError('BAD_USER_INPUT', message, path)
}

/** Makes the same error for a missing record and for one that the caller may not see. @param what its subject */
export function notFound(what: string): ValetkeyError {
  return new ValetkeyError('NOT_FOUND', `${what} was not found, or this API key may not see it.`)
}

/** A refusal outside of GraphQL, in the shape that GraphQL has: clients read one kind of error. */
export function refusal(code: ErrorCode, message: string, path?: readonly (string | number)[]) {
  return { errors: [{ message, extensions: { code, ...(path ? { path } : {}) } }] }
}

/** Thrown when the server cannot start, before it listens; the message has one line for each reason. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
  constructor(readonly reasons: readonly string[]) {
    super(reasons.join('\n'))
  }
}

/** For `catch`: turns NOT_FOUND into null, as queries for one record return it. @throws any other error */
export function nullWhereNotFound(error: unknown): null {
  if (error instanceof ValetkeyError && error.code === 'NOT_FOUND') return null
  throw error
}
