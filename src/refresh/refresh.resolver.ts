import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Context } from '../context.js'
import type { RefreshOnDemand } from './on-demand.js'

@Resolver(() => ConnectedAccount)
export class RefreshResolver {
  constructor(private readonly onDemand: RefreshOnDemand) {}

  @Mutation(() => ConnectedAccount, {
    description:
      'Refreshes now, whatever the token still lasts. A grant that the provider refuses is seen in the status; a provider that cannot be reached is an error.',
  })
  refreshConnectedAccount(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<ConnectedAccount> {
    return this.onDemand.refresh(context, id)
  }
}
