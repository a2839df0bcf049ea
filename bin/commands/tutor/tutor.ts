import type { Command } from 'commander'

// The module of each command is imported when it runs, so that `--help` is fast.

/** Adds `tutor`: the tutoring core without a platform, for authors and graders. */
export function tutorCommands(program: Command): void {
  const tutor = program.command('tutor').description('the tutoring core without a platform').helpCommand(false)
  const json = ['--json', 'print the data'] as const
  const lines = ['--jsonl', 'print one line of data for each'] as const
  tutor
    .command('triage')
    .description('which agent answers a message; {"text"} on stdin')
    .option(...json)
    .option('--jsonl', 'one message a line')
    .action(async options => (await import('./triage.ts')).triage(options))
  tutor
    .command('run')
    .description('run a program in the sandbox')
    .argument('<file...>', 'Python programs; - is stdin')
    .option('--stdin <text>', 'what the program reads')
    .option('--seconds <number>', 'its time limit, 0.1 to 30', '5')
    .option(...json)
    .option(...lines)
    .action(async (files, options) => (await import('./run.ts')).run(files, options))
  tutor
    .command('explain')
    .description('why programs do not run, where to look, and an edit that was tried')
    .argument('<file...>', 'Python programs; - is stdin')
    .option('--stdin <text>', 'what the program reads')
    .option('--seconds <number>', 'its time limit, 0.1 to 30', '5')
    .option(...json)
    .option(...lines)
    .action(async (files, options) => (await import('./explain.ts')).explain(files, options))
  tutor
    .command('grade')
    .description('judge programs by an exercise')
    .argument('<file...>', 'Python programs; - is stdin')
    .requiredOption('--exercise <id|path>', 'an exercise of the bank, or the file or folder of one')
    .option('--seed <text>', 'picks the random tests', '0')
    .option('--smaller', 'try inputs smaller than the tests on wrong programs; with one program always')
    .option(...json)
    .option(...lines)
    .action(async (files, options) => (await import('./grade.ts')).grade(files, options))
  tutor
    .command('review')
    .description('what could be simpler, clearer or safer in programs, and their quality 0-1')
    .argument('<file...>', 'Python programs; - is stdin')
    .option('--level <name>', 'beginner, intermediate or advanced', 'beginner')
    .option('--exercise <id|path>', 'run each edit that is shown on the tests of this exercise')
    .option('--seed <text>', 'picks the random tests', '0')
    .option(...json)
    .option(...lines)
    .action(async (files, options) => (await import('./review.ts')).review(files, options))
  debugCommand(tutor)
  tutor
    .command('notebook')
    .description('print the code of a Jupyter notebook as a program')
    .argument('<file>', 'an .ipynb file; - is stdin')
    .action(async file => {
      const [{ readBytes }, { notebookCode }] = await Promise.all([
        import('./io.ts'),
        import('../../../tutor/program/source-file.ts'),
      ])
      process.stdout.write(notebookCode(await readBytes(file), file))
    })
  tutor
    .command('vary')
    .description('make proven exercises from a template, no two alike')
    .argument('<path>', 'an exercise file with variants: values for each <<name>> in it')
    .option('--count <number>', 'how many, 1 to 1000', '5')
    .option('--seed <text>', 'the same seed makes the same variants', '0')
    .option('--out <dir>', 'write each into a folder of its own there')
    .option(...json)
    .option(...lines)
    .action(async (path, options) => (await import('./variants.ts')).varyTemplate(path, options))
  tutor
    .command('check')
    .description('prove exercises: references pass, mistakes fail, tests notice changes')
    .argument('<path...>', 'exercises: file, folder, id, or a folder of folders')
    .option(...json)
    .option(...lines)
    .action(async (paths, options) => (await import('./check.ts')).check(paths, options))
  tutor
    .command('import')
    .description('make an exercise of a unittest or pytest file')
    .argument('<file>', 'the tests, which are read in the sandbox')
    .option('--reference <file>', 'a right solution; by default the one beside the tests')
    .option('--statement <file>', 'the task; by default the instructions beside the tests')
    .option('--module <name>', 'the module of the course', 'basics')
    .option('--id <id>', 'by default the name of the program')
    .option('--out <dir>', 'the folder to write; by default one with the id as its name')
    .option(...json)
    .action(async (file, options) => (await import('./import.ts')).importFile(file, options))
  conceptCommands(tutor)
}

/** Adds the commands of concepts, and of the quizzes about them. */
function conceptCommands(tutor: Command): void {
  const json = ['--json', 'print the data'] as const
  const lines = ['--jsonl', 'print one line of data for each'] as const
  tutor
    .command('concept')
    .description('explain what a question about Python is about')
    .argument('<question>', 'the question; - reads one a line from stdin')
    .option('--level <level>', 'beginner, learning or proficient', 'beginner')
    .option('--known <ids>', 'concepts that need no mention, separated by commas')
    .option('--code <file>', 'the program that the question is about')
    .option(...json)
    .option(...lines)
    .action(async (question, options) => (await import('./concept.ts')).concept(question, options))
  tutor
    .command('concepts')
    .description('what can be explained; with --check, run every program of it')
    .option('--check', 'programs print what is shown, prerequisites and exercises exist')
    .option('--write', 'store what the programs print, and the steps')
    .option('--folder <dir>', 'another library: a folder with bank, comparisons and whys')
    .option(...json)
    .action(async options => (await import('./concepts.ts')).concepts(options))
  quizCommand(tutor)
}

function debugCommand(tutor: Command): void {
  tutor
    .command('debug')
    .description('find the fault of wrong programs: lines, smallest failing input, hints')
    .argument('<file...>', 'Python programs; - is stdin')
    .requiredOption('--exercise <id|path>', 'an exercise of the bank, or the file or folder of one')
    .option('--peers <file...>', 'other programs that pass, to compare with')
    .option('--fix', 'the program as it would pass, too')
    .option('--seed <text>', 'picks the random tests', '0')
    .option('--json', 'print the data')
    .option('--jsonl', 'print one line of data for each')
    .action(async (files, options) => (await import('./debug.ts')).debug(files, options))
}

if (import.meta.main) {
  const { newCommand, runCommand } = await import('../../../skills/usage.ts')
  const program = newCommand('learnflow')
  tutorCommands(program)
  await runCommand(program, ['tutor', ...process.argv.slice(2)])
}

function quizCommand(tutor: Command): void {
  tutor
    .command('quiz')
    .description('questions with their keys, each proven by runs')
    .option('--exercise <id|path...>', 'exercises of the bank, or the files or folders of some')
    .option('--topic <text>', 'a concept')
    .option('--program <file>', 'a right program for the exercise, in place of its reference')
    .option('--count <number>', 'how many, 1 to 10', '5')
    .option('--seed <text>', 'the same seed makes the same quiz', '0')
    .option('--json', 'print the data')
    .action(async options => (await import('./quiz.ts')).quiz(options))
}
