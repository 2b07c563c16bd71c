import Foundation
import Testing

/// A designed screen, row by row.
func look(_ name: String) throws -> [String] {
  let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Look/\(name).txt")
  let text = String(decoding: try Data(contentsOf: path), as: UTF8.self)
  return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
}

/// The same columns of each row.
func columns(_ range: Range<Int>, of rows: some Sequence<String>) -> [String] {
  rows.map { String($0.dropFirst(range.lowerBound).prefix(range.count)) }
}
