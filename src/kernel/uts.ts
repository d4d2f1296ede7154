/** What uname(2) says. The release is the Linux whose behaviour is modelled; two of the names can be set. */
export interface UtsName {
  readonly sysname: string;
  nodename: string;
  readonly release: string;
  readonly version: string;
  readonly machine: string;
  domainname: string;
}

export const newUtsName = (): UtsName => ({
  sysname: "Linux",
  nodename: "scanout",
  release: "6.12.0-scanout",
  version: "#1 SMP",
  machine: "riscv64",
  domainname: "(none)",
});
