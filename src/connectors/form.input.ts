import { Field, ID, InputType } from 'type-graphql'

@InputType()
export class FieldValueInput {
  @Field(() => ID)
  key!: string

  @Field(() => String)
  value!: string
}
