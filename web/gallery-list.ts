/** The gallery as people see it: a button with a picture for each program, by language. */
import { type Exhibit, gallery } from "./gallery.ts";

const HEADINGS = { TypeScript: "In TypeScript", C: "In C, on the RISC-V hart" } as const;

const makeButton = ({ name, summary, isText }: Exhibit, choose: (name: string) => void): HTMLLIElement => {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.name = name;
  button.title = summary;
  const picture = document.createElement(isText ? "div" : "img");
  picture.className = "picture";
  if (picture instanceof HTMLImageElement) picture.alt = "";
  else picture.textContent = ">_";
  picture.ariaHidden = "true";
  const caption = document.createElement("span");
  caption.className = "caption";
  caption.textContent = name.replace("c/", "");
  button.append(picture, caption);
  button.addEventListener("click", () => choose(name));
  item.append(button);
  return item;
};

export const fillGallery = (box: HTMLElement, choose: (name: string) => void): void => {
  for (const language of ["TypeScript", "C"] as const) {
    const heading = document.createElement("h3");
    heading.textContent = HEADINGS[language];
    const list = document.createElement("ul");
    list.className = "gallery";
    const exhibits = gallery.filter((exhibit) => exhibit.language === language);
    list.append(...exhibits.map((exhibit) => makeButton(exhibit, choose)));
    box.append(heading, list);
  }
};
