/** What is measured: who draws, what, where, and how much of it. */
import { FORMAT_C8, FORMAT_RGB565, FORMAT_XRGB8888 } from "../../assembly/scanout-format.ts";
import type { MethodName } from "../../guests/bench/methods.ts";
import type { SceneName } from "../../guests/bench/scenes.ts";

/** views, mmu: a TypeScript program, through pinned views or through the MMU. hart: the C program. */
export const guestKinds = ["views", "mmu", "hart"] as const;
export type GuestKind = (typeof guestKinds)[number];

/** DRM's names of those formats that differ in size. */
export const formats = { xrgb8888: FORMAT_XRGB8888, rgb565: FORMAT_RGB565, c8: FORMAT_C8 } as const;
export type FormatName = keyof typeof formats;
export const bytesPerPixel = (format: FormatName): number => ({ xrgb8888: 4, rgb565: 2, c8: 1 })[format];

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Case {
  readonly guest: GuestKind;
  readonly scene: SceneName;
  readonly size: Size;
  readonly format: FormatName;
  /** Of a sweep: how much of the screen a frame touches, 0.001 … 1; null for the other scenes. */
  readonly fraction: number | null;
  readonly methods: readonly MethodName[];
}

/** What a sweep over `fraction` touches: a rectangle in the screen's proportions. */
export const sweepSize = ({ size: { width, height }, fraction }: Pick<Case, "size" | "fraction">): Size => {
  const side = Math.sqrt(fraction ?? 1);
  return { width: Math.round(width * side), height: Math.round(height * side) };
};

export const sizeName = ({ width, height }: Size): string => `${width}x${height}`;

/** "hart/sweep/1024x768/xrgb8888/0.1%": what --list prints and --only looks into. */
export const caseName = ({ guest, scene, size, format, fraction }: Case): string => {
  const parts = [guest, scene, sizeName(size), format];
  if (fraction !== null) parts.push(`${Number((100 * fraction).toPrecision(6))}%`);
  return parts.join("/");
};
