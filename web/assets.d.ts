declare module "*.elf" {
  const url: string;
  export default url;
}
interface ImportMeta {
  glob(pattern: string, options: { eager: true; query: "?url"; import: "default" }): Record<string, string>;
}
