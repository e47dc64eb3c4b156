/** A small library with everything that the console shows: sections, owners, a flowchart, a gap. */
export const LIBRARY = `# The process library

- product maintenance
  - [deploy product releases](#deploy-product-releases)
  - [renew certificates](#renew-certificates)
- recruiting
  - [evaluate candidates](#evaluate-candidates)
  - publish job descriptions

## product maintenance

### deploy product releases

owner: ada
deputy: alan
trigger: quarterly

Whoever merges deploys, and looks at the dashboards for ten minutes.

\`\`\`mermaid
flowchart LR
  A[merge in main] --> B[deploy to the droplet]
\`\`\`

### renew certificates

owner: grace
trigger: annual

- Look at the dates every Monday.

## recruiting

### evaluate candidates

owner: ada

| Step | Who |
| --- | --- |
| first call | ada |
`;

/** Whatever a hostile author writes stays text. Each payload would set \`window.hacked\` if it ran. */
export const PAYLOADS = [
  '<script>window.hacked = 1</script>',
  '<img src=x onerror="window.hacked = 2">',
  '<svg onload="window.hacked = 3"></svg>',
  '[click](javascript:window.hacked=4)',
  '"><iframe srcdoc="<script>parent.hacked = 5</script>"></iframe>',
  '{{constructor.constructor("window.hacked = 6")()}}',
] as const;

export const HOSTILE_LIBRARY = `# The process library

- hostile
  - [beware](#beware)

## hostile

### beware

owner: mallory

${PAYLOADS.join('\n\n')}

\`\`\`mermaid
flowchart LR
  A["<img src=x onerror='window.hacked = 7'>"] --> B["<script>window.hacked = 8</script>"]
  click A "javascript:window.hacked=9"
\`\`\`
`;
