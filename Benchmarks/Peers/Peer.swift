/// A terminal program with a list, and how it is led to it.
struct Peer {
  var name: String
  /// Nil where it is not installed.
  var version: String?
  var command: [String] = []
  /// Where it is started.
  var folder: String
  /// What only its ready screen shows.
  var ready = ""
  /// Keys that lead from there to the list.
  var before = ""
  /// What only the list shows.
  var sign = ""
  var down = "\u{1B}[B"
  var up = "\u{1B}[A"
  var page = "\u{1B}[6~"
  /// A file to be laid anew from another before each start, where the program writes into it.
  var laid: (from: String, to: String)?
  /// Whether its list is too short for a key held for two seconds: the way back is taken then.
  var turnsBack = false
  /// Whether its list is too short to be gone through at all.
  var isShort = false
  /// Whether keys are timed at 200x50 rather than 80x24.
  var isLarge = false
  /// Ours of the same kind of list as the others have: what they are compared with.
  var isMeasure = false
  /// The budgets that do not hold for it.
  var exempt: Set<Figure> = []
  var isOurs: Bool { name.hasPrefix("mds") }

  var title: String { version.map { isOurs || $0.isEmpty ? name : "\(name) \($0)" } ?? name }
}
