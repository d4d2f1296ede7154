/**
 * An asc transform for a coverage build: a counter before every statement of every function in assembly/. (V8's own
 * coverage does not see wasm.) Two exports are added:
 *
 *   coverageCounters(): i32     where the counters lie in linear memory: one u32 a statement
 *   coverageStatements(): i32   how many there are
 *
 * build/machine.coverage.json says which is which: [{ file, line }, …] in the order of the counters.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { Node, NodeKind, SourceKind } from "assemblyscript";

const MAP_FILE = "build/machine.coverage.json";
const COUNTED = /^assembly\//;

export default class CoverageTransform {
  #statements = [];

  afterParse(parser) {
    for (const source of parser.sources) {
      const isUsers = source.sourceKind === SourceKind.User || source.sourceKind === SourceKind.UserEntry;
      if (isUsers && COUNTED.test(source.normalizedPath)) this.#declarations(source.statements);
    }
    const count = this.#statements.length;
    const library = `
      const counters: usize = memory.data(${4 * count}, 4);
      @global @inline function __cover(offset: usize): void {
        store<u32>(counters + offset, load<u32>(counters + offset) + 1);
      }
      export function coverageCounters(): usize { return counters; }
      export function coverageStatements(): i32 { return ${count}; }`;
    parser.parseFile(library, "~lib/coverage.ts", true);
    mkdirSync("build", { recursive: true });
    writeFileSync(MAP_FILE, JSON.stringify(this.#statements));
  }

  /** Functions at the top level and in classes; what else stands there runs at compile time or at the start. */
  #declarations(nodes) {
    for (const node of nodes) {
      if (node.kind === NodeKind.ClassDeclaration || node.kind === NodeKind.NamespaceDeclaration) {
        this.#declarations(node.members);
      } else if (node.kind === NodeKind.FunctionDeclaration || node.kind === NodeKind.MethodDeclaration) {
        if (node.body) node.body = this.#body(node.body);
      }
    }
  }

  /** A list of statements with a counter before each. */
  #list(statements) {
    return statements.flatMap((statement) => {
      if (statement.kind === NodeKind.Empty) return [];
      if (statement.kind === NodeKind.Block) return [this.#inner(statement)];
      return [this.#counter(statement.range), this.#inner(statement)];
    });
  }

  /** A statement that stands where a list does not: it becomes a block. */
  #body(statement) {
    const statements = statement.kind === NodeKind.Block ? statement.statements : [statement];
    return Node.createBlockStatement(this.#list(statements), statement.range);
  }

  /** The statements in a statement. */
  #inner(statement) {
    switch (statement.kind) {
      case NodeKind.Block:
        return this.#body(statement);
      case NodeKind.If:
        statement.ifTrue = this.#body(statement.ifTrue);
        if (statement.ifFalse) statement.ifFalse = this.#body(statement.ifFalse);
        return statement;
      case NodeKind.For:
      case NodeKind.ForOf:
      case NodeKind.While:
      case NodeKind.Do:
        statement.body = this.#body(statement.body);
        return statement;
      case NodeKind.Switch:
        for (const branch of statement.cases) branch.statements = this.#list(branch.statements);
        return statement;
      default:
        return statement;
    }
  }

  /** `__cover(4 × number);` */
  #counter(range) {
    const offset = globalThis.i64_new(4 * this.#statements.length, 0);
    this.#statements.push({ file: range.source.normalizedPath, line: range.source.lineAt(range.start) });
    const cover = Node.createIdentifierExpression("__cover", range);
    const argument = Node.createIntegerLiteralExpression(offset, range);
    return Node.createExpressionStatement(Node.createCallExpression(cover, null, [argument], range));
  }
}
