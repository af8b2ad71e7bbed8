import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Context } from '../context.js'
import { FirstArgs } from '../page.js'
import { StartAuthorizationInput, VerifyAuthorizationInput } from './authorization.input.js'
import { AuthorizationLink } from './authorization-link.js'
import type { Links } from './links.js'
import type { Verifications } from './verifications.js'

/** GraphQL operations of authorization links. */
@Resolver(() => AuthorizationLink)
export class AuthorizationResolver {
  constructor(
    private readonly links: Links,
    private readonly verifications: Verifications,
  ) {}

  @Mutation(() => AuthorizationLink)
  startAuthorization(
    @Arg('input', () => StartAuthorizationInput) input: StartAuthorizationInput,
    @Ctx() context: Context,
  ): Promise<AuthorizationLink> {
    return this.links.start(context, input)
  }

  @Mutation(() => AuthorizationLink)
  revokeAuthorizationLink(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<AuthorizationLink> {
    return this.links.revoke(context, id)
  }

  @Mutation(() => ConnectedAccount, {
    description:
      'States which user of the application came to the verifyUrl. The authorization takes effect if it is the ' +
      'user of the link; otherwise it is discarded.',
  })
  verifyAuthorization(
    @Arg('input', () => VerifyAuthorizationInput) input: VerifyAuthorizationInput,
    @Ctx() context: Context,
  ): Promise<ConnectedAccount> {
    return this.verifications.verify(context, input)
  }

  @FieldResolver(() => ConnectedAccount)
  account(@Root() link: AuthorizationLink): Promise<ConnectedAccount> {
    return link.accountRef.loadOrFail()
  }
}

/** The field of a connected account with its open links. */
@Resolver(() => ConnectedAccount)
export class AccountLinksResolver {
  constructor(private readonly links: Links) {}

  @FieldResolver(() => [AuthorizationLink], {
    description: 'Links that are neither used, expired nor revoked.',
  })
  authorizationLinks(
    @Root() account: ConnectedAccount,
    @Args(() => FirstArgs) first: FirstArgs,
    @Ctx() context: Context,
  ): Promise<AuthorizationLink[]> {
    return this.links.openOf(context, account, first)
  }
}
