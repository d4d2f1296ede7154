/**
 * An asc 0.28 transform: writes the custom section `as-bind_bindings`, from which as-bind's runtime learns the types of
 * the functions it binds. (as-bind's own transform was made for asc 0.19 and does not load here.)
 *
 * Bound are the functions an entry file exports out of a file named `control.ts`, and no others: hot exports stay raw.
 *
 * The section is UTF-8 JSON:
 *
 *   { "typeIds":           { "~lib/string/String": { "id": 2, "byteSize": 0 }, … }   every class in a signature
 *     "importedFunctions": {}                                                        none: the machine's imports are raw
 *     "exportedFunctions": { "causeName": { "returnType": "~lib/string/String", "parameters": ["u32"] }, … } }
 */
import { ElementKind, SourceKind } from "assemblyscript";

const SECTION = "as-bind_bindings";
const CONTROL_FILE = /(^|\/)control$/;

/** The exports of a file as [name, element], those of `export * from` included. */
function* exportsOf(file) {
  if (file.exports) yield* file.exports;
  for (const other of file.exportsStar ?? []) yield* exportsOf(other);
}

function* controlFunctions(program) {
  for (const file of program.filesByName.values()) {
    if (file.source.sourceKind !== SourceKind.UserEntry) continue;
    for (const [name, element] of exportsOf(file)) {
      if (element.kind !== ElementKind.FunctionPrototype) continue;
      if (!CONTROL_FILE.test(element.declaration.range.source.internalPath)) continue;
      const instance = element.instances?.get("");
      if (!instance) throw new Error(`${element.internalName}: a generic function cannot be bound`);
      yield [name, instance.signature];
    }
  }
}

const typeName = (type) => type.getClass()?.internalName ?? type.toString();

/** The class of a type, and the classes of its type arguments: Array<string> needs both. */
function* classesOf(type) {
  const found = type.getClass();
  if (!found) return;
  yield found;
  for (const argument of found.typeArguments ?? []) yield* classesOf(argument);
}

export default class AsBindTransform {
  afterCompile(module) {
    const typeIds = {};
    const exportedFunctions = {};
    for (const [name, { returnType, parameterTypes }] of controlFunctions(this.program)) {
      exportedFunctions[name] = { returnType: typeName(returnType), parameters: parameterTypes.map(typeName) };
      for (const type of [returnType, ...parameterTypes]) {
        for (const { internalName, id, nextMemoryOffset } of classesOf(type)) {
          typeIds[internalName] = { id, byteSize: nextMemoryOffset };
        }
      }
    }
    const bindings = JSON.stringify({ typeIds, importedFunctions: {}, exportedFunctions });
    module.addCustomSection(SECTION, new TextEncoder().encode(bindings));
  }
}
