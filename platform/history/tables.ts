import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { StoredNote } from '../../schemas/note.ts'
import type { Module, Verdict } from '../../schemas/words.ts'

/** 64-bit integers arrive as text from both PostgreSQL drivers. */
type Int8 = ColumnType<string, number | string | bigint | undefined, number | string | bigint>
type Now = ColumnType<Date, Date | string | undefined, Date | string>
type Time = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
/** JSON is sent as text, so that both drivers store the same bytes. */
type Json = ColumnType<unknown, string | null | undefined, string | null>
export type RequestStatus = 'queued' | 'working' | 'done' | 'cancelled' | 'failed'

/** The tables of `platform/history/migrations`; the migrations and `docs/architecture.md` describe the columns. */
export interface Tables {
  request: {
    request_id: string
    student_id: string
    kind: 'submission' | 'question'
    agent: string
    status: Generated<RequestStatus>
    result: Json
    error: Json
    traceparent: string
    created_at: Now
    finished_at: Time
    /** The event of a question; null for a submission, whose event can be made again. */
    event: Json
  }
  request_event: {
    event_id: Int8
    request_id: string
    type: string
    data: ColumnType<unknown, string, string>
    at: Now
  }
  submission: {
    submission_id: string
    student_id: string
    exercise_id: string
    exercise_version: number
    attempt: number
    code: string
    received_at: Now
  }
  grade: {
    submission_id: string
    exercise_version: number
    student_id: string
    exercise_id: string
    module: Module
    attempt: number
    verdict: Verdict
    score: number
    duration_ms: number
    notes: JSONColumnType<StoredNote[]>
    tests: ColumnType<unknown, string, string>
    error: Json
    smallest_failing: Json
    seed: string
    /** The key under which the grade of an equal program is found; null when it must not be reused. */
    fingerprint: string | null
    /** Equal for programs that differ only in formatting, names of locals and docstrings. */
    shape: string | null
    /** How well a passed program is written, 0-1; null until it was computed. */
    quality: ColumnType<number | null, number | null | undefined, number | null>
    graded_at: Now
  }
  exercise: {
    exercise_id: string
    version: number
    owner: string
    source: ColumnType<unknown, string, string>
    exercise: ColumnType<unknown, string, string>
    added_at: Now
    retired_at: Time
  }
  mastery: {
    student_id: string
    module: Module
    mastery: number
    level: string
    components: ColumnType<unknown, string, string>
    bank_version: string
    computed_at: Now
    in_state: Generated<boolean>
  }
  idempotency_key: {
    student_id: string
    key: string
    body_hash: string
    status: number
    response: ColumnType<unknown, string, string>
    created_at: Now
  }
  inbox: {
    consumer: string
    idempotencykey: string
    lane: string
    position: Int8
    event: ColumnType<unknown, string, string>
    topic: string
    log_partition: number
    log_offset: string
    state: Generated<'queued' | 'done' | 'dead' | 'cancelled'>
    attempts: Generated<number>
    claims: Generated<number>
    last_error: string | null
    available_at: Now
    received_at: Now
    finished_at: Time
  }
  lane: { consumer: string; lane: string; fence: Int8; owner: string | null; lease_until: Time; ready_at: Time }
  outbox: { outbox_id: Int8; topic: string; partition: number; key: string; value: string; created_at: Now }
  audit: {
    audit_id: Int8
    at: Now
    actor: string
    action: string
    subject: string
    detail: ColumnType<unknown, string, string>
  }
  /** `joined_at` is null while the student is only invited. */
  class_member: { class_id: string; student_id: string; joined_at: Time }
  /** Codes by which students join; only their hash is stored. */
  class_invitation: { code_hash: string; class_id: string; invited_by: string; created_at: Now; expires_at: Now }
  /** Everybody who called as a teacher or an operator. */
  staff: { subject: string; role: 'teacher' | 'operator'; seen_at: Now }
  /** The classes that a submission was handed in for. */
  submission_class: { submission_id: string; class_id: string }
  comment: {
    comment_id: string
    submission_id: string
    author: string
    line: number | null
    text: string
    created_at: Now
  }
  /** The classes whose teachers may read a comment. */
  comment_class: { comment_id: string; class_id: string }
  assignment: {
    assignment_id: string
    class_id: string
    exercise_id: string
    exercise_version: number
    assigned_by: string
    due: Time
    assigned_at: Now
    wish: string | null
  }
  /** What a student struggled with; open until `cleared_at`. */
  struggle: {
    struggle_id: string
    student_id: string
    rule: string
    exercise_id: string | null
    error: string | null
    evidence: JSONColumnType<string[]>
    detected_at: Now
    cleared_at: Time
  }
  /** The last hint that a student had on an exercise. */
  hint: {
    student_id: string
    exercise_id: string
    level: number
    program_hash: string
    fault_hash: string
    given_at: Now
  }
  /** A quiz; `score`, right answers / questions, is set with the last answer. */
  quiz: {
    quiz_id: string
    student_id: string
    module: Module
    seed: string
    made_from: ColumnType<unknown, string, string>
    made_at: Now
    score: ColumnType<number | null, number | null | undefined, number | null>
    answered_at: Time
  }
  /** A question of a quiz; `judged` is null until it is answered, and nobody is shown `answer_key` before. */
  quiz_question: {
    quiz_id: string
    place: number
    question: ColumnType<unknown, string, string>
    answer_key: ColumnType<unknown, string, string>
    judged: Json
    answered_at: Time
  }
  /** What a student and the agents said in turn. */
  conversation: {
    conversation_id: string
    student_id: string
    turns: Generated<number>
    started_at: Now
    last_at: Now
  }
  /** A message of a conversation; `agent` and `answer` only where it was answered at once, without a request. */
  turn: {
    conversation_id: string
    place: number
    request_id: string | null
    text: string
    code: string | null
    exercise_id: string | null
    agent: string | null
    answer: string | null
    at: Now
  }
  /** What a language model was asked to word; `outcome` is `asked` until it is known. */
  model_call: {
    call_key: string
    student_id: string
    day: ColumnType<Date, string, string>
    outcome: string
    reason: string | null
    reply: string | null
    answer_hash: string
    called_at: Now
  }
  /** What was decided about dead letters, by the refused record and the group that refused it. */
  letter_decision: {
    topic: string
    log_partition: number
    log_offset: string
    consumer: string
    refused_at: ColumnType<Date, string, string>
    decision: 'replayed' | 'discarded'
    decided_by: string
    decided_at: Now
  }
  notification_seen: { student_id: string; notification_id: string; seen_at: Now }
  log_partition: { topic: string; partition: number; next_offset: Int8 }
  log_record: { topic: string; partition: number; log_offset: Int8; key: string; value: string; at: Now }
  log_commit: { group_name: string; topic: string; partition: number; committed: Int8 }
  state_entry: { key: string; value: ColumnType<unknown, string, string>; etag: Int8; expires_at: Time }
}
