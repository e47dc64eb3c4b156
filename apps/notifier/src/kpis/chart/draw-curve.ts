import type * as CanvasLibrary from '@napi-rs/canvas';
import type { ChartConfiguration, ScriptableContext } from 'chart.js';
import { type DrawingLibraries } from './draw-chart';
import { FAMILY } from './fonts';
import { colours, sizes } from './palette';
import { axisText, type Panel } from './plan-chart';

/** Draws the curve of one KPI, with its target as a dashed line, into the box of a larger picture. */
export function drawCurve(
  context: CanvasLibrary.SKRSContext2D,
  panel: Panel,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  { canvas, chart }: DrawingLibraries,
): void {
  const { Chart, LineController, LineElement, PointElement, LinearScale, CategoryScale, Filler } = chart;
  Chart.register(LineController, LineElement, PointElement, LinearScale, CategoryScale, Filler);
  const surface = canvas.createCanvas(box.width, box.height);
  const drawn = new Chart(surface, configuration(panel));
  context.drawImage(surface, box.x, box.y);
  // The library keeps every chart, and with it the canvas, until it is told not to.
  drawn.destroy();
}

function configuration(panel: Panel): ChartConfiguration<'line', (number | null)[], string> {
  const { weeks, values, target } = panel;
  const line = { borderColor: colours.curve, borderWidth: 3, spanGaps: false, tension: 0 };
  const points = { pointRadius: pointSizes(values), pointBackgroundColor: colours.curve, pointBorderWidth: 0 };
  const goal = { borderColor: colours.target, borderWidth: 2, borderDash: [7, 6], pointRadius: 0, fill: false };
  return {
    type: 'line',
    data: {
      labels: [...weeks],
      datasets: [
        { data: [...values], fill: { target: 'start' }, backgroundColor: colours.shade, clip: 8, ...line, ...points },
        ...(target === null ? [] : [{ data: weeks.map(() => target.at), clip: 8, ...goal }]),
      ],
    },
    options: {
      responsive: false,
      animation: false,
      devicePixelRatio: 1,
      events: [],
      layout: { padding: { top: 8, right: 8 } },
      scales: { x: weekAxis(weeks.length), y: valueAxis(panel) },
    },
  };
}

type Scales = NonNullable<NonNullable<ChartConfiguration<'line'>['options']>['scales']>;
type Axis = NonNullable<Scales[string]>;

const ticks = { color: colours.quiet, font: { family: FAMILY, size: sizes.axis } };

/** Named are the first week, the last one and the one in the middle: more would not be readable on a phone. */
function weekAxis(count: number): Axis {
  const named = new Set([0, Math.floor(count / 2), count - 1]);
  return {
    grid: { display: false },
    border: { color: colours.edge },
    offset: count === 1,
    ticks: {
      ...ticks,
      ...{ autoSkip: false, maxRotation: 0, align: 'inner' },
      callback(_value, index) {
        return named.has(index) ? this.getLabelForValue(index) : null;
      },
    },
  };
}

function valueAxis({ fromZero }: Panel): Axis {
  return {
    beginAtZero: fromZero,
    grace: fromZero ? 0 : '12%',
    grid: { color: colours.grid },
    border: { display: false },
    ticks: { ...ticks, maxTicksLimit: 4, padding: 6, callback: (value) => axisText(Number(value)) },
  };
}

/** Every reported week has a point, so that a gap is seen for what it is; the last one is the largest. */
function pointSizes(values: readonly (number | null)[]): (context: ScriptableContext<'line'>) => number {
  return ({ dataIndex }) => (dataIndex === values.length - 1 ? 6 : 3);
}
