import { Ctx, Query, Resolver } from 'type-graphql'
import type { Context } from '../context.js'
import { Viewer, viewerOf } from './viewer.js'

@Resolver(() => Viewer)
export class ViewerResolver {
  @Query(() => Viewer, {
    description: 'The caller: this API key, or the one that someone signed in to the dashboard with.',
  })
  viewer(@Ctx() context: Context): Promise<Viewer> {
    return viewerOf(context)
  }
}
