import { Field, ObjectType } from 'type-graphql'
import type { Context } from '../context.js'
import { fromTypeId } from '../ids.js'
import { ApiKey } from './api-key.js'
import type { ApiKeys } from './api-keys.js'
import { Permission } from './permission.js'

/** The caller, as the dashboard shows it. */
@ObjectType({ description: 'The caller and its rights.' })
export class Viewer {
  @Field(() => String, { description: 'Name of the API key.' })
  readonly name!: string

  @Field(() => [Permission])
  readonly permissions!: Permission[]

  @Field(() => [String], { description: 'Names of the only connections it may use; empty means all.' })
  readonly connections!: readonly string[]

  @Field(() => [String], {
    description: 'Patterns of the only identifiers it may use, such as tenant_7:*; empty means all.',
  })
  readonly identifiers!: readonly string[]
}

/** Describes the caller of this request. @throws {ValetkeyError} FORBIDDEN; UNAUTHENTICATED */
export async function viewerOf(context: Context, apiKeys: ApiKeys): Promise<Viewer> {
  await context.authorize('Query.viewer')
  const { caller, em } = context
  const uuid = fromTypeId('key', caller.actor)
  const key = uuid && (await em.findOne(ApiKey, { uuid }))
  return {
    name: key ? key.name : 'admin key',
    permissions: [...caller.permissions],
    connections: await apiKeys.connectionsOf(caller.connections),
    identifiers: caller.identifiers,
  }
}
