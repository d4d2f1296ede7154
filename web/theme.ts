/** Light or dark: as the system has it, until somebody chooses. */
const KEY = "scanout-theme";

export const setUpTheme = (button: HTMLButtonElement): void => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = (): void => {
    document.documentElement.dataset.theme = localStorage.getItem(KEY) ?? (dark.matches ? "dark" : "light");
  };
  dark.addEventListener("change", apply);
  button.addEventListener("click", () => {
    localStorage.setItem(KEY, document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    apply();
  });
  apply();
};
