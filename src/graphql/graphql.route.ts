/**
 * `/graphql`: Apollo Server behind Fastify. A request is authenticated before its body is parsed; by GET it has none
 * (by-get.ts). Errors are formatted by errors.ts; an unexpected one is logged, and the answer only has the id of the
 * request.
 */
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { unwrapResolverError } from '@apollo/server/errors'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import { GraphQLError, type GraphQLSchema, getOperationAST, parse } from 'graphql'
import type { Context } from '../context.js'
import { refusal, ValetkeyError } from '../errors.js'
import { type Admission, LARGEST_BODY, refuse } from './admission.js'
import { assertSendable } from './answer-size.js'
import { asksForCredential } from './by-get.js'
import { assertAffordable, assertOneOperation, LARGEST_DOCUMENT } from './cost.js'
import { codeOfRequestError, formatError } from './errors.js'
import { namesEvents, type Stream } from './events.js'

const SUBSCRIBE =
  'Subscriptions are answered as server-sent events: send this to /graphql/stream, or with an API key here, with the ' +
  'header Accept: text/event-stream.'

/** Mounts the endpoint, with its limits on documents; cost.ts has the one on what they ask for. */
export async function graphqlRoute(
  app: FastifyInstance,
  schema: GraphQLSchema,
  admission: Admission,
  /** Answers subscriptions. */
  stream: Stream,
) {
  const apollo = new ApolloServer<Context>({
    schema,
    plugins: [limitDocuments(schema), logUnexpectedErrors(app)],
    introspection: true,
    stopOnTerminationSignals: false,
    // No form and no picture of another site sends this header. With a cookie instead, admission.ts looks who asks.
    csrfPrevention: { requestHeaders: ['authorization'] },
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    // GraphiQL's introspection query needs nearly as many.
    maxRecursiveSelections: 300,
    parseOptions: { maxTokens: LARGEST_DOCUMENT },
    formatError,
  })
  await apollo.start()
  app.addHook('onClose', async () => apollo.stop())
  const handler = fastifyApolloHandler(apollo, { context: async (request) => admission.contextOf(request) })

  /** A session, which gets new cookies by answers that are no streams, subscribes at the other address. */
  const takesEvents = (request: FastifyRequest) =>
    namesEvents(request.headers.accept) &&
    isSubscription(request.body) &&
    admission.contextOf(request).caller.credential.session === null
  const answer = function (this: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
    return takesEvents(request) ? stream(request, reply) : handler.call(this, request as never, reply as never)
  } as RouteHandlerMethod

  app.route({
    method: 'POST',
    url: '/graphql',
    bodyLimit: LARGEST_BODY,
    ...admission.hooks,
    handler: answer,
  })
  app.route({ method: 'GET', url: '/graphql', ...admission.hooksOfGet, handler: answer })
  app.route({
    method: ['PUT', 'PATCH', 'DELETE'],
    url: '/graphql',
    handler: (_request, reply) =>
      refuse(reply.header('allow', 'GET, POST'), 405, 'Send queries and mutations by POST. GraphiQL is at /graphiql.'),
  })
}

/** Whether an operation is a subscription. What cannot be parsed is told elsewhere. */
function isSubscription(body: unknown): boolean {
  const { query, operationName } = (body ?? {}) as { query?: unknown; operationName?: string }
  if (typeof query !== 'string' || !query.includes('subscription')) return false
  try {
    const document = parse(query, { maxTokens: LARGEST_DOCUMENT, noLocation: true })
    return getOperationAST(document, operationName)?.operation === 'subscription'
  } catch {
    return false
  }
}

/**
 * Refuses what costs too much before it is executed: variables say how long lists are, so validation cannot know. And
 * an answer that came to be too large.
 */
function limitDocuments(schema: GraphQLSchema): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operationName, request, contextValue }) {
          try {
            if (request.http?.method === 'GET' && asksForCredential(schema, document))
              throw new ValetkeyError(
                'BAD_USER_INPUT',
                'Credentials are not read by GET, which is kept in caches and histories: send this query by POST.',
              )
            assertOneOperation(contextValue.caller, document)
            assertAffordable(schema, document, operationName, request.variables)
          } catch (error) {
            if (!(error instanceof ValetkeyError)) throw error
            throw new GraphQLError(error.message, { extensions: { code: error.code, http: { status: 400 } } })
          }
        },
        async willSendResponse({ operation, response: { body, http } }) {
          if (operation?.operation !== 'query' || body.kind !== 'single' || !body.singleResult.data) return
          try {
            assertSendable(body.singleResult.data)
          } catch (error) {
            if (!(error instanceof ValetkeyError)) throw error
            body.singleResult = refusal(error.code, error.message)
            http.status = 400
          }
        },
      }
    },
  }
}

/** Logs unexpected errors, and adds the request's id to the answer so that the log entry can be found. */
function logUnexpectedErrors(app: FastifyInstance): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation }) {
          if (operation?.operation === 'subscription')
            throw new GraphQLError(SUBSCRIBE, {
              extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
            })
        },
        async didEncounterErrors({ errors, contextValue }) {
          for (const error of errors) {
            codeOfRequestError(error)
            const original = unwrapResolverError(error)
            if (
              original instanceof ValetkeyError ||
              (error.extensions.code !== 'INTERNAL_SERVER_ERROR' && error.extensions.code !== undefined)
            )
              continue
            const { requestId } = contextValue.audit
            error.extensions.requestId = requestId
            app.log.error(
              { event: 'operation.failed', err: original, reqId: requestId },
              'An operation failed with an unexpected error. The caller has this request id; the error is a bug: ' +
                'report it.',
            )
          }
        },
      }
    },
  }
}
