/** An element of index.html. @throws Error when the page has none such. */
export const element = <T extends HTMLElement>(id: string, kind: { new (): T; prototype: T }): T => {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return found;
};
