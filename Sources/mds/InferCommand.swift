import ArgumentParser
import Domain
import Glibc
import Operations

/// Scores a file.
struct InferCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "infer", abstract: "Ask a model about every record of a file; each becomes a case.")

  @Argument(help: "The model.") var model: String
  @Option(help: "CSV, JSON or JSONL with the model's field names; - reads standard input as JSONL.") var input: String
  @Option(help: "Where to write the answers as JSONL; standard output where it is not given.") var output: String?
  @OptionGroup var target: TargetOptions

  func run() async throws {
    let workspace = try target.workspace()
    defer { workspace.close() }
    let lines = try await Attempt.run { () async throws(Problem) in
      let id = try await workspace.group(of: RawText(model)).id
      let signature = try await workspace.signature(of: id)
      let bytes = try Files.contents(of: input == "-" ? "/dev/stdin" : InputFile.expanded(input))
      let rows = try InputFile.rows(of: bytes, named: input, for: signature)
      return try await score(rows, id, signature, workspace)
    }
    let text = lines.map(\.serializedString).joined(separator: "\n") + "\n"
    guard let output else {
      print(text, terminator: "")
      return
    }
    try await Attempt.run { () async throws(Problem) in try Files.write(Array(text.utf8), to: output) }
  }

  private func score(
    _ rows: [[FieldValue]], _ id: ModelID, _ signature: Signature, _ workspace: Workspace
  ) async throws(Problem) -> [JSON] {
    var lines: [JSON] = []
    for start in stride(from: 0, to: rows.count, by: 200) {
      var records: [Record] = []
      for row in rows[start..<min(start + 200, rows.count)] { records.append(try signature.record(of: row)) }
      let now = Machine.now
      let cases = try await workspace.score(
        records, model: id, at: records.map { _ in now }, sourceIDs: records.map { _ in "" })
      lines += cases.enumerated().map { Answers.json($0.element, row: start + $0.offset + 1) }
      if isatty(STDERR_FILENO) == 1 { Standard.error("\r\(lines.count) of \(rows.count) rows") }
    }
    if isatty(STDERR_FILENO) == 1 { Standard.error("\n") }
    return lines
  }
}

/// An answer as a line of JSON.
enum Answers {
  static func json(_ current: Case, row: Int) -> JSON {
    let classes = current.prediction.classes.map { score in
      JSON.Member(score.label, score.probability.map(JSON.number) ?? .null)
    }
    return .object([
      "row": .integer(Int64(row)), "case": .text(current.id.hex), "model": .string(current.model.name),
      "version": current.prediction.model.version.map(JSON.string) ?? .null, "label": .string(current.prediction.label),
      "probabilities": .object(classes), "request_id": .string(current.prediction.requestID),
    ])
  }
}

/// Standard error, for progress.
enum Standard {
  static func error(_ text: String) {
    var text = text
    text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
