import { Field, InputType } from 'type-graphql'
import { DateTime } from '../scalars.js'
import { Permission } from './permission.js'

/** Properties of a new API key. Empty or absent lists do not limit it. */
@InputType()
export class CreateApiKeyInput {
  @Field(() => String)
  name!: string

  @Field(() => [Permission])
  permissions!: Permission[]

  @Field(() => [String], { nullable: true, description: 'Names or ids.' })
  connections?: string[] | null

  @Field(() => [String], { nullable: true })
  identifiers?: string[] | null

  @Field(() => [String], {
    nullable: true,
    description: 'Client addresses, or ranges of them (CIDR), such as 10.0.0.0/8 or 2001:db8::/32.',
  })
  addresses?: string[] | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it has to say what a token is for; a key that such a key makes has to, too.',
  })
  purposeRequired?: boolean | null

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it runs registered documents alone (VALETKEY_TRUSTED_DOCUMENTS); a key that such a key makes does, too.',
  })
  trustedDocumentsOnly?: boolean | null

  @Field(() => DateTime, {
    nullable: true,
    description: "A key that another key makes ends with that one; this is at the latest that one's expiry.",
  })
  expiresAt?: Date | null
}
