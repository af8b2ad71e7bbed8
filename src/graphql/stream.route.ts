/**
 * `POST /graphql/stream`: subscriptions as server-sent events (GraphQL over SSE, distinct connections
 * mode). Authentication, errors and body limits are those of `/graphql`, which serves queries and mutations.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
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
import { type Admission, LARGEST_BODY } from './admission.js'
import { assertSendable } from './answer-size.js'
import { assertAffordable, assertOneOperation } from './cost.js'
import { publicError } from './errors.js'

const MOST_TOKENS = 300

/** Mounts the endpoint. */
export function graphqlStreamRoute(
  app: FastifyInstance,
  schema: GraphQLSchema,
  admission: Admission,
  changes: AccountChanges,
) {
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
  app.route({
    method: 'POST',
    url: '/graphql/stream',
    bodyLimit: LARGEST_BODY,
    config: { streams: true },
    ...admission.hooks,
    handler: async (request, reply) => {
      // Tells proxies such as nginx not to buffer the events.
      reply.raw.setHeader('x-accel-buffering', 'no')
      await handler(request, reply)
    },
  })
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
