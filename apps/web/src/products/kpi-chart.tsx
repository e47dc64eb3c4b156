import '@mantine/charts/styles.css';
import { LineChart } from '@mantine/charts';
import { type KpiSeries, numberText, tickText } from './kpi-series';

/** A figure over the weeks, with its target: the line is broken where a week is missing. */
export default function KpiChart({ series }: { readonly series: KpiSeries }) {
  const { name, unit, target, points, newest } = series;
  const reported = points.filter(({ value }) => value !== null).length;
  return (
    <div
      role="img"
      aria-label={`${name} over ${points.length} weeks, of which ${reported} are reported; in ${newest.week} it was ${numberText(newest.value)}`}
    >
      <LineChart
        h={180}
        data={points.map(({ week, value }) => ({ week, value }))}
        dataKey="week"
        series={[{ name: 'value', label: name, color: 'cyan.6' }]}
        connectNulls={false}
        curveType="linear"
        gridAxis="x"
        tickLine="none"
        valueFormatter={(value) => [numberText(value), unit].filter(Boolean).join(' ')}
        yAxisProps={{ width: 64, domain: ['auto', 'auto'], tickFormatter: tickText }}
        xAxisProps={{ minTickGap: 24 }}
        dotProps={{ r: 3 }}
        activeDotProps={{ r: 5 }}
        lineChartProps={{ accessibilityLayer: false }}
        referenceLines={
          target === null
            ? []
            : [{ y: target, label: `target ${numberText(target)}`, color: 'orange.6', ifOverflow: 'extendDomain' }]
        }
      />
    </div>
  );
}
