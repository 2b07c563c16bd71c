internal import ConfigurationFile
internal import Domain
public import Workbench

/// Where the analyst left, one small file a context: `$XDG_STATE_HOME/mds/CONTEXT.session.json`.
///
/// A convenience: what cannot be read or written is passed over in silence, and the start is a fresh one.
public enum SessionFile {
  /// A session is a few hundred bytes.
  private static let limit = 64 << 10

  /// What was left of a context on this ledger; nil where nothing was, or where the file is not as it was written.
  public static func read(_ context: Context) -> SavedSession? {
    guard ContextSettings.wrong(context.name) == nil, let bytes = Files.read(path(of: context), limit: limit),
      let json = try? JSON(parsing: bytes, depth: 16, elements: 10_000),
      json["ledger"]?.string == Files.absolute(context.ledgerPath)
    else { return nil }
    return json["session"].flatMap(SavedSession.init)
  }

  /// Keeps where the analyst is.
  public static func write(_ session: SavedSession, of context: Context) {
    guard ContextSettings.wrong(context.name) == nil, makeFolder() else { return }
    let json = JSON.object(["ledger": .text(Files.absolute(context.ledgerPath)), "session": session.json])
    try? Files.write(json.serialized + [0x0A], to: path(of: context))
  }

  /// Whether nobody has left anything here yet, and something could be left: the first start of all.
  public static var isFirstStart: Bool {
    makeFolder() && !Files.names(in: Machine.stateFolder).contains { $0.hasSuffix(".session.json") }
  }

  private static func path(of context: Context) -> String { "\(Machine.stateFolder)/\(context.name).session.json" }

  /// Makes the folder of the state, for the owner only; never a home that is not there.
  private static func makeFolder() -> Bool {
    guard Machine.mayMake("XDG_STATE_HOME") else { return false }
    return (try? Files.makeFolder(Machine.stateFolder)) != nil
  }
}
