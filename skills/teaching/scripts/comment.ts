import * as z from 'zod'
import { Comment, CommentList } from '../../../schemas/api.ts'
import { CommentText } from '../../../schemas/words.ts'
import { call, classField } from '../../rosters/fields.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAsStaff } from '../../tutoring/client.ts'
import { teacher } from '../../tutoring/fields.ts'

const comment = defineScript({
  about: 'Comments on a submission, for its student; the same with undo takes it back.',
  effect: 'changes',
  needs: ['platform'],
  input: z.object({
    id: z.uuid().describe('from submissions').meta({ positional: true }),
    class: classField.describe('that it was for'),
    text: CommentText.describe('the comment'),
    line: z.number().int().min(1).optional().describe('of the program'),
    undo: z.boolean().default(false).describe('take it back'),
    teacher,
  }),
  output: Comment.nullable(),
  async run({ id, class: classId, text, line = null, undo, teacher: name }, { config, dryRun }) {
    const { id: author, client } = await callerAsStaff(config, name, [classId])
    const ask = async (method: string, path: string, body?: unknown): Promise<unknown> =>
      (await call(client, method, path, body)).body
    const path = `submissions/${id}/comments`
    const { comments } = CommentList.parse(await ask('GET', path))
    const present = comments.find(one => one.author === author && one.line === line && one.text === text) ?? null
    const summary = `${author} ${undo ? 'no longer comments' : 'comments'} on ${line === null ? '' : `line ${line} of `}${id}`
    if ((present === null) === undo) return { changed: 0, summary, data: present }
    const plan = [`${undo ? 'take back' : 'write'} a comment of ${author} on ${id}`]
    if (dryRun) return { changed: 1, summary, data: present, plan }
    if (present === null)
      return { changed: 1, summary, data: Comment.parse(await ask('POST', path, { text, line })), plan }
    await ask('DELETE', `comments/${present.comment_id}`)
    return { changed: 1, summary, data: present, plan }
  },
})
export default comment
if (import.meta.main) await runAsMain(import.meta, comment)
