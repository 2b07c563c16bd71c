import ArgumentParser
import Domain
import Operations
import Workbench

/// Says why a model answered so.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Say why a model answers so: for a case, or for every record of a file.",
    discussion: """
      Examples:
        mds explain --case 12
        mds explain wine --input record.json --json
      """)

  @Argument(help: "The model, with --input.") var model: String?
  @OptionGroup var source: InputOptions
  @Option(name: .customLong("case"), help: "A case: its number, or the first digits of its id.") var caseName: String?
  @Flag(help: "One JSON object a line.") var json = false
  @OptionGroup var target: TargetOptions

  func validate() throws {
    guard (caseName == nil) != (source.input == nil) else {
      throw ValidationError("give a model and --input FILE, or --case NAME")
    }
    guard source.input == nil || model != nil else { throw ValidationError("--input needs the model to ask") }
    guard caseName == nil || model == nil else { throw ValidationError("a case has its own model") }
  }

  func run() async throws {
    let workspace = try target.workspace()
    defer { workspace.close() }
    try await Attempt.run { () async throws(Problem) in
      if let caseName {
        let found = try await workspace.case(named: caseName)
        try await needExplainer(of: found.model.name, workspace)
        let (explained, problems) = try await workspace.explain(found.id)
        try await show(explained, row: nil, workspace)
        for problem in problems { Standard.errorLines("mds: " + Failure(problem).description) }
      } else {
        try await explainFile(workspace)
      }
    }
  }

  private func explainFile(_ workspace: Workspace) async throws(Problem) {
    let id = try await needExplainer(of: RawText(model ?? ""), workspace)
    let reader = try RowReader(
      source.input ?? "-", format: source.format, for: try await workspace.signature(of: id))
    var explained = 0
    var rejected = 0
    var unexplained: [Problem] = []
    while let (row, problems) = try await workspace.explainNext(of: reader, model: id) {
      for problem in problems { Standard.errorLines("mds: row \(row.row): " + Failure(problem).description) }
      switch row {
      case .scored(let row, let current):
        if current.explanations.isEmpty, let problem = problems.first {
          unexplained.append(problem)
        } else {
          explained += 1
        }
        try await show(current, row: row, workspace)
      case .rejected(let row, let reason, _):
        rejected += 1
        Standard.errorLine("row \(row): \(reason)")
      }
    }
    if explained + rejected + unexplained.count == 0 {
      throw Problem("There are no records in the input.", kind: .invalidInput)
    }
    let without = unexplained.isEmpty ? "" : ", \(unexplained.count) without an explanation"
    guard rejected == 0 else {
      throw Problem("\(explained) rows explained, \(rejected) set aside\(without).", kind: .invalidInput)
    }
    // As it ends for a case for the same reason.
    if let first = unexplained.first { throw Problem("\(explained) rows explained\(without).", kind: first.kind) }
  }

  @discardableResult
  private func needExplainer(of model: RawText, _ workspace: Workspace) async throws(Problem) -> ModelID {
    let group = try await workspace.group(of: model)
    guard !group.explainers.isEmpty else {
      throw Problem("No explainer serves \(model.string).", advice: "`mds models` shows which models have one.")
    }
    return group.id
  }

  private func show(_ current: Case, row: Int?, _ workspace: Workspace) async throws(Problem) {
    if json {
      Standard.json([PredictionLine.json(current, row: row)])
    } else {
      let outline = try await workspace.outline(of: current.id)
      Standard.lines(workspace.framed((row.map { ["row \($0)"] } ?? []) + outline.lines) + [""])
    }
  }
}
