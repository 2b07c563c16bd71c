public import ArgumentParser
import Domain
public import Operations

extension RowFormat: ExpressibleByArgument {}

/// Where records come from.
struct InputOptions: ParsableArguments {
  @Option(
    help: "CSV or TSV with the model's field names, JSON, JSONL, or a text a line; - reads standard input.",
    completion: .file())
  var input: String?
  @Option(help: "The form of the input, where its name does not say; JSONL for standard input.") var format: RowFormat?
}

/// Scores a file.
struct InferCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "infer", abstract: "Ask a model about every record of a file; each becomes a case.",
    discussion: """
      Examples:
        mds infer wine --input records.csv --output answers.jsonl
        head -5 records.jsonl | mds infer wine --input - | jq .label

      Answers are JSON objects, one a line; docs/predictions.md says what is in them, and `mds cases import` reads \
      them. A row that cannot be used, or that the service refuses, is set aside with the reason, and the others go \
      on; the exit status is then 5.
      """)

  @Argument(help: "The model.") var model: String
  @OptionGroup var source: InputOptions
  @Option(help: "Where to write the answers; standard output where it is not given.", completion: .file())
  var output: String?
  @Option(
    help:
      "Where to write the rows set aside: with an output beside it, as OUTPUT.rejects.jsonl, else on standard error.",
    completion: .file())
  var rejects: String?
  @Flag(help: "Go on behind the last row of an output that was not finished.") var resume = false
  @Flag(help: "Make no cases in the ledger.") var noCases = false
  @Option(help: "Rows of one request.") var batch = 256
  @Option(help: "Requests on their way at a time.") var parallel = 4
  @OptionGroup var target: TargetOptions

  func validate() throws {
    guard source.input != nil else { throw ValidationError("--input FILE says which records; - is standard input") }
    guard (1...65_536).contains(batch) else { throw ValidationError("--batch is a number from 1 to 65536") }
    guard (1...64).contains(parallel) else { throw ValidationError("--parallel is a number from 1 to 64") }
    guard !resume || output != nil else { throw ValidationError("--resume needs the --output to go on with") }
  }

  func run() async throws {
    let workspace = try target.workspace()
    defer { workspace.close() }
    try await Attempt.run { () async throws(Problem) in
      let id = try await workspace.group(of: RawText(model)).id
      let signature = try await workspace.signature(of: id)
      // The input is opened before the output is begun anew: a wrong name must not empty it.
      let reader = try RowReader(source.input ?? "-", format: source.format, for: signature)
      let answers = try Answers(output: output, rejects: rejects, resumes: resume)
      var options = BatchOptions()
      options.rowsPerRequest = batch
      options.requestsInFlight = parallel
      options.keepsCases = !noCases
      options.skipping = answers.done
      do throws(Problem) {
        try await workspace.score(reader, model: id, options: options) { (rows) throws(Problem) in
          try answers.take(rows)
        }
      } catch {
        throw answers.interrupted(by: error)
      }
      try answers.finish()
    }
  }
}

/// The answers of a batch on their way to files or to the terminal.
private final class Answers {
  /// Rows that an earlier run has done.
  let done: Int
  private let output: LineFile?
  private let rejects: LineFile?
  private var scored = 0
  private var rejected = 0
  private var shown = 0

  init(output: String?, rejects: String?, resumes: Bool) throws(Problem) {
    let beside = output.map { ($0.hasSuffix(".jsonl") ? String($0.dropLast(6)) : $0) + ".rejects.jsonl" }
    self.output = try output.map { (path) throws(Problem) in try LineFile(path, goesOn: resumes) }
    self.rejects = try (rejects ?? beside).map { (path) throws(Problem) in try LineFile(path, goesOn: resumes) }
    done = max(Answers.row(self.output?.lastLine), Answers.row(self.rejects?.lastLine))
  }

  private static func row(_ line: [UInt8]?) -> Int {
    line.flatMap { try? JSON(parsing: $0) }?["row"]?.integer.map { Int($0) } ?? 0
  }

  func take(_ rows: [BatchRow]) throws(Problem) {
    var answers: [UInt8] = []
    var refusals: [UInt8] = []
    for row in rows {
      switch row {
      case .scored(let row, let current):
        scored += 1
        PredictionLine.json(current, row: row).write(to: &answers)
        answers.append(0x0A)
      case .rejected(let row, let reason, let text):
        rejected += 1
        show(row, reason)
        JSON.object(["row": .integer(Int64(row)), "reason": .text(reason), "text": .string(text)]).write(to: &refusals)
        refusals.append(0x0A)
      }
    }
    if let output { try output.write(answers) } else { Standard.bytes(answers) }
    try rejects?.write(refusals)
    Standard.progress("\(scored) rows scored" + (rejected == 0 ? "" : ", \(rejected) set aside"))
  }

  /// The first few are told at once.
  private func show(_ row: Int, _ reason: String) {
    shown += 1
    guard shown <= 10 else { return }
    Standard.endProgress()
    Standard.errorLine("row \(row): \(reason)")
  }

  func interrupted(by problem: Problem) -> Problem {
    rejects?.removeIfEmpty()
    var problem = problem
    guard let output, scored + rejected + done > 0 else { return problem }
    problem.advice += (problem.advice.isEmpty ? "" : " ") + "\(scored) rows are in \(output.path); --resume goes on."
    return problem
  }

  func finish() throws(Problem) {
    rejects?.removeIfEmpty()
    Standard.endProgress()
    if scored + rejected == 0, done == 0 {
      throw Problem("There are no records in the input.", kind: .invalidInput)
    }
    guard rejected > 0 else {
      if let output { Standard.errorLine("\(scored) rows scored: \(output.path)") }
      return
    }
    throw Problem(
      "\(scored) rows scored, \(rejected) set aside.",
      advice: rejects.map { "\($0.path) has each with its reason." } ?? "",
      kind: .invalidInput)
  }
}
