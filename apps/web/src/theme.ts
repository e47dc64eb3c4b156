import { createTheme, darken, lighten, Modal, type CSSVariablesResolver } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'cyan',
  primaryShade: 9,
  autoContrast: true,
  components: { Modal: Modal.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } }) },
});

/** The library's small print is too faint for many eyes: every text has a contrast of 4.5 at least (WCAG 2.2, 1.4.3). */
export const cssVariables: CSSVariablesResolver = ({ colors }) => {
  const light: Record<string, string> = {
    '--mantine-color-dimmed': colors.gray[7],
    '--mantine-color-placeholder': colors.gray[7],
    '--mantine-color-error': darken(colors.red[9], 0.2),
  };
  const dark: Record<string, string> = {
    '--mantine-color-dimmed': colors.dark[1],
    '--mantine-color-placeholder': colors.dark[1],
    '--mantine-color-error': lighten(colors.red[4], 0.2),
  };
  for (const [name, shades] of Object.entries(colors)) {
    for (const use of ['light-color', 'outline', 'text']) {
      light[`--mantine-color-${name}-${use}`] = darken(shades[9], 0.3);
      dark[`--mantine-color-${name}-${use}`] = lighten(shades[4], 0.2);
    }
  }
  return { variables: {}, light, dark };
};
