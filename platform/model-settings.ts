import * as z from 'zod'

const number = (value: unknown): unknown => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value)

const isPlain = (text: string): boolean => {
  const { username, password, search, hash } = new URL(text)
  return `${username}${password}${search}${hash}` === ''
}

/** The settings of the language model that may word answers; without `LEARNFLOW_MODEL_URL` there is none. */
export const modelSettings = {
  LEARNFLOW_MODEL_URL: z
    .url({ protocol: /^https?$/ })
    .refine(text => !URL.canParse(text) || isPlain(text), 'must hold no user, password, query or fragment')
    .optional()
    .describe(
      'an OpenAI-compatible endpoint whose model words verified answers, as `https://host/v1`; by default no model is asked',
    ),
  LEARNFLOW_MODEL_NAME: z.string().min(1).optional().describe('the model to ask there'),
  LEARNFLOW_MODEL_KEY_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('the file with the key of that endpoint; without it none is sent'),
  LEARNFLOW_MODEL_SECONDS: z
    .preprocess(number, z.number().min(0.05).max(20))
    .default(10)
    .describe('how long wording an answer may take, checks included, before the plain text is shown'),
  LEARNFLOW_MODEL_CALLS_PER_DAY: z
    .preprocess(number, z.number().int().min(1).max(100_000))
    .default(50)
    .describe('how many answers of one student the model may be asked to word in a day (UTC)'),
}
