/** The prose of docs/direct-vs-copied.md. */

export const HEAD = `# Direct against copied

<!-- Made by \`npm run report\`: change src/cli/bench/report-text.ts, not this file. -->

What is a memory-mapped device worth? The same pictures, drawn in two ways: stored straight into the mapped video memory,
or drawn in private memory and then copied there. Nothing else differs, and both end with the same bytes on the screen.
Repeat it with \`npm run report\` (about four minutes), \`scanout bench\` for the tables alone, \`scanout bench --quick\` for
a first look.

In short: drawing directly is never slower. It gains most where little is touched, because a copy pays for the whole
frame whatever changed; it gains twice where drawing costs as much as copying (a plain fill); and it gains next to
nothing where every pixel is computed, because then the copy is small beside the drawing.
`;

export const METHODS = `
A goal is met when the 95 % interval reaches it. "Copied / direct" is looked at for every way of copying in every case, and
the least of all is shown.

## How it is measured

A frame is one picture over the one before, and then a look at what was damaged, as a display takes at each vertical
blank: from then on the first store to each page of video memory is noticed anew. Making the picture visible (scanout) is
not part of it.

| method | what it does |
| --- | --- |
| direct | draws into the mapped video memory |
| write | draws in private memory, then sends the whole frame by one pwrite(2) |
| memcpy | draws in private memory, then copies the whole frame into the map |
| rows | draws in private memory, then sends every row of the frame by a pwrite(2) of its own |
| shadow | draws in private memory, then copies only what changed into the map, as the X server's shadow framebuffer does |
| poke | draws in private memory, then sends every pixel that changed by a pwrite(2) of its own |
| engine | draws into the map, but rectangles are filled and moved by the card's 2D engine: a few stores to its registers |

write, memcpy and rows copy the whole frame because a program that does not know what it changed must; shadow is what a
program does that knows. engine is no copy but direct's own accelerator: below 1× it is the faster of the two.

Three kinds of guest draw the same scenes: a TypeScript program through typed-array views on pinned pages, the same through
loads, stores and range operations of the MMU, and a C program on the hart, which is interpreted. The scenes: \`fill\` (the
full screen in one colour), \`plasma\` (every pixel computed), \`scroll\` (all moves up by 8 lines), \`text\` (four lines of
8 × 16 glyphs), \`sprites\` (32 discs), \`pixel\` (one), \`window\` (a ninth of the screen dragged), \`sweep\` (a rectangle of so
much of the screen), \`nothing\` (the copy alone).

Every method draws three frames on a machine of its own and must end with the same bytes in video memory; only then it is
timed. Methods take turns, nine each, and a ratio is the median of the turns' ratios: a computer that is busy with other
things disturbs all of them alike. Intervals are those of the median, by order statistics; tinybench takes the samples. Among a
thousand intervals of 95 % some miss by chance, so a case whose interval says that copying wins is measured again with
three times as many turns, and that result counts, whatever it says.
`;

export const READING = `"direct" is the time of one frame; the other columns say how many times as long each way of copying takes.
`;

export const WHERE = `
Where direct wins, and by how much:

- **Little is touched** (\`pixel\`, \`sweep\`, \`window\`, \`text\`): a whole frame is copied for a few bytes. That is the regime
  of desktops: most of the screen stays as it is.
- **Bulk operations** (\`fill\`, \`scroll\`): filling a frame costs about what copying it costs, so the copy doubles the
  work, and the cache holds one frame instead of two. Through views and the MMU these run as wasm's own bulk instructions.
- **Calls** (\`rows\`, \`poke\`): each is a system call, which costs what thousands of stores cost.

Where it does not:

- **A full per-pixel redraw** (\`plasma\`): computing the pixels is nearly all of the time. On the hart this holds for
  every scene that draws much: its instructions are interpreted, and write() copies in the kernel, at the host's full
  speed. A copy made by the program itself (\`memcpy\` on the hart) is interpreted too and loses by a factor.
- **The engine** (\`engine\` below 1×) wins where the program itself is slow at rectangles: on the hart by far, as the card
  fills and moves at the host's speed. Through views the pixels of a small rectangle cost less than the stores to the
  engine's registers, which leave the machine.
- **A careful program** (\`shadow\`): who copies only what changed pays for the bytes twice, not for the frame. Direct is
  still ahead, by up to the cost of those bytes.
`;

export const EVERY = `The least and the most of write / direct over the scenes. Small formats copy fewer bytes for the same pixels, so
computing weighs more in them.
`;

export const SWEEP = `A rectangle in the screen's proportions, filled. What copying costs stays, what drawing costs shrinks with the
touched part, until the fixed cost of a frame is all that is left.
`;

export const COUNTED = `One frame in the steady state (the third). Loads and stores are those of the program through the MMU, one each; a view's
accesses and the ranges that fill, write and copy move at once are not in them. TLB misses of direct are the first
stores to each page after a look. "Faults before it" are the page faults of all that came earlier: private memory is
faulted in page by page, mapped video memory is there from mmap on.
`;

export const REFERENCES = `The host's own memset and memcpy, the same in plain wasm, and this machine's ways into video memory, with a look after each
frame.
`;

export const NATIVE = `
The same C program compiled for this computer, with a memfd in the place of video memory: what a real kernel's page cache
and a real processor make of the two ways. Drawing is an order faster there than interpreted, so copying weighs more.
`;

export const PEERS = `
v86 runs x86 in WebAssembly, with a JIT. Its video memory is not memory to its TLB: each store goes through a call. Here
a store to video memory is a store (see the goals).
`;

export const LINUX = `
## Next to a real Linux

Measured on Debian's kernel 6.12 for riscv64 in an emulator that counts instructions (efifb: a framebuffer that is mapped
directly), 20 frames of 1024 × 768 × 32:

| | drawn into the map | buffer + memcpy into the map | buffer + pwrite |
| --- | ---: | ---: | ---: |
| guest instructions | 79.7 M | 112.1 M (1.41×) | 121.1 M (1.52×) |

One pixel by pwrite cost about 1,500 instructions. The counts above say the same with less in the way: a frame's memcpy is
0.93 M instructions of the guest here, and pwrite costs the guest nearly none, because this kernel is not made of guest
instructions: it copies at the host's speed, once, where Linux's efifb copies twice (through a bounce buffer). So our
write() is a harder opponent than Linux's, and direct is ahead of it all the same.

Xorg's fbdev driver with its shadow framebuffer against without, on the same kernel, stock x11perf: scroll 1.95×, filled
rectangle 1.47×, text 1.29×, copying a window 1.27×, put image (shared memory) 1.27×, put image (socket) 1.11×. The same
order as in the tables here: bulk operations gain most, what computes or parses gains least. With the framebuffer
emulation of DRM drivers (bochs-drm, virtio-gpu) it is the other way round on Linux: there mmap means a fault for each
page of each frame and a copy behind the scenes (221 M against 155 M instructions). That is not a map of the device.
`;
