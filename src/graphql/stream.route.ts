/**
 * `/graphql/stream`: subscriptions as server-sent events (GraphQL over SSE, distinct connections mode), by POST, or
 * with an API key by GET, as an EventSource does. Authentication, errors and body limits are those of `/graphql`, which
 * serves queries and mutations, and sends on here what comes with an API key and takes events.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import { createHandler } from 'graphql-sse/lib/use/fastify'
import type { AccountChanges, WatchingContext } from '../connected-accounts/account-changes.js'
import { ValetkeyError } from '../errors.js'
import { type Admission, LARGEST_BODY, refuse } from './admission.js'
import { assertSendable } from './answer-size.js'
import { assertAffordable, assertOneOperation } from './cost.js'
import { publicError } from './errors.js'
import { acceptsEvents, EVENTS, type Stream } from './events.js'

const MOST_TOKENS = 300

/** Mounts the endpoint. @returns how it answers, for another one */
export function graphqlStreamRoute(
  app: FastifyInstance,
  schema: GraphQLSchema,
  admission: Admission,
  changes: AccountChanges,
): Stream {
  const publicResult = (request: FastifyRequest, result: ExecutionResult): ExecutionResult =>
    result.errors
      ? {
          ...result,
          errors: result.errors.map((error) => publicError(error, request, app.log) as unknown as GraphQLError),
        }
      : result
  const handler = createHandler({
    schema,
    onSubscribe: ({ raw: request }, { query, variables, operationName }) => {
      const refused = (message: string): [null, { status: number; statusText: string }] => [
        null,
        { status: 400, statusText: message },
      ]
      let document: ReturnType<typeof parse>
      try {
        document = parse(String(query), { maxTokens: MOST_TOKENS, noLocation: true })
      } catch {
        return refused('The document cannot be parsed')
      }
      if (getOperationAST(document, operationName)?.operation !== 'subscription')
        return refused('Only subscriptions are served here')
      const [fault] = validate(schema, document, [...specifiedRules, NoSchemaIntrospectionCustomRule], { maxErrors: 1 })
      if (fault) return refused('The document does not fit the schema')
      const contextValue: WatchingContext = Object.assign(admission.contextOf(request), { changes })
      try {
        assertOneOperation(contextValue.caller, document)
        assertAffordable(schema, document, operationName, variables)
      } catch (error) {
        if (!(error instanceof ValetkeyError)) throw error
        return refused('The subscription asks for too much at once')
      }
      // The cast is for graphql-sse, which types the context as a record.
      return { schema, document, operationName, variableValues: variables, contextValue: contextValue as never }
    },
    onNext: (_context, { raw }, result) => publicResult(raw, sendable(result as ExecutionResult)),
  })
  const stream: Stream = async (request, reply) => {
    // graphql-sse knows this header by this text alone.
    request.headers.accept = EVENTS
    // Tells proxies such as nginx not to buffer the events.
    reply.raw.setHeader('x-accel-buffering', 'no')
    await handler(request, reply)
  }
  const route = { url: '/graphql/stream', config: { streams: true } }
  const answer = (request: FastifyRequest, reply: FastifyReply) =>
    acceptsEvents(request.headers.accept)
      ? stream(request, reply)
      : refuse(
          reply,
          406,
          `Subscriptions are answered as ${EVENTS}, which the header Accept of this request rules out.`,
        )
  app.route({ method: 'POST', bodyLimit: LARGEST_BODY, ...route, ...admission.hooks, handler: answer })
  app.route({ method: 'GET', ...route, ...admission.hooksOfGet, handler: answer })
  return stream
}

/** The result, or an error in its place where it is too large. */
function sendable(result: ExecutionResult): ExecutionResult {
  try {
    assertSendable(result.data)
    return result
  } catch (error) {
    if (!(error instanceof ValetkeyError)) throw error
    return { errors: [new GraphQLError(error.message, { extensions: { code: error.code } })] }
  }
}
