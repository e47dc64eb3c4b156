import type * as CanvasLibrary from '@napi-rs/canvas';
import type * as ChartLibrary from 'chart.js';
import { type ChartPlan, type Panel } from './plan-chart';
import { drawCurve } from './draw-curve';
import { encodePng } from './encode-png';
import { ellipsis, font, registerFonts } from './fonts';
import { CARD_PADDING, colours, CURVE_HEIGHT, GAP, HEADER_HEIGHT, MARGIN, sizes, TITLE_HEIGHT, WIDTH } from './palette';

/** The libraries, loaded by whoever draws: they weigh more than the rest of the service. */
export interface DrawingLibraries {
  readonly canvas: typeof CanvasLibrary;
  readonly chart: typeof ChartLibrary;
}

type Context = CanvasLibrary.SKRSContext2D;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Place {
  readonly x: number;
  /** Of the line on which the text stands. */
  readonly y: number;
  /** Pixels that it may be wide. */
  readonly room: number;
}

/** Between the value and the target. */
const SPACE = 12;
/** The mark before a target, with the space behind it. */
const MARK_WIDTH = 22;
const CARD_HEIGHT = CARD_PADDING * 2 + HEADER_HEIGHT + CURVE_HEIGHT;

/** @returns a PNG, 800 pixels wide; the same for the same plan */
export async function drawChart(plan: ChartPlan, libraries: DrawingLibraries): Promise<Buffer> {
  registerFonts(libraries.canvas);
  const rows = Math.ceil(plan.panels.length / plan.columns);
  const height = TITLE_HEIGHT + rows * (CARD_HEIGHT + GAP) - GAP + MARGIN;
  const canvas = libraries.canvas.createCanvas(WIDTH, height);
  const context = canvas.getContext('2d');
  context.fillStyle = colours.page;
  context.fillRect(0, 0, WIDTH, height);
  drawTitle(context, plan);
  plan.panels.forEach((panel, i) => drawPanel(context, panel, boxOf(plan, i), libraries));
  return encodePng(context.getImageData(0, 0, WIDTH, height).data as unknown as Uint8Array, WIDTH, height);
}

/** A panel that is alone in the last row takes all of it. */
function boxOf({ panels, columns }: ChartPlan, index: number): Box {
  const full = WIDTH - 2 * MARGIN;
  const isAlone = columns === 1 || (index === panels.length - 1 && index % 2 === 0);
  const width = isAlone ? full : (full - GAP) / 2;
  const x = MARGIN + (index % columns) * (width + GAP);
  const y = TITLE_HEIGHT + Math.floor(index / columns) * (CARD_HEIGHT + GAP);
  return { x, y, width, height: CARD_HEIGHT };
}

function drawTitle(context: Context, { title, subtitle }: ChartPlan): void {
  const baseline = 58;
  context.textAlign = 'right';
  write(context, subtitle, { size: sizes.subtitle, colour: colours.quiet, x: WIDTH - MARGIN, y: baseline });
  const room = WIDTH - 2 * MARGIN - GAP - context.measureText(subtitle).width;
  context.textAlign = 'left';
  write(context, title, { size: sizes.title, bold: true, colour: colours.ink, x: MARGIN, y: baseline, room });
}

function drawPanel(context: Context, panel: Panel, box: Box, libraries: DrawingLibraries): void {
  context.beginPath();
  context.roundRect(box.x, box.y, box.width, box.height, 14);
  context.fillStyle = colours.card;
  context.fill();
  context.strokeStyle = colours.edge;
  context.lineWidth = 1;
  context.stroke();
  const x = box.x + CARD_PADDING;
  const room = box.width - 2 * CARD_PADDING;
  const y = box.y + CARD_PADDING;
  write(context, panel.name, { size: sizes.name, bold: true, colour: colours.ink, x, y: y + 20, room });
  const left = drawTarget(context, panel, { x, y: y + 66, room });
  drawValue(context, panel, { x, y: y + 66, room: left });
  drawCurve(context, panel, { x, y: y + HEADER_HEIGHT, width: room, height: CURVE_HEIGHT }, libraries);
}

function drawValue(context: Context, { value, unit }: Panel, { x, y, room }: Place): void {
  const width = write(context, value, { size: sizes.value, bold: true, colour: colours.curve, x, y, room });
  const beside = { x: x + width + 6, y, room: room - width - 6 };
  if (unit !== '' && beside.room > 40) write(context, unit, { size: sizes.unit, colour: colours.quiet, ...beside });
}

/** At the right edge, with a mark for those who do not see the colour. @returns the room that is left of it */
function drawTarget(context: Context, { target, value }: Panel, { x, y, room }: Place): number {
  if (target === null) return room;
  context.font = font(sizes.value, true);
  const most = room - context.measureText(value).width - SPACE - MARK_WIDTH;
  context.font = font(sizes.target, false);
  // A number is never cut off: where it does not fit, the line in the curve says it.
  const text = context.measureText(target.text).width <= most ? target.text : 'target';
  const colour = target.isMet ? colours.met : colours.missed;
  context.textAlign = 'right';
  const width = MARK_WIDTH + write(context, text, { size: sizes.target, colour, x: x + room, y });
  context.textAlign = 'left';
  drawMark(context, target.isMet, { x: x + room - width, y: y - 13, colour });
  return room - width - SPACE;
}

/** A tick or a cross, 14 pixels wide. */
function drawMark(context: Context, isMet: boolean, { x, y, colour }: { x: number; y: number; colour: string }): void {
  const strokes = isMet
    ? [[0, 7, 5, 12, 14, 1]]
    : [
        [2, 1, 13, 12],
        [13, 1, 2, 12],
      ];
  context.strokeStyle = colour;
  context.lineWidth = 3;
  context.lineCap = context.lineJoin = 'round';
  context.beginPath();
  for (const [fromX = 0, fromY = 0, ...to] of strokes) {
    context.moveTo(x + fromX, y + fromY);
    for (let i = 0; i < to.length; i += 2) context.lineTo(x + (to[i] ?? 0), y + (to[i + 1] ?? 0));
  }
  context.stroke();
}

interface Text {
  readonly size: number;
  readonly bold?: boolean;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
  /** Pixels that it may be wide. */
  readonly room?: number;
}

/** @returns how wide it is */
function write(context: Context, text: string, { size, bold = false, colour, x, y, room = WIDTH }: Text): number {
  context.font = font(size, bold);
  context.fillStyle = colour;
  const shown = ellipsis(text, (piece) => context.measureText(piece).width <= room);
  context.fillText(shown, x, y);
  return context.measureText(shown).width;
}
