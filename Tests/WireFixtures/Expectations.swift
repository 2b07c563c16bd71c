internal import Foundation

/// A text file of expected values beside a test, one line each: `name | what it decodes to`.
///
/// `MDS_RECORD=1` writes the file anew; it is read before it is committed.
public struct Expectations: Sendable {
  private let file: URL
  private let lines: [String: String]

  /// The file of this name beside the test's source.
  public init(_ name: String, beside source: String) {
    file = URL(filePath: source).deletingLastPathComponent().appending(path: name)
    var lines: [String: String] = [:]
    for line in ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n") {
      guard let bar = line.firstRange(of: " | ") else { continue }
      lines[String(line[..<bar.lowerBound])] = String(line[bar.upperBound...])
    }
    self.lines = lines
  }

  public var names: Set<String> { Set(lines.keys) }

  /// Whether the run is to write the file.
  public static var isRecording: Bool { ProcessInfo.processInfo.environment["MDS_RECORD"] == "1" }

  public subscript(name: String) -> String? { lines[name] }

  /// Writes the file anew.
  public func record(_ lines: [(name: String, value: String)]) throws {
    let text = lines.map { "\($0.name) | \($0.value)\n" }.joined()
    try text.write(to: file, atomically: true, encoding: .utf8)
  }
}
