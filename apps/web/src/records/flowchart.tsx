import { Alert, Box, Code, useComputedColorScheme } from '@mantine/core';
import mermaid from 'mermaid';
import { useEffect, useId, useState } from 'react';

/** A mermaid flowchart, drawn. One that mermaid does not understand is shown as it was written, with the reason. */
export default function Flowchart({ source }: { readonly source: string }) {
  const id = `flowchart-${useId().replace(/\W/g, '')}`;
  const scheme = useComputedColorScheme('light');
  const [drawn, setDrawn] = useState<{ svg: string } | { fault: string } | null>(null);
  useEffect(() => {
    let isWanted = true;
    // strict: a click runs nothing. Labels are drawn as text, so that no element of theirs can come in.
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: 'strict',
      htmlLabels: false,
      flowchart: { htmlLabels: false },
      theme: scheme === 'dark' ? 'dark' : 'neutral',
      suppressErrorRendering: true,
    });
    mermaid.render(id, source).then(
      ({ svg }) => isWanted && setDrawn({ svg }),
      (error: unknown) => isWanted && setDrawn({ fault: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [id, source, scheme]);

  if (drawn === null) return <Code block>{source}</Code>;
  if ('fault' in drawn) {
    return (
      <Alert color="orange" title="This flowchart cannot be drawn">
        <Code block>{source}</Code>
        <Code block>{drawn.fault}</Code>
      </Alert>
    );
  }
  return (
    <Box
      role="img"
      aria-label="Flowchart"
      my="md"
      style={{ overflowX: 'auto' }}
      // Made by mermaid in its strict mode, which sanitises what it draws.
      dangerouslySetInnerHTML={{ __html: drawn.svg }}
    />
  );
}
