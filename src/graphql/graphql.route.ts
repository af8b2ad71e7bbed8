/**
 * `POST /graphql`: Apollo Server behind Fastify. A request is authenticated before its body is parsed. Errors are
 * formatted by errors.ts; an unexpected one is logged, and the answer only has the id of the request.
 */
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { unwrapResolverError } from '@apollo/server/errors'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import { ApolloArmor } from '@escape.tech/graphql-armor'
import type { FastifyInstance, RouteHandlerMethod } from 'fastify'
import { GraphQLError, type GraphQLSchema } from 'graphql'
import type { Context } from '../context.js'
import { ValetkeyError } from '../errors.js'
import { type Admission, LARGEST_BODY, refuse } from './admission.js'
import { formatError } from './errors.js'

/** Mounts the endpoint, with its limits on documents. */
export async function graphqlRoute(app: FastifyInstance, schema: GraphQLSchema, admission: Admission) {
  const armor = new ApolloArmor({
    // A fragment does not count as a level.
    maxDepth: { n: 8, flattenFragments: true },
    maxAliases: { n: 5, allowList: [] },
    maxDirectives: { n: 5 },
    costLimit: { maxCost: 5000, flattenFragments: true },
    // It would report syntax errors as errors of the server; parseOptions limits tokens instead.
    maxTokens: { enabled: false },
    blockFieldSuggestion: { enabled: true },
  }).protect()
  const apollo = new ApolloServer<Context>({
    schema,
    ...armor,
    plugins: [...armor.plugins, logUnexpectedErrors(app)] as ApolloServerPlugin<Context>[],
    introspection: true,
    stopOnTerminationSignals: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    // GraphiQL's introspection query needs nearly as many.
    maxRecursiveSelections: 300,
    parseOptions: { maxTokens: 1000 },
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
