/**
 * `POST /graphql`: Apollo Server behind Fastify. A request is authenticated before its body is
 * parsed; every error is translated here, once: ours say what they mean, GraphQL's own lose the
 * values that they quote, and anything unforeseen is masked with the id of the request.
 */
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { unwrapResolverError } from '@apollo/server/errors'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import { ApolloArmor } from '@escape.tech/graphql-armor'
import type { MikroORM } from '@mikro-orm/postgresql'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql'
import { AuditTrail } from './audit/audit.js'
import type { Caller, Callers } from './callers/caller.js'
import type { Context } from './context.js'
import { ValetkeyError } from './errors.js'

/** Bytes of a request's body. */
const LARGEST_BODY = 100 * 1024
/** Levels of nesting in a request's JSON. */
const DEEPEST_BODY = 120

export async function graphqlRoute(app: FastifyInstance, orm: MikroORM, schema: GraphQLSchema, callers: Callers) {
  const armor = new ApolloArmor({
    maxDepth: { n: 8 },
    maxAliases: { n: 5, allowList: [] },
    maxDirectives: { n: 5 },
    costLimit: { maxCost: 5000 },
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
  const known = new WeakMap<FastifyRequest, Caller>()
  const handler = fastifyApolloHandler(apollo, {
    context: async (request) => {
      const caller = known.get(request) as Caller
      return { caller, em: orm.em.fork(), audit: new AuditTrail(caller.actor, request.ip, request.id), requestId: request.id, tokenReads: 0 }
    },
  })

  app.route({
    method: 'POST',
    url: '/graphql',
    bodyLimit: LARGEST_BODY,
    onRequest: async (request, reply) => {
      reply.header('cache-control', 'no-store')
      try {
        known.set(request, await callers.authenticate(request.headers.authorization))
      } catch (error) {
        if (!(error instanceof ValetkeyError)) throw error
        return reply
          .status(401)
          .header('www-authenticate', 'Bearer realm="valetkey"')
          .send({ errors: [{ message: error.message, extensions: { code: error.code } }] })
      }
      // An answer to what a plain form can send would let other sites ask in a user's name (CSRF).
      const [, type, charset = 'utf-8'] = /^\s*([^;\s]+)(?:.*charset\s*=\s*"?([^";\s]+))?/i.exec(request.headers['content-type'] ?? '') ?? []
      if (type?.toLowerCase() !== 'application/json' || charset.toLowerCase() !== 'utf-8') return refuse(reply, 415, 'Send the request as application/json in UTF-8.')
    },
    preHandler: async (request, reply) => {
      // PostgreSQL has no text with U+0000 in it, and nobody has a use for one.
      if (isOutlandish(request.body, DEEPEST_BODY)) return refuse(reply, 400, `No value may hold the character U+0000, and none may be nested deeper than ${DEEPEST_BODY}.`)
    },
    handler: handler as RouteHandlerMethod,
  })
  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url: '/graphql',
    handler: (_request, reply) => refuse(reply.header('allow', 'POST'), 405, 'Send queries and mutations by POST. GraphiQL is at /graphiql.'),
  })
}

function refuse(reply: FastifyReply, status: number, message: string) {
  return reply.status(status).send({ errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] })
}

/** Deeper than `depth`, or with U+0000 in a value or, escaped, in the document. */
function isOutlandish(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.includes('\0') || /\\u(0000|\{0+\})/.test(value)
  if (value === null || typeof value !== 'object') return false
  return depth === 0 || Object.entries(value).some(([key, inner]) => key.includes('\0') || isOutlandish(inner, depth - 1))
}

/** Logs what nobody foresaw, and ties the answer to the log by the request's id. */
function nameUnforeseenErrors(app: FastifyInstance): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation }) {
          if (operation?.operation === 'subscription') throw new GraphQLError('There are no subscriptions here.', { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } })
        },
        async didEncounterErrors({ errors, contextValue }) {
          for (const error of errors) {
            const original = unwrapResolverError(error)
            if (original instanceof ValetkeyError || (error.extensions.code !== 'INTERNAL_SERVER_ERROR' && error.extensions.code !== undefined)) continue
            error.extensions.requestId = contextValue.requestId
            app.log.error({ err: original, reqId: contextValue.requestId }, 'An operation failed.')
          }
        },
      }
    },
  }
}

const FROM_GRAPHQL = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
])

function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const original = unwrapResolverError(error)
  const { message, locations, path } = formatted
  const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) }
  if (original instanceof ValetkeyError) return { message: original.message, ...place, extensions: { code: original.code, ...(original.path ? { path: original.path } : {}) } }
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
  const [, variable, at, reason] = /^Variable "\$(\w+)" got invalid value [\s\S]*?(?: at "([\w.[\]]+)")?; ((?:Field|Expected|Value|[A-Z]\w+ cannot)[\s\S]*)$/.exec(message) ?? []
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
