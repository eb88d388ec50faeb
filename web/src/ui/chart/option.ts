// What ECharts is told to draw, as data.

import { short } from '@/lib/format'
import { dayOf, type Plot, type Series } from './plot'

/** The colour of a token, as the theme of the moment has it. */
export type Ink = (token: string) => string

/** Pixels around the plot: numbers to the left, dates below. */
const AROUND = { left: 40, right: 12, top: 10, bottom: 24 }

export function option(plot: Plot, ink: Ink) {
  const text = { color: ink('muted'), fontFamily: 'Inter Variable, system-ui, sans-serif', fontSize: 11 }
  return {
    animation: false,
    grid: AROUND,
    xAxis: {
      type: 'category',
      data: plot.dates.map(dayOf),
      boundaryGap: plot.kind === 'change',
      axisLine: { lineStyle: { color: ink('line') }, onZero: true },
      axisTick: { show: false },
      // Where bars go down from zero, dates stay at the foot.
      axisLabel: { ...text, hideOverlap: true },
      position: 'bottom',
      ...(plot.kind === 'change' ? { axisLine: { show: false } } : {}),
    },
    yAxis: {
      type: 'value',
      max: plot.most,
      minInterval: 1,
      splitNumber: 3,
      // Where values are marked, those are the lines, and are what is labelled.
      splitLine: { show: !plot.marks, lineStyle: { color: ink('line') } },
      axisLabel: {
        ...text,
        formatter: (value: number) => short(Math.abs(value)),
        customValues: plot.marks && [0, ...plot.marks],
      },
    },
    series: plot.series.map((series, at) => drawn(plot, series, at, ink)),
  }
}

function drawn(plot: Plot, series: Series, at: number, ink: Ink) {
  const colour = ink(series.severity ?? 'text-2')
  switch (plot.kind) {
    case 'stack':
      return {
        type: 'line',
        stack: 'all',
        data: series.values,
        symbol: 'none',
        silent: true,
        areaStyle: { color: colour, opacity: 1 },
        // A gap between the layers.
        lineStyle: { color: ink('surface'), width: 1 },
      }
    case 'change':
      return at < 2
        ? {
            type: 'bar',
            stack: 'change',
            silent: true,
            data: at === 0 ? series.values : series.values.map((value) => value && -value),
            itemStyle: at === 0 ? { color: ink('line-strong') } : { color: ink('surface'), borderColor: ink('line-strong') },
            barCategoryGap: '30%',
          }
        : { type: 'line', data: series.values, symbol: 'none', silent: true, lineStyle: { color: ink('text'), width: 1.5 } }
    case 'line':
      return {
        type: 'line',
        data: series.values.map((value, at) => (isAlone(series.values, at) ? { value, symbolSize: ALONE } : value)),
        connectNulls: false,
        symbol: 'circle',
        // A point without neighbours has no line that shows it.
        symbolSize: 3,
        showSymbol:
          series.values.filter((one) => one !== null).length < 40 || series.values.some((_, at) => isAlone(series.values, at)),
        silent: true,
        itemStyle: { color: colour },
        lineStyle: { color: colour, width: 1.5 },
        markLine: plot.marks && {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: ink('line'), type: 'dashed' },
          data: plot.marks.map((yAxis) => ({ yAxis })),
        },
      }
  }
}

/** Pixels of a point that no line leads to. */
const ALONE = 8

function isAlone(values: Series['values'], at: number): boolean {
  return values[at] != null && values[at - 1] == null && values[at + 1] == null
}
