/**
 * What callers learn of an error, at every GraphQL door alike: ours say what they mean, GraphQL's own
 * lose the values that they quote, and anything unforeseen is masked.
 */
import { unwrapResolverError } from '@apollo/server/errors'
import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import type { GraphQLError, GraphQLFormattedError } from 'graphql'
import { ValetkeyError } from '../errors.js'

const FROM_GRAPHQL = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
])

export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const original = unwrapResolverError(error)
  const { message, locations, path } = formatted
  const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) }
  if (original instanceof ValetkeyError)
    return {
      message: original.message,
      ...place,
      extensions: { code: original.code, ...(original.path ? { path: original.path } : {}) },
    }
  const code = String(formatted.extensions?.code ?? '')
  if (FROM_GRAPHQL.has(code)) {
    const { words, at } = withoutValue(message)
    return { message: words, ...place, extensions: { code, ...(at ? { path: at } : {}) } }
  }
  const requestId = formatted.extensions?.requestId
  return {
    message: `Something went wrong on our side.${requestId ? ` The log has more under the request id ${requestId}.` : ''}`,
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', ...(requestId ? { requestId } : {}) },
  }
}

/** graphql-js quotes values that do not fit; they may be secrets. */
function withoutValue(message: string): { words: string; at: (string | number)[] | null } {
  const [, variable, at, reason] =
    /^Variable "\$(\w+)" got invalid value [\s\S]*?(?: at "([\w.[\]]+)")?; ((?:Field|Expected|Value|[A-Z]\w+ cannot)[\s\S]*)$/.exec(
      message,
    ) ?? []
  const words = (reason ?? message)
    .replace(/ cannot represent [\s\S]*$/, ' cannot represent this value.')
    .replace(/^Value [\s\S]* does not exist in "(\w+)" enum[\s\S]*$/, 'This value does not exist in the enum $1.')
  if (!variable) return { words, at: null }
  const path = (at ?? variable)
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  return { words: `Variable "$${variable}"${at ? ` at "${at}"` : ''}: ${words}`, at: path }
}

/** The same for an error that did not pass through Apollo: logged where nobody foresaw it, under the request's id. */
export function publicError(
  error: GraphQLError,
  request: FastifyRequest,
  log: FastifyBaseLogger,
): GraphQLFormattedError {
  const original = unwrapResolverError(error)
  if (original instanceof ValetkeyError) return formatError(error.toJSON(), error)
  log.error(
    { event: 'subscription.failed', err: original, reqId: request.id },
    'A subscription failed for a reason that nobody foresaw; the caller was given this request id.',
  )
  return formatError({ ...error.toJSON(), extensions: { requestId: request.id } }, error)
}
