import ArgumentParser
import Domain
import Operations

/// Loads a model into the service.
struct ModelsLoad: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load", abstract: "Load a model of the server's repository, anew if it is loaded.",
    discussion: ModelsUnload.rule)

  @Argument(help: "The model's name.") var model: String
  @Flag(help: "Do it; without, nothing is done.") var yes = false
  @OptionGroup var target: TargetOptions

  func run() async throws {
    try await ModelsUnload.change(model, isConfirmed: yes, loads: true, target)
  }
}

/// Unloads a model from the service.
struct ModelsUnload: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unload", abstract: "Unload a model; it answers nobody until it is loaded again.",
    discussion: rule)

  static let rule = """
    This concerns everybody who uses the server. It is done only with --yes, and only in a context that says \
    allow_load = true. Seldon Core 2's control plane and Kubernetes are never changed.
    """

  @Argument(help: "The model's name.") var model: String
  @Flag(help: "Do it; without, nothing is done.") var yes = false
  @OptionGroup var target: TargetOptions

  func run() async throws {
    try await Self.change(model, isConfirmed: yes, loads: false, target)
  }

  static func change(_ model: String, isConfirmed: Bool, loads: Bool, _ target: TargetOptions) async throws {
    let workspace = try target.workspace()
    defer { workspace.close() }
    try await Attempt.run { () async throws(Problem) in
      guard isConfirmed else {
        throw Problem(
          "Nothing was done.", advice: "Add --yes to \(loads ? "load" : "unload") \(model).", kind: .invalidInput)
      }
      if loads {
        try await workspace.load(RawText(model))
      } else {
        try await workspace.unload(RawText(model))
      }
    }
    Standard.line("\(loads ? "loaded" : "unloaded") \(model)")
  }
}
