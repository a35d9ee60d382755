import { EMPTY, type Step } from "../shapes";

/** A step that says something, under a name that no other has. */
export function freshStep(steps: readonly Step[]): Step {
  const taken = new Set(steps.map(({ id }) => id));
  let n = steps.length + 1;
  while (taken.has(`step_${n}`)) n++;
  return { id: `step_${n}`, kind: "say", text: EMPTY, save: null, field: null, choices: [], conditions: [], next: null, group: null };
}

/** Steps that lead to a step which is not there any more. */
export function dangling(steps: readonly Step[]): Set<string> {
  const known = new Set(steps.map(({ id }) => id));
  const leads = ({ next, choices, conditions }: Step) => [next, ...choices.map((one) => one.next), ...conditions.map((one) => one.next)];
  return new Set(steps.filter((step) => leads(step).some((next) => next && !known.has(next))).map(({ id }) => id));
}
