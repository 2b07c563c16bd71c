import ArgumentParser
import Domain
import Operations
import SafeText

/// What the service serves.
struct ModelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "models", abstract: "List the models of the service.")

  @OptionGroup var target: TargetOptions
  @Flag(help: "One JSON object a line.") var json = false

  func run() async throws {
    let workspace = try target.workspace()
    defer { workspace.close() }
    let groups = try await Attempt.run { () async throws(Problem) in try await workspace.models() }
    for group in groups.sorted(by: { $0.id < $1.id }) {
      if json {
        print(
          JSON.object([
            "name": .string(group.id.name), "version": group.id.version.map(JSON.string) ?? .null,
            "state": .text(group.model.state.rawValue), "platform": .string(group.model.platform),
            "explainers": .array(group.explainers.map { .string($0.name) }),
            "drift": .array(group.driftDetectors.map { .string($0.name) }),
            "outlier": .array(group.outlierDetectors.map { .string($0.name) }),
          ]).serializedString)
      } else {
        let columns = [
          SafeText(bytes: group.id.name.bytes).padded(to: 24),
          SafeText(bytes: (group.id.version ?? "").bytes).padded(to: 6),
          SafeText(group.model.state.word).padded(to: 10),
          SafeText(
            (group.explainers + group.driftDetectors + group.outlierDetectors).map(\.name.string).joined(
              separator: ", ")),
        ]
        print(columns.joined(separator: " ").text)
      }
    }
  }
}

/// Runs work that fails with a problem, as a command.
enum Attempt {
  static func run<Result>(_ body: () async throws(Problem) -> Result) async throws -> Result {
    do throws(Problem) {
      return try await body()
    } catch {
      throw Failure(error)
    }
  }
}
