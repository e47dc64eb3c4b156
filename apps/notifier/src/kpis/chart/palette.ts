/** Colours and sizes of the chart: made for a phone, where it is shown at about half its size. */
export const WIDTH = 800;
export const MARGIN = 28;
export const GAP = 20;
export const TITLE_HEIGHT = 92;
export const CARD_PADDING = 18;
/** Name and value above the curve. */
export const HEADER_HEIGHT = 92;
export const CURVE_HEIGHT = 168;

export const colours = {
  page: '#f1f5f9',
  card: '#ffffff',
  edge: '#e2e8f0',
  ink: '#0f172a',
  quiet: '#64748b',
  grid: '#eef2f6',
  curve: '#2563eb',
  shade: 'rgba(37, 99, 235, 0.10)',
  target: '#94a3b8',
  met: '#15803d',
  missed: '#c2410c',
} as const;

/** Pixels. */
export const sizes = { title: 32, subtitle: 21, name: 22, value: 34, unit: 20, target: 19, axis: 16 } as const;
