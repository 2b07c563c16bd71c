/// The rule of the house: a file imports what its target's row has, and the toolchain's own modules.
struct Arrows {
  /// What comes with the toolchain; of it every target may take what it likes.
  static let toolchain: Set<String> = [
    "Dispatch", "Foundation", "FoundationEssentials", "FoundationNetworking", "Glibc", "PackageDescription",
    "RegexBuilder", "Swift",
    "Synchronization", "Testing",
  ]

  /// What each target may import: targets and products.
  var table: [String: Set<String>]
  /// The targets of each product.
  var products: [String: Set<String>] = [:]

  /// Each import that has no arrow, as a line to read.
  func undeclared(in files: [SourceFile]) -> [String] {
    files.flatMap { file in
      let row = table[file.target] ?? []
      let allowed = row.union(row.flatMap { products[$0] ?? [] }).union(Self.toolchain)
      return file.imports.subtracting(allowed).sorted().map { "\(file.path) imports \($0)" }
    }
  }

  /// Each arrow that no file of its target uses, but for programs, which a test needs built.
  func unused(in files: [SourceFile], programs: Set<String>) -> [String] {
    let imports = Dictionary(grouping: files, by: \.target).mapValues {
      $0.reduce(into: Set()) { $0.formUnion($1.imports) }
    }
    return table.sorted { $0.key < $1.key }.flatMap { target, row -> [String] in
      guard let used = imports[target] else { return [] }
      return row.subtracting(programs).sorted().compactMap { name in
        (products[name] ?? [name]).isDisjoint(with: used) ? "\(target) imports no \(name)" : nil
      }
    }
  }
}
