internal import Foundation
public import Frames
internal import SafeText
public import Testing

/// Compares a frame with the file `Goldens/NAME.txt` beside the test: its text, then its styles. With
/// `MDS_RECORD=1` in the environment the file is written instead.
public func expectGolden(
  _ frame: Frame, named name: String, in file: String = #filePath, sourceLocation: SourceLocation = #_sourceLocation
) {
  expectGolden(goldenText(frame), named: name, in: file, sourceLocation: sourceLocation)
}

/// The same for any text: transcripts, tables, help.
public func expectGolden(
  _ text: String, named name: String, in file: String = #filePath, sourceLocation: SourceLocation = #_sourceLocation
) {
  let path = URL(filePath: file).deletingLastPathComponent().appending(path: "Goldens/\(name).txt")
  let found = text + "\n"
  if ProcessInfo.processInfo.environment["MDS_RECORD"] == "1" {
    do {
      try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(found.utf8).write(to: path)
    } catch {
      Issue.record("cannot record Goldens/\(name).txt: \(error)", sourceLocation: sourceLocation)
    }
    return
  }
  guard let data = try? Data(contentsOf: path) else {
    Issue.record("no Goldens/\(name).txt; MDS_RECORD=1 writes it", sourceLocation: sourceLocation)
    return
  }
  let wanted = String(decoding: data, as: UTF8.self)
  guard wanted.utf8.elementsEqual(found.utf8) == false else { return }
  Issue.record(
    "differs from Goldens/\(name).txt\n\(difference(wanted, found))", sourceLocation: sourceLocation)
}

/// What a golden file of a frame holds.
public func goldenText(_ frame: Frame) -> String {
  var text = frame.text + "\n"
  if let cursor = frame.cursor { text += "cursor: \(cursor.row),\(cursor.column)\n" }
  if !frame.title.isEmpty { text += "title: \(frame.title.text)\n" }
  return text + "styles:\n" + frame.styles
}

/// The lines that differ, as they should be and as they are, and the column of the first difference.
func difference(_ wanted: String, _ found: String) -> String {
  let old = wanted.split(separator: "\n", omittingEmptySubsequences: false)
  let new = found.split(separator: "\n", omittingEmptySubsequences: false)
  var lines: [String] = []
  for index in 0..<max(old.count, new.count) {
    let before = index < old.count ? old[index] : "<no line>"
    let after = index < new.count ? new[index] : "<no line>"
    if before == after { continue }
    let column = zip(before, after).prefix { $0 == $1 }.count
    lines.append("line \(index + 1), column \(column + 1)\n- |\(before)|\n+ |\(after)|")
  }
  return lines.joined(separator: "\n")
}
