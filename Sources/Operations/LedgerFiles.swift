internal import ConfigurationFile
public import Domain
internal import Ledger

/// A context's ledger as a file that is put somewhere else.
public enum LedgerFiles {
  /// Puts a backup in the place of a context's ledger, and gives the name that the old one has now; nil where there was
  /// none. Another program that has the ledger open stands in the way.
  public static func restore(_ backup: String, for context: Context) throws(Problem) -> String? {
    do throws(LedgerError) {
      return try Ledger.restore(backup, to: context.ledgerPath)
    } catch {
      throw error.problem
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
