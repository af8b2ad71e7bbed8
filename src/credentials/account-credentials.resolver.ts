import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver, registerEnumType } from 'type-graphql'
import {
  CreateConnectedAccountInput,
  UpdateConnectedAccountInput,
} from '../connected-accounts/connected-account.input.js'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Context } from '../context.js'
import type { AccountCredentials, Ended } from './account-credentials.js'

export enum Revocation {
  REVOKED = 'REVOKED',
  NOT_SUPPORTED = 'NOT_SUPPORTED',
  FAILED = 'FAILED',
  NOTHING_TO_REVOKE = 'NOTHING_TO_REVOKE',
}
registerEnumType(Revocation, {
  name: 'Revocation',
  valuesConfig: {
    NOT_SUPPORTED: {
      description: "The provider offers no way to revoke; the user can remove the app in the provider's settings.",
    },
    FAILED: { description: 'Tried, and refused or unreachable.' },
  },
})

@ObjectType({ description: 'What became of the tokens of an account that was ended.' })
export class DisconnectedAccount {
  @Field(() => ID)
  readonly id!: string
  @Field(() => String)
  readonly identifier!: string
  @Field(() => Revocation)
  readonly revocation!: Revocation
  @Field(() => String, { nullable: true })
  readonly message!: string | null
}

@Resolver(() => ConnectedAccount)
export class AccountCredentialsResolver {
  constructor(private readonly credentials: AccountCredentials) {}

  @Mutation(() => ConnectedAccount, {
    description:
      'Creates the account, or returns the one that is already there. With credentials it is ACTIVE at once.',
  })
  createConnectedAccount(
    @Arg('input', () => CreateConnectedAccountInput) input: CreateConnectedAccountInput,
    @Ctx() context: Context,
  ): Promise<ConnectedAccount> {
    return this.credentials.create(context, input)
  }

  @Mutation(() => ConnectedAccount)
  updateConnectedAccount(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateConnectedAccountInput) input: UpdateConnectedAccountInput,
    @Ctx() context: Context,
  ): Promise<ConnectedAccount> {
    return this.credentials.update(context, id, input)
  }

  @Mutation(() => DisconnectedAccount, {
    description: 'Revokes at the provider where it can, erases the credentials, keeps the record.',
  })
  async disconnectConnectedAccount(
    @Arg('id', () => ID) id: string,
    @Ctx() context: Context,
  ): Promise<DisconnectedAccount> {
    return shown(await this.credentials.disconnect(context, id))
  }

  @Mutation(() => DisconnectedAccount, { description: 'Disconnects, and removes the record.' })
  async deleteConnectedAccount(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<DisconnectedAccount> {
    return shown(await this.credentials.remove(context, id))
  }
}

function shown({ account, revocation }: Ended): DisconnectedAccount {
  return {
    id: account.id,
    identifier: account.identifier,
    revocation: Revocation[revocation.outcome],
    message: revocation.outcome === 'FAILED' ? revocation.message : null,
  }
}
