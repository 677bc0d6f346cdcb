import type { Language } from '#domain/artifact.ts';
import { AppError, errorPolicies } from '#domain/errors.ts';
import { noUsage, type Usage } from '#domain/review.ts';
import type { Dependencies } from './dependencies.ts';
import { recordRefusal, type OpenInput } from './open-artifact.ts';
import type { DraftPlan } from './prepare-draft.ts';
import { withinTime } from './working-time.ts';

export interface DraftInput extends Omit<OpenInput, 'request'> {
  readonly plan: DraftPlan;
}

/** What came of a task: files that do not exist yet, their texts in the store. */
export interface Drafted {
  /** The main one first. */
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly bytes: number }[];
  /** Of the first file; `why` is one sentence for people. */
  readonly chosen: { readonly name: string; readonly language: Language; readonly why: string };
  /** Id of the model that wrote. */
  readonly by: string;
  readonly taskSha256: string;
  readonly workedMs: number;
  readonly usage?: Usage;
}

/** Lets a model write revision 0 from a task. Nothing is written into the project. Fails as the drafter does. */
export function draft(deps: Dependencies) {
  return async (input: DraftInput): Promise<Drafted> => {
    const { plan } = input;
    const { value, workedMs, usage } = await withinTime(plan, async (context) => {
      try {
        return await write(deps, plan, context);
      } catch (error) {
        // A kind that is tried again may still end well; one that ends the run is to be found in the list of runs.
        if (error instanceof AppError && errorPolicies[error.kind].run === 'fails') await recordRefusal(deps, { ...input, request: { artifact: { name: plan.name } } }, error);
        throw error;
      }
    });
    return { ...value, by: plan.drafter, taskSha256: plan.task.sha256, workedMs, ...(usage === noUsage ? {} : { usage }) };
  };
}

type Context = Parameters<Parameters<typeof withinTime>[1]>[0];

async function write({ store, registry }: Dependencies, { task: { sha256 }, name, drafter: id, filesSha256, rules }: DraftPlan, context: Context): Promise<Pick<Drafted, 'files' | 'chosen'>> {
  const drafter = registry.drafter(id);
  if (drafter === null) throw new AppError('Misconfigured', 'TASK_NEEDS_MODEL', `This worker knows no model '${id}' that could write. Start all workers with the same settings.`);
  const [task, list] = await Promise.all([store.getText(sha256), store.getText(filesSha256)]);
  const files = JSON.parse(list) as string[];
  const result = await drafter.draft({ task, rules, files, ...(name === undefined ? {} : { name }) }, context);
  const stored = await Promise.all(result.files.map(async (file) => ({ path: file.name, ...(await store.putText(file.text)) })));
  const { name: chosenName, language, why } = result.chosen;
  return { files: stored, chosen: { name: chosenName, language, why } };
}
