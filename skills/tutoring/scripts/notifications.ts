import * as z from 'zod'
import { counted } from '../../../schemas/counted.ts'
import { refusalOf } from '../../../api/client.ts'
import { NotificationPage } from '../../../schemas/api-notifications.ts'
import { ClassId } from '../../../schemas/words.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAs, callerAsStaff } from '../client.ts'
import { limit, student, teacher } from '../fields.ts'
import { rowsOf } from '../pages.ts'

const notifications = defineScript({
  about: 'Lists what is new: assignments and comments for a student, who struggles for the teacher of a class.',
  effect: 'reads',
  needs: ['platform'],
  input: z.object({
    student,
    teacher,
    class: ClassId.optional().describe('the class of that teacher'),
    unseen: z.boolean().default(false).describe('only what was not seen'),
    limit: limit(10),
  }),
  output: NotificationPage,
  async run({ student: wanted, teacher: staff, class: taught, unseen, limit: max }, { config, line }) {
    const { id, client } = await (staff === undefined
      ? callerAs(config, wanted)
      : callerAsStaff(config, staff, taught === undefined ? [] : [taught]))
    let news = 0
    const { rows, next } = await rowsOf(max, async query => {
      const wanted = new URLSearchParams({ ...query, unseen: String(unseen) })
      const reply = await client.raw('GET', `/api/v1/notifications?${wanted.toString()}`)
      if (reply.status >= 400) throw refusalOf(reply)
      const page = NotificationPage.parse(reply.body)
      news = page.unseen
      return { rows: page.notifications, next: page.next }
    })
    for (const { at, seen, text } of rows) line(`${at}  ${seen ? '    ' : 'new '}${text}`)
    const more = next === null ? '' : ', there are more: --limit'
    return {
      summary: `${counted(rows.length, 'notification')} of ${id}, ${news} unseen${more}`,
      data: { notifications: rows, unseen: news, next },
    }
  },
})
export default notifications
if (import.meta.main) await runAsMain(import.meta, notifications)
