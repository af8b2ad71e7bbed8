/**
 * `POST /graphql`: Apollo Server behind Fastify. A request is authenticated before its body is parsed. Errors are
 * formatted by errors.ts; an unexpected one is logged, and the answer only has the id of the request.
 */
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { unwrapResolverError } from '@apollo/server/errors'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyInstance, RouteHandlerMethod } from 'fastify'
import { GraphQLError, type GraphQLSchema } from 'graphql'
import type { Context } from '../context.js'
import { refusal, ValetkeyError } from '../errors.js'
import { type Admission, LARGEST_BODY, refuse } from './admission.js'
import { assertSendable } from './answer-size.js'
import { assertAffordable, assertOneOperation, LARGEST_DOCUMENT } from './cost.js'
import { codeOfRequestError, formatError } from './errors.js'

/** Mounts the endpoint, with its limits on documents; cost.ts has the one on what they ask for. */
export async function graphqlRoute(app: FastifyInstance, schema: GraphQLSchema, admission: Admission) {
  const apollo = new ApolloServer<Context>({
    schema,
    plugins: [limitDocuments(schema), logUnexpectedErrors(app)],
    introspection: true,
    stopOnTerminationSignals: false,
    csrfPrevention: true,
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

  app.route({
    method: 'POST',
    url: '/graphql',
    bodyLimit: LARGEST_BODY,
    ...admission.hooks,
    handler: handler as RouteHandlerMethod,
  })
  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url: '/graphql',
    handler: (_request, reply) =>
      refuse(reply.header('allow', 'POST'), 405, 'Send queries and mutations by POST. GraphiQL is at /graphiql.'),
  })
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
            throw new GraphQLError('Subscriptions are served at /graphql/stream, as server-sent events.', {
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
