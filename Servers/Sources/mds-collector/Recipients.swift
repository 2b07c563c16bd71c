internal import ArgumentParser
internal import Collector
internal import Domain
internal import Feedback
internal import SyncProtocol

/// For whom something is published.
struct Recipients: ParsableArguments {
  @Option(help: ArgumentHelp("An analyst that it is for; may be repeated. All without it.", valueName: "analyst"))
  var to: [String] = []

  func validate() throws {
    guard !to.contains(where: { RawText($0).trimmed.isEmpty }) else { throw ValidationError("--to names nobody") }
  }

  /// Each once, in the order in which they were named.
  private var analysts: [String] {
    var named: Set<RawText> = []
    return to.filter { named.insert(RawText($0)).inserted }
  }

  var words: String { to.isEmpty ? "all" : analysts.map(StandardOutput.plain).joined(separator: ", ") }

  /// Publishes what their tools can read; an empty body withdraws what has the name. Whoever has no device yet is named on
  /// standard error.
  /// The identities that it has, in the order of the recipients.
  @discardableResult
  func publish(_ kind: InboxKind, name: String, _ body: [UInt8], in database: CollectorDatabase) throws -> [String] {
    guard !name.isEmpty else { throw Unusable("the name is empty: nothing could take its place or withdraw it") }
    if !body.isEmpty {
      do throws(EventBodyError) {
        try kind.check(body)
      } catch {
        throw Unusable("analysts' tools would not read this \(kind.rawValue): \(error.reason)")
      }
    }
    let ids = try PublicationBook(database).publish(kind, name: name, body: body, recipients: analysts)
    let tokens = try TokenBook(database).list()
    for analyst in analysts
    where !tokens.contains(where: { RawText($0.analyst) == RawText(analyst) && $0.canWrite(at: .now) }) {
      StandardError.write(
        "\(StandardOutput.plain(analyst)) has no token in force that may write: nobody has it until there is one")
    }
    return ids
  }

  /// Which identity is for whom, a line each.
  func lines(of ids: [String]) -> [String] {
    zip(ids, analysts.isEmpty ? ["all"] : analysts.map(StandardOutput.plain)).map { "  \($0) for \($1)" }
  }

  /// Whether something is there for them still, of what was published under one name and kind.
  func isAnyLeft(of named: [PublicationBook.Publication]) -> Bool {
    func raw(_ name: String?) -> RawText? { name.map { RawText($0) } }
    let wanted: [RawText?] = to.isEmpty ? [nil] + Set(named.compactMap { raw($0.recipient) }) : to.map { RawText($0) }
    return wanted.contains { analyst in
      let newest = named.filter { $0.recipient == nil || raw($0.recipient) == analyst }.max { $0.number < $1.number }
      return newest.map { $0.bytes > 0 } ?? false
    }
  }
}

extension TokenRecord {
  fileprivate func canWrite(at time: Timestamp) -> Bool {
    revokedAt == nil && scopes.contains(.write) && expiresAt.map { $0 > time.description } ?? true
  }
}
