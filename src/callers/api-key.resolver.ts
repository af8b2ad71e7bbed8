import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { Context } from '../context.js'
import { CreateApiKeyInput } from './api-key.input.js'
import { ApiKey, CreatedApiKey } from './api-key.js'
import type { ApiKeys } from './api-keys.js'

/** GraphQL operations of API keys. */
@Resolver(() => ApiKey)
export class ApiKeyResolver {
  constructor(private readonly keys: ApiKeys) {}

  @Query(() => [ApiKey])
  apiKeys(@Ctx() context: Context): Promise<ApiKey[]> {
    return this.keys.list(context)
  }

  @Mutation(() => CreatedApiKey)
  createApiKey(
    @Arg('input', () => CreateApiKeyInput) input: CreateApiKeyInput,
    @Ctx() context: Context,
  ): Promise<CreatedApiKey> {
    return this.keys.create(context, input)
  }

  @Mutation(() => CreatedApiKey, {
    description:
      'Gives a key a new secret; the former one is taken for overlap seconds more. Of its own key, of one that it ' +
      'has made, or of any that the caller could have made, where it is unbound and no key has made it.',
  })
  rotateApiKey(
    @Arg('id', () => ID) id: string,
    @Arg('overlap', () => Int, { nullable: true, description: 'Seconds; a day by default, 30 days at most.' })
    overlap: number | null,
    @Ctx() context: Context,
  ): Promise<CreatedApiKey> {
    return this.keys.rotate(context, id, overlap ?? null)
  }

  @FieldResolver(() => [String], {
    description: 'Names of the only connections it may use; the id of one that is deleted; empty means all.',
  })
  connections(@Root() apiKey: ApiKey): Promise<string[]> {
    return this.keys.connectionsOf(apiKey.connectionIds)
  }

  @Mutation(() => ApiKey, {
    description:
      'Revokes a key, and every key that it has made. Its own, one that it has made, or one that it could have made.',
  })
  revokeApiKey(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<ApiKey> {
    return this.keys.revoke(context, id)
  }
}
