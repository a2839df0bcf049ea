import { type RawBuilder, sql, type SqlBool } from 'kysely'

/**
 * SQL: whether a row of `quiz` counts for the class of a row of `class_member` `member`: its student had joined before it
 * was made, and it is not about work that was handed in for other classes only.
 */
export const isForClass: RawBuilder<SqlBool> = sql`quiz.student_id = member.student_id
  and member.joined_at <= quiz.made_at and coalesce((
    select bool_or(handed.class_id = member.class_id)
    from jsonb_array_elements_text(quiz.made_from->'submission_ids') id
    join submission_class handed on handed.submission_id = id::uuid), true)`
