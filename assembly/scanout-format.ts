/**
 * Pixel formats of the video card, by DRM's names (drm_fourcc.h: a little-endian word, its fields named from the top):
 *
 *   bit      31      24 23      16 15       8 7        0
 *   xrgb8888 |    x    |   red    |  green   |   blue   |   bytes in memory: B G R x
 *   xbgr8888 |    x    |   blue   |  green   |   red    |   bytes in memory: R G B x
 *   rgb565                        |  R5   G6    B5     |
 *   c8                                       |  index   |   into the palette of 256 colours
 */
export const FORMAT_XRGB8888 = 0;
export const FORMAT_XBGR8888 = 1;
export const FORMAT_RGB565 = 2;
export const FORMAT_C8 = 3;
/** Formats are 0 … FORMATS - 1. */
export const FORMATS = 4;
/** What scanout() returns when its arguments would reach outside video memory or the picture. */
export const SCANOUT_REFUSED = -1;
