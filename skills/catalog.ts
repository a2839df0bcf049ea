import { type Effect } from './definition.ts'
import { readSkills } from './rank.ts'
import { loadScript } from './registry.ts'

const marks: Readonly<Record<Effect, string>> = { reads: '', probes: ' ~', changes: ' *', deletes: ' !' }

/** SKILLS.md: every skill with its purpose and its scripts. */
export async function skillsPage(): Promise<string> {
  const skills = await readSkills()
  const sections = await Promise.all(
    skills.map(async ({ name, description, scripts }) => {
      const rows = await Promise.all(
        scripts.map(
          async ({ op, about }) =>
            `| \`learnflow ${op.replace('/', ' ')}\`${marks[(await loadScript(op)).effect]} | ` +
            `${about.replaceAll('|', '\\|')} |`,
        ),
      )
      return [
        `## [${name}](skills/${name}/SKILL.md)`,
        description,
        '',
        '| command | what it does |',
        '| --- | --- |',
        ...rows,
      ].join('\n')
    }),
  )
  const intro = [
    '# Skills',
    'Each script is a file, a command and an operation of the MCP server (`skill/script`), with the same ' +
      'answer from all three. `*` changes something, and says `unchanged` the second time; `!` deletes, and ' +
      'wants `--confirm`; `~` measures by writing, as synthetic students do. `--dry-run` tells the plan, `--json` prints the data, `--help` the arguments. Exit ' +
      'codes: 0 done, 1 not ready or a check failed, 2 a prerequisite is missing, 3 wrong usage, 4 a ' +
      'dependency did not answer.',
    'Made by `npm run generate`.',
  ].join('\n\n')
  return `${[intro, ...sections].join('\n\n')}\n`
}
