import { Field, ID, InputType } from 'type-graphql'

/** A value of a form's field; an empty one clears the field. */
@InputType()
export class FieldValueInput {
  @Field(() => ID)
  key!: string

  @Field(() => String)
  value!: string
}
