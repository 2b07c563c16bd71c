internal import Domain
internal import Workbench

/// Files that are opened on the form of a model: a few rows go into the form, longer ones are scored.
extension Performer {
  /// Rows that can be gone through in the form.
  private static let mostInForm = 100

  /// Rows set aside whose reasons are told.
  private static let mostFaults = 200

  static func scoring(_ id: ModelID) -> String { "scoring \(id)" }

  func readInputs(_ path: String, _ id: ModelID, _ post: Post) async throws(Problem) {
    guard !FileFacts.isNoFile(path) else {
      throw Problem(
        "\(path) is no file.", advice: "A pipe is read by `mds infer MODEL --input \(path)`.", kind: .invalidInput)
    }
    let reader = try RowReader(path)
    let facts = FileFacts(of: path, format: reader.format)
    if reader.holdsRequests || facts?.isSmall == false || (facts?.rows ?? 0) > Performer.mostInForm {
      return post(.infer(.isLong(path: path, for: id)))
    }
    let signature = try await workspace.signature(of: id)
    guard let rows = try InputFile.rows(of: reader, for: signature, atMost: Performer.mostInForm) else {
      return post(.infer(.isLong(path: path, for: id)))
    }
    guard !rows.records.isEmpty else {
      guard let first = rows.faults.first else {
        throw Problem(
          "\(path) holds no records", advice: "CSV needs a header with field names.", kind: .invalidInput)
      }
      let isJSON = reader.format == .jsonl
      throw Problem(
        "No row of \(path) can be used: \(first)",
        advice: isJSON
          ? "A file whose records take several lines each is read as JSON where its name ends in .json." : "",
        detail: rows.faults.joined(separator: "\n"), kind: .invalidInput)
    }
    post(.infer(.read(.init(name: Self.name(of: path), records: rows.records, for: id))))
    guard let first = rows.faults.first else { return }
    let count = rows.records.count + rows.faults.count
    post(
      .failed(
        Problem(
          "\(rows.faults.count) of \(count) rows cannot be used: \(first)", detail: rows.faults.joined(separator: "\n"),
          kind: .invalidInput)))
  }

  private static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Scores a file, and says four times a second how far it is. A file that a person can look through becomes cases;
  /// the answers to a larger one go into a file beside it, which is gone on with where it is there.
  func scoreFile(_ path: String, _ id: ModelID, _ post: Post) async {
    var scoring = FileScoring(model: id, name: Self.name(of: path))
    var cases: [ShortHash] = []
    var faults: [String] = []
    do throws(Problem) {
      let input = try await workspace.open(path, for: id.name)
      var options = BatchOptions()
      options.facts = FileFacts(of: path, format: input.reader.format)
      options.keepsCases = options.facts?.isSmall == true
      let output = options.keepsCases ? nil : Self.output(beside: path)
      let journal = try BatchJournal(
        of: path, output: output, rejects: output.map { BatchJournal.rejects(beside: $0) },
        resumes: output.map { Files.exists($0) } ?? false)
      defer { try? journal.finish() }
      options.earlier = journal.earlier
      scoring.output = output.map { Self.name(of: $0) }
      var shown = 0.0
      let result = try await workspace.score(
        input, options: options,
        deliver: { (part) throws(Problem) in
          try journal.add(part)
          cases += part.cases
          if faults.count < Performer.mostFaults { faults += part.rejected.map { "row \($0.row): \($0.reason)" } }
        },
        report: { progress in
          scoring.progress = progress
          let now = Machine.monotonicSeconds
          guard now - shown >= 0.25 else { return }
          shown = now
          post(.infer(.scored(scoring)))
        })
      try journal.finish()
      scoring.progress = result.progress
      scoring.stage = .done
    } catch {
      scoring.stage = Task.isCancelled ? .stopped : .failed(error)
    }
    scoring.cases = cases
    post(.infer(.scored(scoring)))
    // Beside an output there is a file of them; of cases this is all that is known.
    guard scoring.output == nil, let first = faults.first else { return }
    post(
      .failed(
        Problem(
          "\(scoring.progress.setAside) rows were set aside: \(first)",
          detail: faults.prefix(Performer.mostFaults).joined(separator: "\n"), kind: .invalidInput)))
  }

  /// `monday.csv` → `monday.answers.jsonl`.
  private static func output(beside path: String) -> String {
    let path = InputFile.expanded(path)
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let end = path[start...].dropFirst().lastIndex(of: ".") ?? path.endIndex
    return path[..<end] + ".answers.jsonl"
  }
}
