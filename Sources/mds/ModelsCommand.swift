import ArgumentParser
import Domain
import Operations

/// What the service serves.
struct ModelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List the models of the service, or show one with the fields of its form.",
    discussion: """
      The service's own list, Seldon's scheduler and the Kubernetes API are joined, as far as the context has them; one \
      that fails is told on standard error, and the others list. A pipeline or an experiment may be named with or \
      without .pipeline and .experiment.
      """,
    subcommands: [ListModels.self, ModelsLoad.self, ModelsUnload.self, ModelsAllow.self],
    defaultSubcommand: ListModels.self)
}

/// `mds models` and `mds models NAME`.
struct ListModels: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the models, or show one; the command where none is named.")

  @Argument(help: "The model to show.") var model: String?
  @Flag(help: "One JSON object a line.") var json = false
  @OptionGroup var target: TargetOptions

  func run() async throws {
    let workspace = try target.workspace()
    defer { workspace.close() }
    if let model { return try await show(RawText(model), of: workspace) }
    let listing = try await Attempt.run { () async throws(Problem) in try await workspace.listing() }
    let groups = listing.groups.sorted { $0.id < $1.id }
    if json {
      Standard.json(groups.flatMap { group in [group.json()] + group.attendants.map { $0.json() } })
    } else {
      Standard.lines(Self.table(groups) + Self.platform(listing.inventory))
    }
    for problem in listing.notices { Standard.errorLines("mds: " + Failure(problem).description) }
    if let problem = listing.missing.first { throw Failure(problem).status.code }
  }

  private static func table(_ groups: [ModelGroup]) -> [String] {
    let titles = ["NAME", "KIND", "VER", "STATE", "REPLICAS", "PLATFORM", "EXPLAIN", "DRIFT", "OUTLIER", "REASON"]
    let rows = groups.map { group -> [String] in
      let model = group.model
      let serving = [group.explainers, group.driftDetectors, group.outlierDetectors].map(names)
      return [
        model.name.string, kindWord(model.kind), model.version?.string ?? "", model.state.word,
        model.deployed?.replicas?.text ?? "", model.platform.string,
      ] + serving + [model.state == .ready ? ailing(group) : model.reason.string]
    }
    // These say something only where a row fills them.
    let shown = titles.indices.filter { column in
      !["KIND", "REPLICAS", "REASON"].contains(titles[column]) || rows.contains { !$0[column].isEmpty }
    }
    var table = TextTable(shown.map { .init(titles[$0]) })
    for row in rows { table.add(shown.map { row[$0] }) }
    return table.lines
  }

  private static func kindWord(_ kind: ModelKind) -> String {
    if case .model = kind { "" } else { kind.word }
  }

  /// What is wrong with those that serve a model which is itself well.
  private static func ailing(_ group: ModelGroup) -> String { group.ailing?.standing ?? "" }

  static func names(_ models: [ModelID]) -> String { models.map(\.name.string).joined(separator: ", ") }

  /// Servers, runtimes and scales; nothing where no control plane tells of them.
  private static func platform(_ inventory: Inventory) -> [String] {
    var lines: [String] = []
    if !inventory.servers.isEmpty {
      var table = TextTable(["SERVER", "STATE", "REPLICAS", "MODELS", "MEMORY FREE", "REASON"].map { .init($0) })
      for server in inventory.servers {
        table.add([
          server.name.string, server.state.word, server.replicas.text, "\(server.loadedModels)",
          ModelText.memory(server), server.reason.string,
        ])
      }
      lines += [""] + table.lines
    }
    if !inventory.scales.isEmpty {
      var table = TextTable(["SCALED", "NOW", "MIN", "MAX", "STATE", "REASON"].map { .init($0) })
      for row in inventory.scales {
        table.add([
          "\(row.targetKind.string)/\(row.target.string)", row.current.map { "\($0)" } ?? "", "\(row.minimum)",
          "\(row.maximum)", row.isPaused ? "paused" : row.isActive ? "active" : "idle",
          row.conditions.first { $0.type == "Ready" && $0.status != .yes }?.words.string ?? "",
        ])
      }
      lines += [""] + table.lines
    }
    for runtime in inventory.runtimes {
      let ill = runtime.conditions.filter { $0.status != .yes }
      let words = ill.map { condition in
        condition.words.isEmpty ? condition.type.string : "\(condition.type.string): \(condition.words.string)"
      }
      lines += [
        "",
        "runtime \(runtime.name.string): "
          + (ill.isEmpty
            ? "all \(runtime.conditions.count) parts are ready" : "not ready: " + words.joined(separator: "; ")),
      ]
    }
    return lines
  }

  /// The model's traffic in a line; why it is not known, where it should be.
  private static func traffic(of model: RawText, _ workspace: Workspace) async -> String? {
    do throws(Problem) {
      return try await workspace.traffic(of: model)?.text
    } catch {
      return error.summary
    }
  }

  private func show(_ name: RawText, of workspace: Workspace) async throws {
    try await Attempt.run { () async throws(Problem) in
      let model = try await workspace.model(named: name.string)
      let group = model.role.isPredictor ? try await workspace.group(of: name) : ModelGroup(model: model)
      let signature: Signature?
      do throws(Problem) {
        signature = try await workspace.signature(of: group.id)
      } catch {
        // What is deployed is shown also where its form cannot be read.
        guard group.model.deployed != nil else { throw error }
        Standard.errorLines("mds: " + Failure(error).description)
        signature = nil
      }
      if json {
        Standard.json([group.json(signature: signature)])
      } else {
        let server = workspace.knownServer(group.model.deployed?.server ?? "")
        let traffic = await Self.traffic(of: group.id.name, workspace)
        Standard.lines(ModelText.lines(group, signature, server: server, traffic: traffic))
      }
    }
  }
}
