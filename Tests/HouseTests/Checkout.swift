import Foundation
import PtyTesting

/// The two packages as they stand on the disk.
enum Checkout {
  static let folder: String = {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/")
  }()

  /// The packages, by their folders below `folder`.
  static let packages = ["", "Servers/"]

  static func text(of path: String) throws -> String {
    try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
  }

  /// Every Swift file below the folders that hold targets.
  static func sources() throws -> [SourceFile] {
    let targets = try packages.flatMap { package in
      try ["Sources", "Tests"].flatMap { kind in
        let root = package + kind
        return try files(below: root).map { path in
          SourceFile(
            path: root + "/" + path, target: String(path.prefix { $0 != "/" }), text: try text(of: root + "/" + path))
        }
      }
    }
    return try targets
      + files(below: "Benchmarks").map { path in
        SourceFile(path: "Benchmarks/" + path, target: "Benchmarks", text: try text(of: "Benchmarks/" + path))
      }
  }

  private static func files(below root: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder + "/" + root).filter { $0.hasSuffix(".swift") }.sorted()
  }

  /// What a package's manifest says, as the toolchain reads it.
  static func manifest(_ package: String) throws -> Manifest { try (package == "" ? root : servers).get() }

  private static let root = Result { try read("") }
  private static let servers = Result { try read("Servers/") }

  private static func read(_ package: String) throws -> Manifest {
    let process = Process()
    let output = Pipe()
    let scratch = NSTemporaryDirectory() + "house-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // A scratch folder of its own, for locks too: that of the build which runs these tests may be locked.
    process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": scratch]) { $1 }
    process.arguments = [
      "swift", "package", "--package-path", folder + "/" + package, "--scratch-path", scratch, "dump-package",
    ]
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitForEnd()
    return try JSONDecoder().decode(Manifest.self, from: bytes)
  }
}
