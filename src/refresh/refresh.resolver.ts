import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Context } from '../context.js'
import type { RefreshOnDemand } from './on-demand.js'

/** The GraphQL mutation that refreshes an account. */
@Resolver(() => ConnectedAccount)
export class RefreshResolver {
  constructor(private readonly onDemand: RefreshOnDemand) {}

  @Mutation(() => ConnectedAccount, {
    description:
      'Refreshes now, however long the token is still valid. If the provider refuses the grant, the status shows it; ' +
      'if the provider cannot be reached, the answer is an error.',
  })
  refreshConnectedAccount(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<ConnectedAccount> {
    return this.onDemand.refresh(context, id)
  }
}
