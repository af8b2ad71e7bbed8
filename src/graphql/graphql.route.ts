/**
 * `POST /graphql`: Apollo Server behind Fastify. A request is authenticated before its body is
 * parsed; every error is translated here, once: ours say what they mean, GraphQL's own lose the
 * values that they quote, and anything unforeseen is masked with the id of the request.
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

export async function graphqlRoute(app: FastifyInstance, schema: GraphQLSchema, admission: Admission) {
  const armor = new ApolloArmor({
    // A fragment is a way of writing, not a level.
    maxDepth: { n: 8, flattenFragments: true },
    maxAliases: { n: 5, allowList: [] },
    maxDirectives: { n: 5 },
    costLimit: { maxCost: 5000, flattenFragments: true },
    // Turns plain syntax errors into faults of the server; Apollo counts tokens itself, below.
    maxTokens: { enabled: false },
    blockFieldSuggestion: { enabled: true },
  }).protect()
  const apollo = new ApolloServer<Context>({
    schema,
    ...armor,
    plugins: [...armor.plugins, nameUnforeseenErrors(app)] as ApolloServerPlugin<Context>[],
    introspection: true,
    stopOnTerminationSignals: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    // The least, in round numbers, that lets GraphiQL's introspection through.
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

/** Logs what nobody foresaw, and ties the answer to the log by the request's id. */
function nameUnforeseenErrors(app: FastifyInstance): ApolloServerPlugin<Context> {
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
              'An operation failed for a reason that nobody foresaw; the caller was given this request id.',
            )
          }
        },
      }
    },
  }
}
