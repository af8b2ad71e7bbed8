import { Ctx, Query, Resolver } from 'type-graphql'
import type { Context } from '../context.js'
import type { ApiKeys } from './api-keys.js'
import { Viewer, viewerOf } from './viewer.js'

/** The GraphQL query for the caller. */
@Resolver(() => Viewer)
export class ViewerResolver {
  constructor(private readonly apiKeys: ApiKeys) {}

  @Query(() => Viewer, {
    description: 'The caller: this API key, or the one that someone signed in to the dashboard with.',
  })
  viewer(@Ctx() context: Context): Promise<Viewer> {
    return viewerOf(context, this.apiKeys)
  }
}
