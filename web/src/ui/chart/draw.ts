// The drawing of charts. Loaded where a chart is shown, and only the parts of ECharts that are used; its tooltips would need style
// attributes that the policy of the page refuses, so that what is read is ours (`Chart.tsx`).

import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, MarkLineComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { type Ink, option } from './option'
import type { Plot } from './plot'

use([BarChart, LineChart, GridComponent, MarkLineComponent, CanvasRenderer])

export interface Drawing {
  show: (plot: Plot) => void
  /** In pixels from the left, and the point that is nearest to such. */
  xOf: (at: number) => number
  nearest: (x: number) => number
  remove: () => void
}

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
