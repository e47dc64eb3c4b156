import { writeFileSync } from 'node:fs';

/** What stands in the flowchart of the process that the story changes. */
export const BEFORE = 'A[merge in main] --> B[deploy to the droplet]';
export const AFTER = 'A[merge in main] --> B[build the image] --> C[deploy to the droplet]';

/** A library as people write it: a list with sections and gaps, records with owners, mermaid in both kinds of fence. */
export function writeLibrary(path: string, flowchart: string): void {
  writeFileSync(
    path,
    `# The process library

- product maintenance
  - [deploy product releases](#deploy-product-releases)
  - [continuously send kpis](#continuously-send-kpis)
- training
  - teach mindset

## product maintenance

### deploy product releases

owner: ada
deputy: alan
trigger: PT4S

- Each product's process is registered.

~~~mermaid
flowchart LR
  ${flowchart}
~~~

### continuously send kpis

owner: grace
trigger: annual
product: each

\`\`\`mermaid
flowchart LR
  A[weekly webhook] --> B[message to the admins]
\`\`\`
`,
  );
}

export const DEPLOY = 'product-maintenance-deploy-product-releases';
export const KPIS = 'product-maintenance-continuously-send-kpis';
