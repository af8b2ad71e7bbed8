/**
 * Formats errors for callers, for both GraphQL endpoints. A ValetkeyError is shown as it is, GraphQL's own errors
 * without the values that they quote, and any other error only as INTERNAL_SERVER_ERROR.
 */
import { unwrapResolverError } from '@apollo/server/errors'
import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import type { GraphQLError, GraphQLFormattedError } from 'graphql'
import { RateLimited, ValetkeyError } from '../errors.js'

const FROM_GRAPHQL = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'QUERY_TOO_COMPLEX',
])

/** Formats an error of GraphQL's execution. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const original = unwrapResolverError(error)
  const { message, locations, path } = formatted
  const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) }
  if (original instanceof ValetkeyError)
    return {
      message: original.message,
      ...place,
      extensions: {
        code: original.code,
        ...(original.path ? { path: original.path } : {}),
        ...(original instanceof RateLimited ? { retryAfter: original.retryAfter } : {}),
      },
    }
  const code = String(formatted.extensions?.code ?? '')
  if (FROM_GRAPHQL.has(code)) {
    const { text, at } = withoutValue(message)
    return { message: text, ...place, extensions: { code, ...(at ? { path: at } : {}) } }
  }
  const requestId = formatted.extensions?.requestId
  const hint = requestId ? ` The log has more under the request id ${requestId}.` : ''
  return {
    message: `Something went wrong on our side.${hint}`,
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', ...(requestId ? { requestId } : {}) },
  }
}

/**
 * Gives its code to GraphQL's own error about a request as a whole, such as too many faults in its variables. Such
 * an error has no path, since no field was executed, and no error behind it.
 */
export function codeOfRequestError({ path, originalError, extensions }: GraphQLError) {
  if (path === undefined && originalError === undefined) extensions.code ??= 'BAD_USER_INPUT'
}

/** graphql-js's message about a variable of the wrong type: the variable, the path in it, and the reason. */
const INVALID_VARIABLE = new RegExp(
  String.raw`^Variable "\$(\w+)" got invalid value [\s\S]*?(?: at "([\w.[\]]+)")?; ` +
    String.raw`((?:Field|Expected|Value|[A-Z]\w+ cannot)[\s\S]*)$`,
)

/** Removes invalid values from a message, since graphql-js quotes them and they may be secrets. */
function withoutValue(message: string): { text: string; at: (string | number)[] | null } {
  const [, variable, at, reason] = INVALID_VARIABLE.exec(message) ?? []
  const text = (reason ?? message)
    .replace(/ cannot represent [\s\S]*$/, ' cannot represent this value.')
    .replace(/^Value [\s\S]* does not exist in "(\w+)" enum[\s\S]*$/, 'This value does not exist in the enum $1.')
  if (!variable) return { text, at: null }
  const path = (at ?? variable)
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  return { text: `Variable "$${variable}"${at ? ` at "${at}"` : ''}: ${text}`, at: path }
}

/** Formats an error that did not pass through Apollo. An unexpected one is logged with the request's id. */
export function publicError(
  error: GraphQLError,
  request: FastifyRequest,
  log: FastifyBaseLogger,
): GraphQLFormattedError {
  const original = unwrapResolverError(error)
  codeOfRequestError(error)
  if (original instanceof ValetkeyError || error.extensions.code !== undefined)
    return formatError(error.toJSON(), error)
  log.error(
    { event: 'subscription.failed', err: original, reqId: request.id },
    'A subscription failed with an unexpected error. The caller has this request id; the error is a bug: report it.',
  )
  return formatError({ ...error.toJSON(), extensions: { requestId: request.id } }, error)
}
