/** /proc/self/maps, with the video card's lines marked. */
export const showMaps = (pre: HTMLElement, text: string): void => {
  if (text === "") {
    pre.textContent = "The program has ended, and its mappings with it.";
    return;
  }
  const lines = text.split("\n").map((line) => {
    const node = document.createElement(line.includes("/dev/fb0") ? "mark" : "span");
    // The path stands in column 73: too far away here.
    node.textContent = `${line.replace(/ {3,}/, "  ")}\n`;
    return node;
  });
  if (pre.textContent !== lines.map(({ textContent }) => textContent).join("")) pre.replaceChildren(...lines);
};
