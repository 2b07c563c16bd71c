import Testing

@Suite("Arrows")
struct ArrowTests {
  static let headers = ["target", "target of Servers/"]

  @Test("are in ARCHITECTURE.md as they are in the manifests", arguments: 0..<2)
  func manifests(package: Int) throws {
    let architecture = Architecture(try Checkout.text(of: "ARCHITECTURE.md"))
    let table = architecture.table(Self.headers[package])
    let manifest = try Checkout.manifest(Checkout.packages[package]).arrows
    #expect(!manifest.isEmpty)
    for target in Set(table.keys).union(manifest.keys).sorted() {
      #expect(table[target] == manifest[target], "\(target): ARCHITECTURE.md, then the manifest")
    }
  }

  @Test("are the only ways by which a file imports another target")
  func imports() throws {
    let architecture = Architecture(try Checkout.text(of: "ARCHITECTURE.md"))
    let files = try Checkout.sources()
    #expect(files.count > 100)
    let products = try Checkout.manifest("").products
    let arrows = Arrows(
      table: architecture.table(Self.headers[0]).merging(architecture.table(Self.headers[1])) { $0.union($1) },
      products: Dictionary(uniqueKeysWithValues: products.map { ($0.name, Set($0.targets)) }))
    #expect(arrows.undeclared(in: files) == [])
  }

  @Test("of the workbench are each used by a file")
  func used() throws {
    let manifest = try Checkout.manifest("")
    let programs = Set(manifest.targets.filter { $0.type == "executable" }.map(\.name))
    let files = try Checkout.sources().filter { !$0.path.hasPrefix("Servers/") }
    #expect(Arrows(table: manifest.arrows).unused(in: files, programs: programs) == [])
  }

  @Test("lead down from floor to floor")
  func floors() throws {
    let architecture = Architecture(try Checkout.text(of: "ARCHITECTURE.md"))
    let floors = architecture.floors
    #expect(floors.count > 15)
    for (target, row) in architecture.table(Self.headers[0]) {
      guard let floor = floors[target] else { continue }
      for other in row {
        guard let below = floors[other] else { continue }
        #expect(below < floor, "\(target) on floor \(floor) imports \(other) on floor \(below)")
      }
    }
  }

  @Test("start at targets of which ARCHITECTURE.md says what they are")
  func described() throws {
    let described = Architecture(try Checkout.text(of: "ARCHITECTURE.md")).described
    for package in Checkout.packages {
      let targets = try Checkout.manifest(package).targets.filter { $0.type != "test" }.map(\.name)
      #expect(Set(targets).subtracting(described) == [])
    }
  }

  @Test("are missed where a file imports what its row does not have, also through another target or product")
  func finds() {
    let arrows = Arrows(
      table: ["Upper": ["Middle", "Shared"], "Middle": ["Lower"], "Lower": []], products: ["Shared": ["Given"]])
    let file = SourceFile(
      path: "Sources/Upper/A.swift", target: "Upper",
      text: """
        public import Middle
        internal import Lower
        import Given
        @testable import Hidden
        @preconcurrency public import struct Deep.Value
        import Foundation
        // import Comment
        let important = 1
        """)
    #expect(
      arrows.undeclared(in: [file]) == [
        "Sources/Upper/A.swift imports Deep", "Sources/Upper/A.swift imports Hidden",
        "Sources/Upper/A.swift imports Lower",
      ])
    #expect(arrows.unused(in: [file], programs: []) == [])
    let other = SourceFile(path: "Sources/Middle/B.swift", target: "Middle", text: "")
    #expect(arrows.unused(in: [file, other], programs: []) == ["Middle imports no Lower"])
    #expect(arrows.unused(in: [file, other], programs: ["Lower"]) == [])
  }
}
