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
    let old: String
    do throws(LedgerError) {
      old = try Ledger.move(context.ledgerPath, to: path)
    } catch {
      throw error.problem
    }
    // A context that was put together on the command line is not the file's.
    guard let settings = file.settings?.context(context.name),
      context.ledgerPath == settings.ledger.map(file.located) ?? Context.defaultLedger(for: context.name)
    else { return (old, false) }
    try file.setLedger(path, of: context.name)
    return (old, true)
  }
}
