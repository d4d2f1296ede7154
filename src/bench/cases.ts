/** The cases of a whole run, and those of a quick one. */
import type { MethodName } from "../../guests/bench/methods.ts";
import type { SceneName } from "../../guests/bench/scenes.ts";
import {
  type Case,
  type FormatName,
  formats,
  type GuestKind,
  guestKinds,
  type Size,
  sizeName,
  sweepSize,
} from "./case.ts";

export const SIZES: readonly Size[] = [
  { width: 320, height: 200 },
  { width: 640, height: 480 },
  { width: 1024, height: 768 },
  { width: 1920, height: 1080 },
];
/** Where all methods are measured, and what the goals are stated for. */
export const HEADLINE = { size: SIZES[2]!, format: "xrgb8888" } as const;

export const SCENES: readonly SceneName[] = ["fill", "plasma", "scroll", "text", "sprites", "pixel", "window"];
const FRACTIONS = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001];
const QUICK_FRACTIONS = [0.01, 0.001];
const FORMATS = Object.keys(formats) as FormatName[];

/** Scenes that fill or move rectangles, which the card's 2D engine can do. */
const ENGINE_SCENES: readonly SceneName[] = ["fill", "scroll", "sprites", "window", "sweep"];

/** A call for each pixel: above this nobody would wait for it. */
const POKE_LIMIT = 2000;

const ALWAYS: readonly MethodName[] = ["direct", "write", "memcpy"];
const HEADLINE_METHODS: readonly MethodName[] = [...ALWAYS, "rows", "shadow", "draw", "call"];

const isHeadline = (size: Size, format: FormatName): boolean =>
  sizeName(size) === sizeName(HEADLINE.size) && format === HEADLINE.format;

const makeCase = (
  guest: GuestKind,
  scene: SceneName,
  size: Size,
  format: FormatName,
  fraction: number | null = null,
): Case => {
  const methods = [...(isHeadline(size, format) ? HEADLINE_METHODS : ALWAYS)];
  if (isHeadline(size, format) && ENGINE_SCENES.includes(scene)) methods.push("engine");
  const { width, height } = sweepSize({ size, fraction });
  const pokes = scene === "pixel" ? 1 : scene === "sweep" ? width * height : Number.POSITIVE_INFINITY;
  if (isHeadline(size, format) && pokes <= POKE_LIMIT) methods.push("poke");
  return { guest, scene, size, format, fraction, methods };
};

/** Every scene in every size and format for every kind of guest; sweeps in every size, and in every format at one. */
export const allCases = (): Case[] =>
  guestKinds.flatMap((guest) => [
    ...SIZES.flatMap((size) =>
      FORMATS.flatMap((format) => [
        ...SCENES.map((scene) => makeCase(guest, scene, size, format)),
        ...(format === HEADLINE.format || isHeadline(size, HEADLINE.format)
          ? FRACTIONS.map((fraction) => makeCase(guest, "sweep", size, format, fraction))
          : []),
      ]),
    ),
    makeCase(guest, "nothing", HEADLINE.size, HEADLINE.format),
  ]);

const QUICK_METHODS: readonly MethodName[] = ["direct", "write", "memcpy", "shadow", "draw", "call"];

/** One size and format, all scenes, the points of the sweep that the goals name, and the methods that are quick. */
export const quickCases = (): Case[] => {
  const { size, format } = HEADLINE;
  return guestKinds
    .flatMap((guest) => [
      ...SCENES.map((scene) => makeCase(guest, scene, size, format)),
      ...QUICK_FRACTIONS.map((fraction) => makeCase(guest, "sweep", size, format, fraction)),
      makeCase(guest, "nothing", size, format),
    ])
    .map((one) => ({ ...one, methods: QUICK_METHODS }));
};
