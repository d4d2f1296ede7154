/** Bytes from the host that the machine has not read yet: what is typed at a terminal, or comes out of a pipe. */

export class HostInput {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  #ended = false;
  #wanted = false;
  readonly #listeners: (() => void)[] = [];
  /**
   * Told when somebody would read and nothing is there. A host that feeds only then holds back what nobody asks for, and
   * leaves to others what the machine does not read.
   */
  onWanted: (() => void) | null = null;

  /** An input at its end. */
  static ended(): HostInput {
    const input = new HostInput();
    input.end();
    return input;
  }

  /** May more come? */
  get isOpen(): boolean {
    return !this.#ended;
  }

  /** Bytes that came and were not read. */
  get length(): number {
    return this.#length;
  }

  /** By a reader that finds nothing. */
  want(): void {
    if (this.#ended) return;
    this.#wanted = true;
    this.onWanted?.();
  }

  /** Has a reader found nothing, and has nothing come since? */
  get isWanted(): boolean {
    return this.#wanted;
  }

  /** Text is taken as UTF-8. Throws after end(). */
  feed(text: string | Uint8Array): void {
    if (this.#ended) throw new Error("the machine's input has ended");
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    this.#tell();
  }

  /** Nothing more comes: reads get what is there, then end of file. */
  end(): void {
    this.#ended = true;
    this.#tell();
  }

  #tell(): void {
    this.#wanted = false;
    for (const listener of this.#listeners) listener();
  }

  /** The oldest bytes, at least one and at most `count` of them; empty when there are none. */
  peek(count: number): Uint8Array {
    return this.#pieces[0]?.subarray(0, count) ?? new Uint8Array(0);
  }

  /** Takes `count` bytes of what peek gave. */
  consume(count: number): void {
    const [first] = this.#pieces;
    if (first === undefined || count > first.length) throw new Error(`assert: ${count} bytes were not there to take`);
    if (count === first.length) this.#pieces.shift();
    else this.#pieces[0] = first.subarray(count);
    this.#length -= count;
  }

  /** Forgets what has come (TCFLSH). */
  clear(): void {
    while (this.#length > 0) this.consume(this.#pieces[0]!.length);
  }

  /** Who is told when something came, or the end. One of them reads. */
  attach(listener: () => void): void {
    this.#listeners.push(listener);
  }
}
