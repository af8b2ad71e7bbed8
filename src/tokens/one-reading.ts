/**
 * One operation tells one story: what it says of an account beside its token was true when the token was read. The
 * gate may refresh the token, and the account changes with that; so the account's other fields wait for the gate,
 * which brings the account up to date. In a list of fields the order makes no difference.
 */
import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type OperationDefinitionNode,
  visit,
} from 'graphql'

type Resolve = GraphQLFieldResolver<object, unknown>

/** Fields that no refresh changes. */
const FIXED = new Set(['id', 'identifier', 'connection', 'createdAt', 'metadata', 'fields', 'token'])

/** Makes the fields of `ConnectedAccount` wait for its `token`. @param schema changed in place */
export function tellOneReading(schema: GraphQLSchema): GraphQLSchema {
  const fields = (schema.getType('ConnectedAccount') as GraphQLObjectType).getFields()
  /** What the gate is reading, by account: whether it failed is told in the field of the token. */
  const readings = new WeakMap<object, Promise<unknown>>()
  const { token } = fields
  if (!token) throw new Error('ConnectedAccount has no field token.')
  const read = token.resolve as Resolve
  token.resolve = (account, args, context, info) => {
    const answer = Promise.resolve(read(account, args, context, info))
    const ended = answer.catch(() => {})
    readings.set(account, ended)
    return answer
  }
  for (const [name, field] of Object.entries(fields)) {
    if (FIXED.has(name)) continue
    const resolve: Resolve = field.resolve ?? defaultFieldResolver
    field.resolve = (account, args, context, info) => {
      if (!readsToken(info)) return resolve(account, args, context, info)
      return afterReading(account, () => resolve(account, args, context, info))
    }
  }
  /** The fields of one object are all begun in the same turn: after it, the reading is known. */
  async function afterReading(account: object, resolve: () => unknown): Promise<unknown> {
    await null
    await readings.get(account)
    return resolve()
  }
  return schema
}

/** Operations by whether a field named `token` is in them; documents are parsed once, and kept. */
const tokenReaders = new WeakMap<OperationDefinitionNode, boolean>()

function readsToken({ operation, fragments }: GraphQLResolveInfo): boolean {
  const known = tokenReaders.get(operation)
  if (known !== undefined) return known
  let found = false
  for (const part of [operation, ...Object.values(fragments)])
    visit(part, {
      Field: ({ name }) => {
        if (name.value === 'token') found = true
      },
    })
  tokenReaders.set(operation, found)
  return found
}
