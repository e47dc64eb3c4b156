const NO_STEPS = /^(run|letter|task|bus)\.|^(token\.used|session\.changed)$/;

/** Whether an event of this subject, and what handles it, are steps of a run: what tells of the hub itself is none. */
export function isStep(subject: string): boolean {
  return !NO_STEPS.test(subject);
}
