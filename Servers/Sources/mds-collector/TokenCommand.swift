internal import ArgumentParser
internal import Collector
internal import Domain
internal import SyncProtocol

/// Tokens of analysts' devices and of researchers.
struct TokenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Make, list and revoke tokens.",
    subcommands: [Create.self, List.self, Revoke.self])

  struct Create: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a token and print it. It is printed this once.",
      discussion: "Send it to the analyst over a channel that you trust; `mds connect` takes it from a file.")

    @Option(help: "Whose events it may send.")
    var analyst: String

    @Option(help: "The device that it is for.")
    var device: String

    @Option(help: "What it allows: write one's own events, read everybody's. May be repeated.")
    var scope: [ScopeArgument] = [.write, .read]

    @Option(help: ArgumentHelp("When it ends: after 90d, 12h or 4w, or at a time.", valueName: "when"))
    var expires: ExpiryArgument?

    @Option(
      help: ArgumentHelp(
        "A name that the analyst saved under before: as `analyst` in their configuration. May be repeated.",
        valueName: "name"))
    var formerly: [String] = []

    @OptionGroup var file: DatabaseOption

    func validate() throws {
      for (option, name) in [("--analyst", analyst), ("--device", device)] {
        if let fault = TokenName.fault(in: name) { throw ValidationError("the name of \(option) \(fault)") }
      }
      for name in formerly {
        if let fault = TokenName.fault(inFormer: name) { throw ValidationError("the name of --formerly \(fault)") }
      }
      if let fault = expires?.fault { throw ValidationError("--expires \(StandardOutput.plain(fault))") }
      guard !analyst.hasPrefix("unix:") else {
        throw ValidationError("names that start with unix: are those of analysts who are not enrolled")
      }
    }

    func run() throws {
      let database = try file.open(creating: true)
      let book = TokenBook(database)
      let secret = try book.create(
        analyst: analyst, device: device, scopes: scope.map(\.scope), expires: expires?.time, formerNames: formerly)
      do {
        try StandardOutput.write(secret)
      } catch {
        // Nobody has it, and nobody can ask for it again.
        try book.revoke(secret: secret)
        StandardError.write("the token that was made is revoked: nobody has seen it")
        throw error
      }
      try database.close()
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List tokens, without their secrets.")

    @OptionGroup var file: DatabaseOption

    func run() throws {
      let database = try file.open()
      for token in try TokenBook(database).list() {
        let scopes = token.scopes.map(\.rawValue).joined(separator: ",")
        let used = token.lastUsedAt.map { "used \($0)" } ?? "never used"
        try StandardOutput.write(
          [String(token.id), token.analyst, token.device, scopes, token.createdAt, token.state(now: .now), used]
            .map(StandardOutput.plain).joined(separator: "\t"))
      }
      try database.close()
    }
  }

  struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Revoke a token by its number.")

    @Argument(help: "The number that `token list` shows.")
    var number: Int64

    @OptionGroup var file: DatabaseOption

    func run() throws {
      let database = try file.open()
      try TokenBook(database).revoke(number)
      try database.close()
    }
  }
}

extension TokenRecord {
  /// Whether it lets anybody in, and until when.
  fileprivate func state(now: Timestamp) -> String {
    if let revokedAt { return "revoked \(revokedAt)" }
    guard let expiresAt else { return "in force" }
    return "\(expiresAt > now.description ? "in force until" : "expired") \(expiresAt)"
  }
}

/// When a token ends, as it is typed.
struct ExpiryArgument: ExpressibleByArgument {
  private let text: String
  /// nil where it is no time.
  let time: Timestamp?

  /// Takes whatever was typed: the parser would say only that it is wrong.
  init?(argument: String) {
    text = argument
    let seconds: [Character: Double] = ["h": 3600, "d": 86_400, "w": 604_800]
    if let unit = argument.last.flatMap({ seconds[$0] }), let count = Int(argument.dropLast()),
      (1...10_000).contains(count)
    {
      time = Timestamp.now.advanced(bySeconds: Double(count) * unit)
    } else {
      time = Timestamp(argument)
    }
  }

  /// What is wrong with it.
  var fault: String? {
    guard let time else { return "\(text) is no time: 90d, 12h, 4w (1 to 10000 of them), or a day as 2027-01-31" }
    return time > .now ? nil : "\(text) has passed: nobody would get in"
  }
}

/// A token's scope as it is typed.
enum ScopeArgument: String, CaseIterable, ExpressibleByArgument {
  case write, read

  var scope: TokenScope {
    switch self {
    case .write: .write
    case .read: .read
    }
  }
}
