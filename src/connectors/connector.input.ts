import { Field, InputType } from 'type-graphql'
import { AuthType } from './auth-method.js'
import { ConnectorOrigin } from './connector.js'

@InputType()
export class ConnectorFilter {
  @Field(() => String, { nullable: true })
  search?: string | null

  @Field(() => String, { nullable: true })
  category?: string | null

  @Field(() => AuthType, { nullable: true })
  authType?: AuthType | null

  @Field(() => ConnectorOrigin, { nullable: true })
  origin?: ConnectorOrigin | null
}
