/**
 * Bars beside tables: each `figure.plot` names a table and a column of it, and is drawn from those cells. What is
 * plotted and what is read are therefore the same, and a screen reader has the table.
 */

/* global uPlot */

const HEIGHT = 200;
/** A sign of the axes' font, on average and with some air between names. */
const SIGN_WIDTH = 7;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000];

/** A colour of the design, as it is now: another on paper, and in the other theme. @param {string} name */
const tone = (name) => () => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** What one column of a table says. @param {HTMLTableElement} table @param {number} column */
function columnOf(table, column) {
  const rows = [...table.tBodies[0].rows];
  return {
    names: rows.map((row) => row.cells[0].dataset.short ?? row.cells[0].textContent.trim()),
    values: rows.map((row) => Number(row.cells[column].dataset.value)),
    told: rows.map((row) => `${row.cells[0].textContent.trim()}: ${row.cells[column].textContent.trim()}`),
  };
}

/** Seconds per unit and its sign: counts have none. @param {string} kind @param {number} most */
function unitOf(kind, most) {
  if (kind === "count") return { size: 1, sign: "" };
  return most >= 7200 ? { size: 3600, sign: "\u00a0h" } : { size: 60, sign: "\u00a0min" };
}

/**
 * As much of a name as has room on an axis; the table has it whole.
 * @param {string} name
 * @param {number} room in pixels
 */
function cut(name, room) {
  const signs = [...name];
  const most = Math.floor(room / SIGN_WIDTH);
  return signs.length <= most ? name : `${signs.slice(0, most - 1).join("").trimEnd()}…`;
}

/**
 * What both axes are like.
 * @param {number} size
 * @param {(places: number[], room: number) => string[]} values from places, and the pixels between them
 */
function axis(size, values) {
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const look = { font, stroke: tone("--ink-soft"), ticks: { show: false } };
  return { ...look, size, incrs: STEPS, values: (plot, at, axis_at, space) => values(at, space) };
}

/** @param {HTMLElement} figure */
function draw(figure) {
  const area = figure.querySelector(".plot-area");
  const readout = figure.querySelector(".plot-readout");
  const table = document.getElementById(figure.dataset.table);
  const { names, values, told } = columnOf(table, Number(figure.dataset.column));
  const unit = unitOf(figure.dataset.kind, Math.max(0, ...values));
  const bars = uPlot.paths.bars({ size: [0.7, 56], radius: 0.12 });
  const across = axis(28, (places, room) => places.map((at) => cut(names[at] ?? "", room)));
  const up = axis(64, (marks) => marks.map((mark) => `${mark}${unit.sign}`));
  const options = {
    width: area.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: () => [-0.6, names.length - 0.4] },
      y: { range: (_, least, most) => [0, Math.max(1, most) * 1.08] },
    },
    axes: [
      { ...across, gap: 6, space: 64, grid: { show: false } },
      { ...up, grid: { stroke: tone("--line"), width: 1 } },
    ],
    series: [{}, { fill: tone("--busy"), width: 0, points: { show: false }, paths: bars }],
    hooks: { setCursor: [(plot) => (readout.textContent = told[plot.cursor.idx] ?? "")] },
  };
  const plot = new uPlot(options, [names.map((_, at) => at), values.map((value) => value / unit.size)], area);
  new ResizeObserver(() => plot.setSize({ width: area.clientWidth, height: HEIGHT })).observe(area);
  for (const query of ["(prefers-color-scheme: dark)", "print"]) {
    // In a batch it is drawn at once: what is drawn a moment later comes too late for paper.
    matchMedia(query).addEventListener("change", () => plot.batch(() => plot.redraw()));
  }
}

for (const figure of document.querySelectorAll("figure.plot")) draw(figure);
