/**
 * Puts on record what a bound key asks for and does not get: it may be another party's. What there is, and what there
 * is not, is recorded alike, and takes the same time.
 */
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import { AuditOutcome } from '../audit/audit-event.js'
import type { Context } from '../context.js'
import { RateLimited, ValetkeyError } from '../errors.js'
import type { Limit, Limits } from '../limits/limits.js'

/** Records of one key: a guesser fills no disk with its traces. */
const RECORDS: Limit = { most: 60, seconds: 60 }
/** Characters of a name, and of an identifier or an id, that are recorded. */
const LONGEST_NAME = 64
const LONGEST_TEXT = 256

type Resolve = GraphQLFieldResolver<unknown, Context>

/** Makes the fields of queries and mutations record what is not found. @param schema changed in place */
export function recordMisses(schema: GraphQLSchema, limits: Limits): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType()])
    for (const [name, field] of Object.entries(type?.getFields() ?? {})) {
      if (field.args.length === 0) continue
      const resolve = (field.resolve ?? defaultFieldResolver) as Resolve
      const record = (context: Context, args: object) => missed(context, limits, `${type?.name}.${name}`, args)
      field.resolve = (async (source, args, context, info) => {
        try {
          const found = await resolve(source, args, context, info)
          if (found === null) await record(context, args)
          return found
        } catch (error) {
          if (error instanceof ValetkeyError && error.code === 'NOT_FOUND') await record(context, args)
          throw error
        }
      }) satisfies Resolve
    }
  return schema
}

async function missed(context: Context, limits: Limits, field: string, args: object) {
  const { caller, audit, auditLog } = context
  if (caller.connections.length === 0 && caller.identifiers.length === 0) return
  try {
    limits.flow(`missed:${caller.actor}`, RECORDS, 'Too much of what this key asks for is not found.')
  } catch (error) {
    if (error instanceof RateLimited) return
    throw error
  }
  const { input, ...others } = args as { input?: object }
  const asked = { ...others, ...input } as Record<string, unknown>
  const text = (value: unknown, longest: number) => (typeof value === 'string' ? value.slice(0, longest) : undefined)
  await auditLog.write(
    audit.event({
      action: 'operation.denied',
      outcome: AuditOutcome.DENIED,
      connection: text(asked.connection, LONGEST_NAME),
      identifier: text(asked.identifier, LONGEST_TEXT),
      details: {
        field,
        reason: 'There is none, or it is beyond the bounds of this key.',
        id: text(asked.id ?? asked.authorization, LONGEST_TEXT),
      },
    }),
  )
}
