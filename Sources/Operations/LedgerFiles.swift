internal import ConfigurationFile
public import Domain
internal import Feedback
internal import Ledger

/// A context's ledger as a file that is put somewhere else.
public enum LedgerFiles {
  /// What a restored ledger came to.
  public struct Restored: Sendable {
    /// The name that the ledger of before has now; nil where there was none.
    public var old: String?
    /// The collector that the ledger sends to, and as whom; nil for none.
    public var collector: (address: String, analyst: RawText)?
    /// Whether that is this machine's own enrolment, not the one that was in the backup.
    public var isOwnEnrolment = false
    /// Events of the context that are for no collector: they were saved before it was enrolled.
    public var local = 0
    /// Events that the old ledger has alone: neither the backup nor a collector has them.
    public var left = 0
    /// Cases on which something was begun in the old ledger, and nothing in the backup.
    public var begun = 0
  }

  /// Puts a backup in the place of a context's ledger. Another program that has the ledger open stands in the way. An
  /// enrolment is a machine's: the one that the replaced ledger had for the same analyst stays, with its token.
  public static func restore(_ backup: String, for context: Context) throws(Problem) -> Restored {
    let name = RawText(context.name)
    do throws(LedgerError) {
      // One that is damaged, which a backup is for, may not tell.
      let before = try? Before(context.ledgerPath, of: name)
      let own = before?.account
      var restored = Restored(old: try Ledger.restore(backup, to: context.ledgerPath))
      let ledger = try Ledger(path: context.ledgerPath)
      defer { try? ledger.close() }
      let kept = try CollectorAccount.load(from: ledger, context: name)
      if let own, kept == nil || kept?.analyst == own.analyst {
        try own.keep(in: ledger, context: name)
        restored.isOwnEnrolment = true
      }
      let account = try CollectorAccount.load(from: ledger, context: name)
      // The collector may have moved since: what was to go to its old address goes to the new one.
      if let account { _ = try Connection.takeUp(account, in: ledger, context: name) }
      restored.collector = account.map { ($0.endpoint.address, $0.analyst) }
      restored.left = try ledger.missing(of: before?.unreceived ?? [])
      restored.begun = (before?.begun ?? []).subtracting(try ledger.drafts().map(\.caseID)).count
      for stream in try ledger.streams(context: name, collector: nil) {
        restored.local += try ledger.head(of: stream.id).seq
      }
      return restored
    } catch {
      throw error.problem
    }
  }

  /// What a ledger holds that a backup is to take the place of.
  private struct Before {
    /// Who the analyst is at the collector.
    var account: CollectorAccount?
    /// The events that no collector has.
    var unreceived: [EventID] = []
    /// The cases on which something was begun.
    var begun: Set<ShortHash> = []

    init(_ path: String, of context: RawText) throws(LedgerError) {
      guard Files.exists(path) else { return }
      let ledger = try Ledger(path: path)
      defer { try? ledger.close() }
      account = try CollectorAccount.load(from: ledger, context: context)
      unreceived = try ledger.unreceived()
      begun = Set(try ledger.drafts().map(\.caseID))
    }
  }

  /// Moves a context's ledger to a new file and writes that into the configuration, where the context is from there.
  ///
  /// Gives the name that the old file has now, and whether the configuration knows of the new one.
  public static func move(
    for context: Context, to path: String, in file: UserSettings
  ) throws(Problem) -> (old: String, isConfigured: Bool) {
    // A context that was put together on the command line is not the file's.
    let isConfigured =
      file.settings?.context(context.name).map {
        context.ledgerPath == $0.ledger.map(file.located) ?? Context.defaultLedger(for: context.name)
      } ?? false
    // Nothing is moved that the next command would not find.
    if isConfigured { try file.requireWritable() }
    let old: String
    do throws(LedgerError) {
      old = try Ledger.move(context.ledgerPath, to: path)
    } catch {
      throw error.problem
    }
    guard isConfigured else { return (old, false) }
    do throws(Problem) {
      try file.setLedger(path, of: context.name)
    } catch {
      throw Problem(
        "The ledger is \(path) now, and the configuration does not say so: \(error.summary)",
        advice: "Write ledger = \"\(path)\" into [contexts.\(context.name)] of \(file.path). The old file is \(old).",
        detail: error.detail)
    }
    return (old, true)
  }
}
