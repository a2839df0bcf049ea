import * as z from 'zod'
import { readPublicKey } from './public-key.ts'
import { roleMap } from './role-map.ts'

/** The `aud` of the tokens that we make, for the API and for the MCP server, which takes no other. */
export const ownAudience = 'learnflow'
export const mcpAudience = 'learnflow-mcp'

/** The settings about tokens: an identity provider's, and the one that commands use. */
export const tokenSettings = {
  LEARNFLOW_JWT_PUBLIC_KEY: z
    .string()
    .optional()
    .superRefine((text, context) => {
      try {
        if (text !== undefined) readPublicKey(text)
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message })
      }
    })
    .describe(
      'the public key of the identity provider: PEM (also on one line), base64, JWK, or the path of a file; without ' +
        'it and without a key set tokens are HS256 with the secret in the data folder',
    ),
  LEARNFLOW_JWT_JWKS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('where the identity provider publishes its keys (JWKS), instead of one public key; rotation is followed'),
  LEARNFLOW_JWT_SECRET_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('the file with the HS256 secret of the tokens, 32 bytes or more; by default it is in the data folder'),
  LEARNFLOW_JWT_ROLE_CLAIM: z
    .string()
    .min(1)
    .default('role')
    .describe('the claim with the role or roles: a name, a URL, or a path with dots'),
  LEARNFLOW_JWT_ROLE_MAP: roleMap
    .optional()
    .describe(
      "the provider's roles and ours, as `professor=teacher,Learner=student`; then no other role counts, also not of the same name",
    ),
  LEARNFLOW_JWT_CLASSES_CLAIM: z
    .string()
    .min(1)
    .default('classes')
    .describe("the claim with a teacher's classes, named the same way"),
  LEARNFLOW_JWT_ISSUER: z.string().min(1).default('learnflow').describe('the `iss` that tokens must carry'),
  LEARNFLOW_JWT_AUDIENCE: z
    .string()
    .min(1)
    .refine(name => name !== mcpAudience, `is the audience of the MCP server, whose tokens are not for the API`)
    .default(ownAudience)
    .describe('the `aud` that tokens of the identity provider must carry for the API'),
  LEARNFLOW_TOKEN_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('the file with the token of the person whom commands act as; by default they make one'),
}
