import ArgumentParser
import Domain
import Operations

/// What the service serves.
struct ModelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "List the models of the service, or show one with the fields of its form.")

  @Argument(help: "The model to show.") var model: String?
  @Flag(help: "One JSON object a line.") var json = false
  @OptionGroup var target: TargetOptions

  func run() async throws {
    let workspace = try target.workspace()
    defer { workspace.close() }
    if let model {
      try await Attempt.run { () async throws(Problem) in
        let group = try await workspace.group(of: RawText(model))
        let signature = try await workspace.signature(of: group.id)
        if json { Standard.json([group.json(signature: signature)]) } else { Self.show(group, signature) }
      }
      return
    }
    let groups = try await Attempt.run { () async throws(Problem) in try await workspace.models() }
      .sorted { $0.id < $1.id }
    if json {
      Standard.json(groups.map { $0.json() })
      return
    }
    var table = TextTable(["NAME", "VER", "STATE", "PLATFORM", "EXPLAIN", "DRIFT", "OUTLIER"].map { .init($0) })
    for group in groups {
      table.add(
        [
          group.id.name.string, group.id.version?.string ?? "", group.model.state.word, group.model.platform.string,
        ] + [group.explainers, group.driftDetectors, group.outlierDetectors].map(Self.names))
    }
    Standard.lines(table.lines)
  }

  private static func names(_ models: [ModelID]) -> String { models.map(\.name.string).joined(separator: ", ") }

  private static func show(_ group: ModelGroup, _ signature: Signature) {
    var lines = [
      "model     \(group.id.name.string)" + (group.id.version.map { " v\($0.string)" } ?? ""),
      "state     \(group.model.state.word)", "platform  \(group.model.platform.string)",
    ]
    for (title, models) in [
      ("explain ", group.explainers), ("drift   ", group.driftDetectors), ("outlier ", group.outlierDetectors),
    ] where !models.isEmpty {
      lines.append("\(title)  \(names(models))")
    }
    if !signature.classes.isEmpty {
      lines.append("classes   \(signature.classes.map(\.string).joined(separator: ", "))")
    }
    var table = TextTable(["FIELD", "TYPE", "UNIT", "VALUES", "FROM"].map { .init($0) })
    for field in signature.fields {
      table.add([field.name.string, field.typeText, field.unit.string, field.valuesText, field.layer.word])
    }
    Standard.lines(lines + [""] + table.lines)
  }
}

extension Field {
  fileprivate var typeText: String {
    switch kind {
    case .number(let datatype), .integer(let datatype): datatype.rawValue
    case .flag: "BOOL"
    case .category, .text: "BYTES"
    case .image(let rows, let columns, let datatype): "\(datatype.rawValue) \(rows)x\(columns)"
    }
  }

  fileprivate var valuesText: String {
    if case .category(let labels) = kind { return labels.map(\.string).joined(separator: ", ") }
    return range?.text ?? ""
  }
}
