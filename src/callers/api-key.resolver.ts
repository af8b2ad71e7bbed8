import { Arg, Authorized, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import type { Context } from '../context.js'
import { CreateApiKeyInput } from './api-key.input.js'
import { ApiKey, CreatedApiKey } from './api-key.js'
import { createApiKey, findApiKeys, revokeApiKey } from './api-keys.js'
import type { Callers } from './caller.js'
import { Permission } from './permission.js'

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  constructor(private readonly callers: Callers) {}

  @Authorized(Permission.KEYS_WRITE)
  @Query(() => [ApiKey])
  apiKeys(@Ctx() { em }: Context): Promise<ApiKey[]> {
    return findApiKeys(em)
  }

  @Authorized(Permission.KEYS_WRITE)
  @Mutation(() => CreatedApiKey)
  async createApiKey(
    @Arg('input', () => CreateApiKeyInput) input: CreateApiKeyInput,
    @Ctx() { em, caller, audit }: Context,
  ): Promise<CreatedApiKey> {
    const created = createApiKey(em, caller, input, new Date())
    audit.record(em, {
      action: 'key.created',
      details: { key: created.apiKey.id, name: created.apiKey.name, permissions: created.apiKey.permissions },
    })
    await em.flush()
    return created
  }

  @Authorized(Permission.KEYS_WRITE)
  @Mutation(() => ApiKey)
  async revokeApiKey(@Arg('id', () => ID) id: string, @Ctx() { em, audit }: Context): Promise<ApiKey> {
    const apiKey = await revokeApiKey(em, id, new Date())
    audit.record(em, { action: 'key.revoked', details: { key: apiKey.id, name: apiKey.name } })
    await em.flush()
    this.callers.forget()
    return apiKey
  }
}
