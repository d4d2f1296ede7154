/**
 * Who a process is (struct cred; credentials(7)). There is one kind of right: an effective user 0 may do what Linux
 * reserves to a capability. Files are not guarded by them: see docs/quirks.md.
 */
export interface Ids {
  real: number;
  effective: number;
  saved: number;
  /** Of file system access: follows `effective`. */
  fs: number;
}

/** "NGROUPS_MAX: 65536", getgroups(2). */
export const NGROUPS_MAX = 65536;

export class Credentials {
  readonly user: Ids = { real: 0, effective: 0, saved: 0, fs: 0 };
  readonly group: Ids = { real: 0, effective: 0, saved: 0, fs: 0 };
  /** Supplementary groups. */
  groups: readonly number[] = [];

  get isPrivileged(): boolean {
    return this.user.effective === 0;
  }

  clone(): Credentials {
    const copy = new Credentials();
    Object.assign(copy.user, this.user);
    Object.assign(copy.group, this.group);
    copy.groups = this.groups;
    return copy;
  }

  /** kill_ok_by_cred: "the real or effective user ID of the sending process must equal the real or saved set-user-ID" */
  maySignal(target: Credentials): boolean {
    const { real, effective } = this.user;
    const { real: theirs, saved } = target.user;
    return this.isPrivileged || [real, effective].some((id) => id === theirs || id === saved);
  }
}
