import { Arg, Authorized, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql'
import { Permission } from '../callers/permission.js'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Context } from '../context.js'
import { StartAuthorizationInput, VerifyAuthorizationInput } from './authorization.input.js'
import { AuthorizationLink } from './authorization-link.js'
import type { Authorizations } from './authorizations.js'
import type { Verifications } from './verifications.js'

@Resolver(() => AuthorizationLink)
export class AuthorizationResolver {
  constructor(
    private readonly authorizations: Authorizations,
    private readonly verifications: Verifications,
  ) {}

  @Authorized(Permission.AUTHORIZATIONS_START)
  @Mutation(() => AuthorizationLink)
  async startAuthorization(
    @Arg('input', () => StartAuthorizationInput) input: StartAuthorizationInput,
    @Ctx() { em, caller, audit }: Context,
  ): Promise<AuthorizationLink> {
    return em.transactional(async (em) => {
      const { link, connection, account } = await this.authorizations.start(em, caller, input, new Date())
      audit.record(em, {
        action: 'link.created',
        connection: connection.name,
        identifier: account.identifier,
        details: { link: link.id, expiresAt: link.expiresAt.toISOString() },
      })
      return link
    })
  }

  @Authorized(Permission.AUTHORIZATIONS_START)
  @Mutation(() => AuthorizationLink)
  async revokeAuthorizationLink(
    @Arg('id', () => ID) id: string,
    @Ctx() { em, caller, audit }: Context,
  ): Promise<AuthorizationLink> {
    return em.transactional(async (em) => {
      const { link, connection, account } = await this.authorizations.revoke(em, caller, id, new Date())
      audit.record(em, {
        action: 'link.revoked',
        connection: connection.name,
        identifier: account.identifier,
        details: { link: link.id },
      })
      return link
    })
  }

  @Authorized(Permission.AUTHORIZATIONS_START)
  @Mutation(() => ConnectedAccount, {
    description:
      'Says which user of yours came to the verifyUrl. The authorization counts if it is the one that the link was made for; otherwise it is undone.',
  })
  verifyAuthorization(
    @Arg('input', () => VerifyAuthorizationInput) input: VerifyAuthorizationInput,
    @Ctx() { caller, audit }: Context,
  ): Promise<ConnectedAccount> {
    return this.verifications.verify(caller, input, audit)
  }

  @FieldResolver(() => ConnectedAccount)
  account(@Root() link: AuthorizationLink): Promise<ConnectedAccount> {
    return link.accountRef.loadOrFail()
  }
}

@Resolver(() => ConnectedAccount)
export class AccountLinksResolver {
  @Authorized(Permission.ACCOUNTS_READ)
  @FieldResolver(() => [AuthorizationLink], { description: 'Links that are neither used, expired nor revoked.' })
  authorizationLinks(@Root() account: ConnectedAccount, @Ctx() { em }: Context): Promise<AuthorizationLink[]> {
    return em.find(
      AuthorizationLink,
      { accountRef: account.uuid, usedAt: null, revokedAt: null, expiresAt: { $gt: new Date() } },
      { orderBy: { createdAt: 'desc' } },
    )
  }
}
