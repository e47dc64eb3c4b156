/**
 * Of a reason such as `week: 2099-W01 has not begun`, the field and what is wrong with it. One that names no field is about
 * the body.
 */
export function fieldOfReason(reason: string): { field: string; message: string } {
  const [, field, message] = /^(week|kpis(?:\.[^:]*)?): (.*)$/s.exec(reason) ?? [];
  if (field !== undefined && message !== undefined) return { field, message };
  return { field: 'body', message: reason.replace(/^the body: /, '') };
}
