import { CopyField } from '../shell/copy-field';
import { ShownOnce } from '../shell/shown-once';
import { exampleOf } from './curl';

interface Props {
  readonly made: { readonly token: string; readonly scopes: readonly string[] };
  readonly close: () => void;
}

/** A token that was just made, and how to use it. */
export function ShownToken({ made: { token, scopes }, close }: Props) {
  const example = exampleOf(scopes, window.location.origin, token);
  return (
    <ShownOnce says="It is shown this once: only a trace of it is kept, by which it is known again." close={close}>
      <CopyField label="Token" text={token} />
      {example !== null && <CopyField label="Try it in a shell" text={example} />}
    </ShownOnce>
  );
}
