// The drawing of charts. Loaded where a chart is shown, and only the parts of ECharts that are used; its tooltips would need style
// attributes that the policy of the page refuses, so that what is read is ours (`Chart.tsx`).

import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, MarkLineComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { short } from '@/lib/format'
import { dayOf, type Plot, type Series } from './plot'

use([BarChart, LineChart, GridComponent, MarkLineComponent, CanvasRenderer])

export interface Drawing {
  show: (plot: Plot) => void
  /** In pixels from the left, and the point that is nearest to such. */
  xOf: (at: number) => number
  nearest: (x: number) => number
  remove: () => void
}

/** Pixels around the plot: numbers to the left, dates below. */
const AROUND = { left: 40, right: 12, top: 10, bottom: 24 }

type Ink = (token: string) => string

export function draw(holder: HTMLElement): Drawing {
  const chart = init(holder, undefined, { renderer: 'canvas' })
  let shown: Plot | undefined
  const resized = new ResizeObserver(() => chart.resize())
  resized.observe(holder)
  return {
    show: (plot) => {
      shown = plot
      chart.setOption(option(plot, inks(holder)), { notMerge: true })
    },
    xOf: (at) => Number(chart.convertToPixel({ xAxisIndex: 0 }, at)),
    nearest: (x) => {
      const last = (shown?.dates.length ?? 1) - 1
      const at = Number(chart.convertFromPixel({ xAxisIndex: 0 }, x))
      return Math.max(0, Math.min(last, Math.round(at)))
    },
    remove: () => {
      resized.disconnect()
      chart.dispose()
    },
  }
}

/** Tokens as the theme of the moment has them. */
function inks(holder: HTMLElement): Ink {
  const probe = document.createElement('i')
  holder.append(probe)
  const found = new Map<string, string>()
  for (const token of [
    'surface',
    'line',
    'line-strong',
    'text',
    'text-2',
    'muted',
    'accent',
    'critical',
    'high',
    'medium',
    'low',
    'info',
  ]) {
    probe.style.color = `var(--${token})`
    found.set(token, getComputedStyle(probe).color)
  }
  probe.remove()
  return (token) => found.get(token) ?? ''
}

function option(plot: Plot, ink: Ink) {
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
      splitLine: { lineStyle: { color: ink('line') } },
      axisLabel: { ...text, formatter: (value: number) => short(Math.abs(value)) },
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
        data: series.values,
        connectNulls: false,
        symbol: 'circle',
        symbolSize: 3,
        showSymbol: series.values.filter((one) => one !== null).length < 40,
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
