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
    commandName: "infer", abstract: "Ask a model about every record of a file.",
    discussion: """
      Examples:
        mds infer wine --input records.csv --output answers.jsonl
        head -5 records.jsonl | mds infer wine --input - | jq .label
        mds infer iris --input requests.jsonl --output answers.jsonl --resume

      Answers are JSON objects, one a line, in the file's order; docs/predictions.md says what is in them, and \
      `mds cases import` reads them. A file whose lines are requests of the Open Inference Protocol, as `mlserver infer` \
      and `seldon-batch-processor` read them, is sent as it is. docs/batch.md has all.

      Rows of one request and requests at a time are found by measuring; memory does not grow with the file. A row \
      that cannot be used, or that the service refuses, is set aside with the reason, and the others go on; the exit \
      status is then 5. After an end in the middle, also by kill -9, --resume goes on with the next row.

      Each answer becomes a case in the ledger where the input is a file of at most 10 000 lines and 16 MB.
      """)

  @Argument(help: "The model.") var model: String
  @OptionGroup var source: InputOptions
  @Option(help: "Where to write the answers; standard output where it is not given.", completion: .file())
  var output: String?
  @Option(
    help:
      "Where to write the rows set aside: with an output beside it, answers.rejects.jsonl for answers.jsonl, else on standard error.",
    completion: .file())
  var rejects: String?
  @Flag(help: "Go on behind the last row of an output that was not finished.") var resume = false
  @Flag(inversion: .prefixedNo, help: "Make cases in the ledger, of any file or of none.") var cases: Bool?
  @Option(help: "Rows of one request, 1 to 65536, instead of as many as are fastest.") var batch: Int?
  @Option(help: "Requests on their way at a time, 1 to 64, instead of as many as are fastest.") var parallel: Int?
  @OptionGroup var target: TargetOptions

  func validate() throws {
    guard source.input != nil else { throw ValidationError("--input FILE says which records; - is standard input") }
    guard batch.map({ (1...65_536).contains($0) }) ?? true else {
      throw ValidationError("--batch is a number from 1 to 65536")
    }
    guard parallel.map({ (1...64).contains($0) }) ?? true else {
      throw ValidationError("--parallel is a number from 1 to 64")
    }
    guard !resume || output != nil else { throw ValidationError("--resume needs the --output to go on with") }
  }

  func run() async throws {
    let workspace = try target.workspace()
    defer { workspace.close() }
    try await Attempt.run { () async throws(Problem) in
      // The input is opened before the output is begun anew: a wrong name must not empty it.
      let path = source.input ?? "-"
      let input = try await workspace.open(path, format: source.format, for: RawText(model))
      let facts = FileFacts(of: path, format: input.reader.format)
      let beside = output.map { BatchJournal.rejects(beside: $0) }
      let journal = try BatchJournal(of: path, output: output, rejects: rejects ?? beside, resumes: resume)
      var options = BatchOptions()
      options.rowsPerRequest = batch
      options.requestsInFlight = parallel
      options.facts = facts
      options.keepsCases = cases ?? (facts?.isSmall ?? false)
      options.earlier = journal.earlier
      let answers = BatchAnswers(journal, facts, saysNoCases: cases == nil && !options.keepsCases)
      let result: BatchResult
      do throws(Problem) {
        result = try await workspace.score(
          input, options: options, deliver: { (part) throws(Problem) in try answers.take(part) },
          report: { answers.show($0) })
      } catch {
        throw answers.interrupted(by: error)
      }
      try answers.finish(result)
    }
  }
}
