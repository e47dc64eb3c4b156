import { Badge } from '@mantine/core';
import { type Severity } from './alert-filters';

const COLOURS: Readonly<Record<Severity, string>> = { critical: 'red.9', warning: 'orange', info: 'blue' };

export function SeverityBadge({ severity }: { readonly severity: Severity }) {
  return (
    <Badge
      size="sm"
      color={COLOURS[severity]}
      variant={severity === 'critical' ? 'filled' : 'light'}
      style={{ flexShrink: 0 }}
      mt={4}
      autoContrast
    >
      {severity}
    </Badge>
  );
}
