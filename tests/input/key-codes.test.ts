/**
 * KeyboardEvent.code to Linux's key codes. Truth: the W3C's "UI Events KeyboardEvent code Values" for the names, and for
 * the numbers the table of the same two in Chromium (ui/events/keycodes/dom/dom_code_data.inc, column evdev).
 */
import { expect, test } from "vitest";
import { KEY_CODES } from "../../src/input/key-codes.ts";

test.each([
  ["Escape", 1],
  ["Digit1", 2],
  ["Digit0", 11],
  ["Minus", 12],
  ["KeyQ", 16],
  ["BracketRight", 27],
  ["Quote", 40],
  ["Backquote", 41],
  ["Backslash", 43],
  ["KeyZ", 44],
  ["Slash", 53],
  ["ShiftRight", 54],
  ["F1", 59],
  ["F11", 87],
  ["F13", 183],
  ["F24", 194],
  ["Numpad7", 71],
  ["Numpad0", 82],
  ["NumpadDecimal", 83],
  ["NumpadEnter", 96],
  ["NumpadEqual", 117],
  ["NumpadComma", 121],
  ["IntlBackslash", 86],
  ["IntlRo", 89],
  ["IntlYen", 124],
  ["Convert", 92],
  ["KanaMode", 93],
  ["NonConvert", 94],
  ["Lang1", 122],
  ["Lang2", 123],
  ["PrintScreen", 99],
  ["Pause", 119],
  ["ArrowUp", 103],
  ["ArrowLeft", 105],
  ["ArrowRight", 106],
  ["ArrowDown", 108],
  ["MetaLeft", 125],
  ["ContextMenu", 127],
  ["AudioVolumeMute", 113],
  ["MediaPlayPause", 164],
  ["BrowserBack", 158],
])("%s is %i", (name, code) => {
  expect(KEY_CODES[name]).toBe(code);
});

test("no two names are one key, and all are keys of the keyboard", () => {
  const codes = Object.values(KEY_CODES);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.every((code) => code > 0 && code < 0x100)).toBe(true);
  expect(codes.length).toBeGreaterThan(130);
});
