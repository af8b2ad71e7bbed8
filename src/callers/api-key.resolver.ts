import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import type { Context } from '../context.js'
import { CreateApiKeyInput } from './api-key.input.js'
import { ApiKey, CreatedApiKey } from './api-key.js'
import type { ApiKeys } from './api-keys.js'

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

  @Mutation(() => ApiKey)
  revokeApiKey(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<ApiKey> {
    return this.keys.revoke(context, id)
  }
}
