import { Code, Text, Typography } from '@mantine/core';
import { lazy, Suspense, type ReactNode } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import classes from './record.module.css';

const Flowchart = lazy(() => import('./flowchart'));

/** HTML within a record is text: nothing of it becomes an element, and only http, https and mailto lead anywhere. */
const components: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  ),
  // A picture from elsewhere would tell its server who reads this.
  img: ({ alt, src }) => (
    <Text span c="dimmed">
      [{alt === '' ? src : alt}]
    </Text>
  ),
  pre: ({ children }) => <>{children}</>,
  code: ({ className, children }) => <CodeOf language={/language-(\S+)/.exec(className ?? '')?.[1]}>{children}</CodeOf>,
};

function CodeOf({ language, children }: { readonly language: string | undefined; readonly children: ReactNode }) {
  const text = typeof children === 'string' ? children : '';
  if (language === 'mermaid') {
    return (
      <Suspense fallback={<Code block>{text}</Code>}>
        <Flowchart source={text} />
      </Suspense>
    );
  }
  return <Code block={text.includes('\n')}>{text}</Code>;
}

/** The Markdown of a record as people read it, its flowcharts drawn. */
export function Record({ markdown }: { readonly markdown: string }) {
  return (
    <Typography className={classes.record}>
      <Markdown remarkPlugins={[remarkGfm]} components={components}>
        {markdown}
      </Markdown>
    </Typography>
  );
}
