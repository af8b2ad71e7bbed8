import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Context } from '../context.js'
import { reserved } from '../database/shares.js'
import { ValetkeyError } from '../errors.js'
import type { Access } from './access.js'
import type { Gate } from './gate.js'
import { TokenResult } from './token-result.js'
import type { Wish } from './wish.js'

/** Seconds that a token lasts at least, unless the query states `minValidity`. */
const USUAL_VALIDITY = 60
/** Contexts of the operations that have read a token. */
const reading = new WeakSet<Context>()

/** What a caller demands of a token. */
@ArgsType()
class TokenArgs {
  @Field(() => String, {
    nullable: true,
    description: 'What the token is needed for, in your words; stored in the audit log.',
  })
  purpose?: string | null

  @Field(() => [String], { nullable: true, description: 'Scopes that the token must have.' })
  scopes?: string[] | null

  @Field(() => Int, {
    nullable: true,
    defaultValue: USUAL_VALIDITY,
    description: 'Seconds that the token must last at least; it is refreshed first where it would not.',
  })
  minValidity?: number | null

  @Field(() => String, {
    nullable: true,
    description:
      'The access token that the provider has just refused with 401. If it is still the current one it is renewed ' +
      'first, and where it cannot be the answer says why; if it is not, the current one is the answer.',
  })
  rejected?: string | null
}

/** The fields that answer with a credential. */
@Resolver(() => ConnectedAccount)
export class TokenResolver {
  constructor(private readonly gate: Gate) {}

  @Query(() => TokenResult, {
    description:
      'The credential of a user on a connection, as connectedAccount.token has it; AuthorizationRequired for a user ' +
      'who never began.',
  })
  async token(
    @Arg('connection', () => ID, { description: 'Name or id of the connection.' }) connection: string,
    @Arg('identifier', () => String, { description: "The application's own name for the user." }) identifier: string,
    @Args(() => TokenArgs) args: TokenArgs,
    @Ctx() context: Context,
  ): Promise<Access> {
    assertFirstRead(context)
    return reserved(() => this.gate.accessOf(context, { connection, identifier }, wishOf(args)))
  }

  @FieldResolver(() => TokenResult, {
    name: 'token',
    description:
      'The credential to call the provider with, refreshed first when it would not last minValidity seconds.',
  })
  async tokenOfAccount(
    @Root() account: ConnectedAccount,
    @Args(() => TokenArgs) args: TokenArgs,
    @Ctx() context: Context,
  ): Promise<Access> {
    assertFirstRead(context)
    return reserved(() => this.gate.access(context, account, wishOf(args)))
  }
}

function wishOf({ minValidity, scopes, rejected, purpose }: TokenArgs): Wish {
  return {
    minValidity: minValidity ?? USUAL_VALIDITY,
    scopes: scopes ?? null,
    rejected: rejected ?? null,
    purpose: purpose ?? null,
  }
}

/** @throws {ValetkeyError} QUERY_TOO_COMPLEX for a second token in one operation, under whatever alias */
function assertFirstRead(context: Context) {
  if (reading.has(context))
    throw new ValetkeyError('QUERY_TOO_COMPLEX', 'One operation reads one token; send one for each account.')
  reading.add(context)
}
