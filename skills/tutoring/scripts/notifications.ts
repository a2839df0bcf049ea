import * as z from 'zod'
import { refusalOf } from '../../../api/client.ts'
import { NotificationPage } from '../../../schemas/api-notifications.ts'
import { ClassId } from '../../../schemas/words.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAs, callerAsStaff } from '../client.ts'
import { student, teacher } from '../fields.ts'

const notifications = defineScript({
  about: 'Lists what is new: assignments and comments for a student, who struggles for the teacher of a class.',
  effect: 'reads',
  needs: ['platform'],
  input: z.object({
    student,
    teacher,
    class: ClassId.optional().describe('the class of that teacher'),
    unseen: z.boolean().default(false).describe('only what was not seen'),
    limit: z.int().min(1).max(100).default(10).describe('at most so many'),
  }),
  output: NotificationPage,
  async run({ student: wanted, teacher: staff, class: taught, unseen, limit: max }, { config, line }) {
    const { id, client } = await (staff === undefined
      ? callerAs(config, wanted)
      : callerAsStaff(config, staff, taught === undefined ? [] : [taught]))
    const query = new URLSearchParams({ limit: String(max), unseen: String(unseen) })
    const reply = await client.raw('GET', `/api/v1/notifications?${query.toString()}`)
    if (reply.status >= 400) throw refusalOf(reply)
    const page = NotificationPage.parse(reply.body)
    for (const { at, seen, text } of page.notifications) line(`${at}  ${seen ? '    ' : 'new '}${text}`)
    const more = page.next === null ? '' : ', there are more'
    return { summary: `${page.notifications.length} notifications of ${id}, ${page.unseen} unseen${more}`, data: page }
  },
})
export default notifications
if (import.meta.main) await runAsMain(import.meta, notifications)
