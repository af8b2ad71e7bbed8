import { Arg, Ctx, Field, FieldResolver, ID, Int, Mutation, ObjectType, Resolver, Root } from 'type-graphql'
import { Connection } from '../connections/connection.js'
import type { Context } from '../context.js'
import { DateTime } from '../scalars.js'
import type { ConnectionDeletions } from './connection-deletions.js'

@ObjectType({ description: 'How far the deletion of a connection has come.' })
export class ConnectionDeletion {
  @Field(() => DateTime)
  readonly startedAt!: Date
  @Field(() => Int, { description: 'Accounts that it had when the deletion began.' })
  readonly accounts!: number
  @Field(() => Int, { description: 'Accounts that are still to be disconnected.' })
  readonly accountsLeft!: number
}

@Resolver(() => Connection)
export class ConnectionDeletionResolver {
  constructor(private readonly deletions: ConnectionDeletions) {}

  @Mutation(() => Boolean, {
    description:
      'Refused while accounts exist, unless disconnectAccounts is true: then the connection is disabled at once, its accounts are disconnected one after the other, and it is gone when the last one is (see deletion).',
  })
  async deleteConnection(
    @Arg('connection', () => ID) nameOrId: string,
    @Arg('disconnectAccounts', () => Boolean, { nullable: true, defaultValue: false })
    disconnectAccounts: boolean | null,
    @Ctx() context: Context,
  ): Promise<boolean> {
    await this.deletions.delete(context, nameOrId, disconnectAccounts ?? false)
    return true
  }

  @FieldResolver(() => ConnectionDeletion, {
    nullable: true,
    description: 'Set while the connection is being deleted, with its accounts.',
  })
  deletion(@Root() connection: Connection, @Ctx() context: Context): Promise<ConnectionDeletion | null> {
    return this.deletions.progressOf(context, connection)
  }
}
